import type { Happening } from '../../domain/journal/journal.ts'
import { emptyLedger, nextNumber } from '../../domain/ledger/ledger.ts'
import type { HandedOn, Underway } from '../../domain/ledger/underway.ts'
import { deedOf, modes } from '../../domain/plan/modes.ts'
import { isSameDeed, type Plan } from '../../domain/plan/plan.ts'
import { Problem } from '../../domain/problem.ts'
import type { Decision } from '../../domain/question/decision.ts'
import { waitsForNames } from '../../domain/question/gate.ts'
import type { Pause } from '../../domain/question/pause.ts'
import { checkManifest } from '../plan/integrity.ts'
import type { Kept, Ports } from '../ports.ts'
import { openSession, type Session } from '../run/session.ts'
import { checkCheckout, checkTag } from '../run/source.ts'
import { say } from '../run/statement.ts'
import type { Doer } from './doer.ts'
import { makeRoom, refuseWhileAtWork, saySuperseded } from './in-the-way.ts'

type DecidedHappening = Extract<Happening, { kind: 'decided' }>

/** A decision, and the question that it is for. */
export interface AnsweredQuestion {
  readonly pause: Pause
  readonly decided: DecidedHappening
}

/**
 * Takes the lock of the environment for one deployment: opens it, or resumes the deployment of the same
 * release that another run left. The first writer of the ledger gets the lock; a second deployment is
 * refused, never queued silently.
 */
export async function takeLock(
  ports: Ports,
  kept: Kept,
  plan: Plan,
  handsOn: HandedOn,
  doer: Doer,
): Promise<Session> {
  const underway = kept.ledger.deployment
  if (underway !== null && isSameDeed(underway.plan, plan)) return goOn(ports, kept, underway, doer)
  const room = await makeRoom(ports, kept, plan, doer)
  // Closing the deployment before takes a while, in which another run may have taken the lock.
  if (room.ledger.deployment !== null || servesElse(room, kept)) throw overtaken(plan)
  const session = await open(ports, room, plan, handsOn, doer)
  await saySuperseded(ports, session, underway, doer)
  return session
}

const servesElse = ({ ledger: now }: Kept, { ledger: before }: Kept): boolean =>
  now.serving?.release.sha !== before.serving?.release.sha

/** Resumes the deployment under way, with any release, as a decision does. */
export async function goOn(
  ports: Ports,
  kept: Kept,
  underway: Underway,
  doer: Doer,
  answer?: AnsweredQuestion,
): Promise<Session> {
  await refuseWhileAtWork(ports, kept.ledger, doer)
  const decided = answer?.decided
  const { release } = underway.plan
  if (modes[underway.plan.mode].needsTag && (decided === undefined || goesForward(decided.decision))) {
    await checkTag(ports.repository, release)
    await checkManifest(ports.releases, release)
  }
  // If the question is only written again, nothing is checked out yet.
  if (decided === undefined ? !waitsForNames(underway) : runsCommands(decided.decision))
    await checkCheckout(ports.workspace, release)
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
      description: `in progress: ${deedOf(underway.plan)} goes on`,
      run: doer.run.url,
      url: null,
    })
  return session
}

/** The others end it or go back, and must work when the tag is gone. */
export const goesForward = (decision: Decision): boolean =>
  decision === 'approve' || decision === 'retry' || decision === 'force-next' || decision === 'exclude'

/** The others end the deployment and run nothing. */
export const runsCommands = (decision: Decision): boolean =>
  decision !== 'reject' && decision !== 'abandon' && decision !== 'withdraw'

async function open(ports: Ports, kept: Kept, plan: Plan, handsOn: HandedOn, doer: Doer): Promise<Session> {
  const ledger = kept.head === null ? emptyLedger(plan.app, plan.environment.name) : kept.ledger
  const number = nextNumber(ledger)
  const deployment: Underway = { number, plan, journal: [], holder: doer.run, record: null, ...handsOn }
  const session = openSession({ head: kept.head, ledger: { ...ledger, deployment } }, ports)
  session.note({ kind: 'opened', number, run: doer.run, by: askedBy(plan, doer) })
  try {
    await session.save()
  } catch (failure) {
    throw failure instanceof Problem && failure.code === 'lock-lost' ? overtaken(plan) : failure
  }
  return session
}

/** A run that starts a schedule has the last editor of its workflow file as actor, who is not the requester. */
const askedBy = ({ schedule }: Plan, { by }: Doer): readonly string[] =>
  schedule === null ? by : [schedule.by]

const overtaken = (plan: Plan): Problem =>
  new Problem('environment-locked', {
    what: `Another run has just begun a deployment of ${plan.environment.name}.`,
    why: 'Two runs asked at once, or GitHub showed this one an older state; one deployment at a time changes an environment.',
    next: 'When no other run is at work, run this one again. Nothing was changed by this one.',
  })
