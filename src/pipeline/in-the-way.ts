import { isBaking, type Pause } from '../domain/decision.ts'
import type { Ledger, Underway } from '../domain/ledger.ts'
import { next } from '../domain/next.ts'
import { Problem } from '../domain/problem.ts'
import { questionOf } from '../domain/question.ts'
import { type Run, sameRun } from '../domain/release.ts'
import { standing } from '../domain/standing.ts'
import { brokeOff } from './execute.ts'
import type { Doer } from './hold.ts'
import type { Kept, Ports } from './ports.ts'
import { openSession } from './session.ts'
import { conclude } from './settle.ts'
import { findRecord } from './statement.ts'
import { neverStops } from './stop.ts'

/** Whether a live run works on a deployment: another one, or another job of this one. */
export async function isHeld(
  { repository }: Pick<Ports, 'repository'>,
  { holder }: Pick<Underway, 'holder'>,
  run: Run,
): Promise<boolean> {
  if (holder === null) return false
  return sameRun(holder, run) || repository.runIsLive(holder.id, holder.attempt)
}

/** Whether a live run works on an environment: with a deployment, or because it resumes the scheduler. */
export async function isBusy(
  ports: Pick<Ports, 'repository'>,
  { deployment, scheduler }: Pick<Ledger, 'deployment' | 'scheduler'>,
  { run }: Doer,
): Promise<boolean> {
  if (deployment !== null && (await isHeld(ports, deployment, run))) return true
  return scheduler !== null && isHeld(ports, { holder: scheduler.resumedBy }, run)
}

export async function refuseWhileHeld(
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
export async function refuseWhileResumed(
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
export async function putAside(ports: Ports, kept: Kept, underway: Underway, doer: Doer): Promise<Kept> {
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
    const problem = brokeOff(ending)
    if (problem !== null) throw problem
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
