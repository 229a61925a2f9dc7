import type { Command } from '../domain/config.ts'
import { isBaking, type Pause } from '../domain/decision.ts'
import type { Happening } from '../domain/journal.ts'
import { emptyLedger, type Ledger, nextNumber, type Underway } from '../domain/ledger.ts'
import { next } from '../domain/next.ts'
import type { Plan } from '../domain/plan.ts'
import { Problem } from '../domain/problem.ts'
import { questionOf } from '../domain/question.ts'
import { type Run, sameRun } from '../domain/release.ts'
import { standing } from '../domain/standing.ts'
import { checkManifest } from './integrity.ts'
import type { Kept, Ports } from './ports.ts'
import { openSession, type Session } from './session.ts'
import { conclude } from './settle.ts'
import { checkCheckout, checkTag } from './source.ts'
import { findRecord, say } from './statement.ts'
import { neverStops } from './stop.ts'

type Decided = Extract<Happening, { kind: 'decided' }>

/** A decision, and the question that it is for. */
export interface Answer {
  readonly pause: Pause
  readonly decided: Decided
}

/** Who does something, and in which run. */
export interface Doer {
  readonly run: Run
  /** Logins: who started the run, and who started it again. */
  readonly by: readonly string[]
}

/**
 * Takes hold of the environment for one deployment: opens it, or goes on with the one of the same release that
 * another run left. Whoever writes the ledger first has it; a second deployment is refused, never queued in silence.
 */
export async function takeHold(
  ports: Ports,
  kept: Kept,
  plan: Plan,
  preDeploy: Command | null,
  doer: Doer,
): Promise<Session> {
  const underway = kept.ledger.deployment
  await refuseWhileResumed(ports, kept.ledger, doer)
  if (underway === null) return open(ports, kept, plan, preDeploy, doer)
  if (continues(underway, plan)) return goOn(ports, kept, underway, doer)
  await refuseWhileHeld(ports, kept.ledger, underway, doer)
  const settled = await putAside(ports, kept, underway, doer)
  return open(ports, settled, plan, preDeploy, doer)
}

/** Goes on with the deployment that is under way, whatever its release: a decision does. */
export async function goOn(
  ports: Ports,
  kept: Kept,
  underway: Underway,
  doer: Doer,
  answer?: Answer,
): Promise<Session> {
  await refuseWhileResumed(ports, kept.ledger, doer)
  await refuseWhileHeld(ports, kept.ledger, underway, doer)
  const decided = answer?.decided
  const { release } = underway.plan
  if (decided === undefined || goesForward(decided)) {
    await checkTag(ports.repository, release)
    await checkManifest(ports.releases, release)
  }
  if (decided === undefined || runsCommands(decided)) await checkCheckout(ports.workspace, release)
  const session = openSession(kept, ports)
  if (underway.holder !== null) session.note({ kind: 'interrupted', cause: 'lost' })
  if (answer !== undefined && session.standing.pause === null)
    session.note({ kind: 'paused', pause: answer.pause })
  if (decided !== undefined) session.note(decided)
  session.note({ kind: 'resumed', ...doer })
  await session.save()
  if (underway.record !== null)
    await say(ports, underway.record, {
      state: 'in_progress',
      description: `in progress: ${underway.plan.mode} ${underway.plan.release.tag} goes on`,
      run: doer.run.url,
      url: null,
    })
  return session
}

/** The others end it or go back, and must work when the tag is gone. */
const goesForward = ({ decision }: Decided): boolean =>
  decision === 'approve' || decision === 'retry' || decision === 'force-next' || decision === 'exclude'

const runsCommands = ({ decision }: Decided): boolean => decision !== 'reject' && decision !== 'abandon'

async function open(
  ports: Ports,
  kept: Kept,
  plan: Plan,
  preDeploy: Command | null,
  doer: Doer,
): Promise<Session> {
  const ledger = kept.head === null ? emptyLedger(plan.app, plan.environment.name) : kept.ledger
  const number = nextNumber(ledger)
  const deployment: Underway = { number, plan, journal: [], holder: doer.run, record: null, preDeploy }
  const session = openSession({ head: kept.head, ledger: { ...ledger, deployment } }, ports)
  session.note({ kind: 'opened', number, ...doer })
  try {
    await session.save()
  } catch (failure) {
    throw failure instanceof Problem && failure.code === 'lock-lost' ? overtaken(plan) : failure
  }
  return session
}

/** The same release in the same way: a run again, or another try. */
const continues = ({ plan }: Underway, wanted: Plan): boolean =>
  plan.release.sha === wanted.release.sha &&
  plan.release.tag === wanted.release.tag &&
  plan.mode === wanted.mode

/** Whether a live run works on a deployment: another one, or another job of this one. */
export async function isHeld(
  { repository }: Pick<Ports, 'repository'>,
  { holder }: Pick<Underway, 'holder'>,
  run: Run,
): Promise<boolean> {
  if (holder === null) return false
  return sameRun(holder, run) || repository.runIsLive(holder.id, holder.attempt)
}

async function refuseWhileHeld(
  ports: Ports,
  ledger: Ledger,
  underway: Underway,
  { run }: Doer,
): Promise<void> {
  const { holder, plan } = underway
  if (holder === null || !(await isHeld(ports, underway, run))) return
  throw new Problem('environment-locked', {
    what: `Deployment ${underway.number} (${plan.mode} ${plan.release.tag}) is at work on ${ledger.environment}.`,
    why: `One deployment at a time changes an environment, and its run is live: ${holder.url}`,
    next: 'Wait until that run has ended, or cancel it, then run this one again. Nothing was changed.',
  })
}

/** Suspended anew meanwhile, the scheduler would be resumed under the migration. */
async function refuseWhileResumed(
  ports: Ports,
  { scheduler, environment }: Ledger,
  { run }: Doer,
): Promise<void> {
  const resuming = scheduler?.resumedBy ?? null
  if (resuming === null || !(await isHeld(ports, { holder: resuming }, run))) return
  throw new Problem('environment-locked', {
    what: `The scheduler of ${environment} is being resumed, because its suspension ran out.`,
    why: `The run that does it is live: ${resuming.url}`,
    next: 'Wait until that run has ended, then run this one again. Nothing was changed.',
  })
}

/**
 * A deployment of another release stands in the way. What has changed nothing is closed; anything else needs
 * its own end first.
 */
async function putAside(ports: Ports, kept: Kept, underway: Underway, doer: Doer): Promise<Kept> {
  const { plan } = underway
  const now = standing(plan, underway.journal)
  const session = openSession(kept, ports)
  if (now.pause?.gate === 'approve') {
    const why = 'a newer request took its place before it was approved'
    session.note({ kind: 'ended', outcome: { kind: 'cancelled', why, stays: [] } })
    await session.save()
    return ports.ledgers.read(kept.ledger.app, kept.ledger.environment)
  }
  if (now.pause !== null) throw decisionNeeded(kept.ledger.environment, underway)
  if (underway.holder !== null) {
    session.note({ kind: 'interrupted', cause: 'lost' })
    await findRecord(ports, session)
    const { ending } = await conclude({ ports, plan, session, stop: neverStops }, doer.run)
    if (ending.kind === 'interrupted' && ending.problem !== null) throw ending.problem
    if (ending.kind === 'ended') return ports.ledgers.read(kept.ledger.app, kept.ledger.environment)
  }
  const nextRun = { at: ports.clock.now().toISOString(), kind: 'resumed', ...doer } as const
  throw stillOpen(session.ledger, session.deployment, questionOf(session.deployment, nextRun))
}

const stillOpen = ({ environment, scheduler }: Ledger, { number, plan }: Underway, pause: Pause): Problem =>
  new Problem('deployment-open', {
    what: `Deployment ${number} (${plan.mode} ${plan.release.tag}) of ${environment} has begun and not ended.`,
    why: `Its run was stopped at ${pause.step}, so instances may serve different releases.${scheduler === null ? '' : ' The scheduler is suspended.'}`,
    next: `Run the ${plan.mode} of ${plan.release.tag} again to finish it (only what is not done is done), or answer pause ${pause.id} with the decide workflow: ${pause.options.join(', ')}.`,
  })

export function decisionNeeded(environment: string, { number, plan, journal }: Underway): Problem {
  const move = next(plan, journal)
  const pause = move.kind === 'pause' ? move.pause : null
  const waits = pause !== null && isBaking(pause) ? 'tries its release out' : 'waits for a person'
  return new Problem('decision-needed', {
    what: `Deployment ${number} (${plan.mode} ${plan.release.tag}) of ${environment} ${waits} at ${pause?.step ?? 'a gate'}.`,
    why: pause === null ? 'It has not been answered yet.' : whyItWaits(pause),
    next: `Answer pause ${pause?.id ?? ''} with the decide workflow: ${pause?.options.join(', ') ?? ''}.`,
  })
}

function whyItWaits(pause: Pause): string {
  if (isBaking(pause)) return `Its test bed is watched until ${pause.expires?.at ?? 'then'}.`
  return pause.failure?.what ?? 'It has not been approved yet.'
}

const overtaken = (plan: Plan): Problem =>
  new Problem('environment-locked', {
    what: `Another run has just begun a deployment of ${plan.environment.name}.`,
    why: 'Two runs asked at once, or GitHub showed this one an older state; one deployment at a time changes an environment.',
    next: 'When no other run is at work, run this one again. Nothing was changed by this one.',
  })
