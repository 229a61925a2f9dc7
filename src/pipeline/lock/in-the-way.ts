import { standing } from '../../domain/journal/standing.ts'
import { closesWithCommands } from '../../domain/ledger/duty.ts'
import { givenBackIn } from '../../domain/ledger/lease.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import {
  atWorkIn,
  type Obstacle,
  obstacleIn,
  obstacleInWords,
  type Sighting,
} from '../../domain/ledger/obstacle.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { deedOf } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { asProblem, type Problem } from '../../domain/problem.ts'
import { ruleOf } from '../../domain/question/gate.ts'
import { questionOf } from '../../domain/question/open-question.ts'
import type { Kept, Ports } from '../ports.ts'
import { conclude } from '../run/drive.ts'
import { brokeOff } from '../run/execute.ts'
import { openSession, type Session } from '../run/session.ts'
import { findRecord, say } from '../run/statement.ts'
import { neverStops } from '../run/stop.ts'
import type { Doer } from './doer.ts'
import { isHolderLive } from './holder.ts'
import { refuseWithoutVariables } from './variables.ts'

/** Reads which of the runs in a ledger are live. At most two requests, and none while no run holds anything. */
async function sightingOf(
  ports: Pick<Ports, 'repository' | 'clock'>,
  ledger: Ledger,
  doer: Doer,
): Promise<Sighting> {
  const { deployment } = ledger
  const givenBackBy = givenBackIn(ledger)?.givenBackBy ?? null
  return {
    deploymentIsLive: deployment !== null && (await isHolderLive(ports, deployment, doer)),
    giveBackIsLive: await isHolderLive(ports, { holder: givenBackBy }, doer),
    looker: doer,
    at: ports.clock.now().toISOString(),
  }
}

/** Returns the obstacle to a deployment with another plan here; null without one. Changes nothing. */
export const obstacleFor = async (
  ports: Pick<Ports, 'repository' | 'clock'>,
  ledger: Ledger,
  doer: Doer,
): Promise<Obstacle | null> => obstacleIn(ledger, await sightingOf(ports, ledger, doer))

/**
 * Returns the obstacle to the deployment of a plan; null without one. If named people are asked first, no command runs
 * before their answer, so a deployment that only commands can close is an obstacle.
 */
export async function obstacleTo(
  ports: Pick<Ports, 'repository' | 'clock'>,
  ledger: Ledger,
  plan: Plan,
  doer: Doer,
): Promise<Obstacle | null> {
  const obstacle = await obstacleFor(ports, ledger, doer)
  const { deployment: underway } = ledger
  if (obstacle?.kind === 'question' || obstacle?.kind === 'left')
    return takesPlaceOf(plan, obstacle.underway) ? null : obstacle
  if (obstacle !== null || underway === null || !leavesCommandsTo(plan, underway)) return obstacle
  const at = ports.clock.now().toISOString()
  return { kind: 'left', underway, pause: questionOf(underway, { at, kind: 'resumed', ...doer }) }
}

const leavesCommandsTo = (plan: Plan, underway: Underway): boolean =>
  ruleOf(plan).kind === 'named' && underway.holder !== null && closesWithCommands(underway)

/** Throws while an obstacle keeps another deployment from beginning. */
export async function refuseInTheWay(
  ports: Pick<Ports, 'repository' | 'clock'>,
  ledger: Ledger,
  doer: Doer,
): Promise<void> {
  const obstacle = await obstacleFor(ports, ledger, doer)
  if (obstacle !== null) throw obstacleProblem(obstacle, ledger)
}

/**
 * Throws while a live run works on the environment: a write beside that run takes its lock, and a scheduler
 * that it resumes would be suspended again meanwhile.
 */
export async function refuseWhileAtWork(
  ports: Pick<Ports, 'repository' | 'clock'>,
  ledger: Ledger,
  doer: Doer,
): Promise<void> {
  const obstacle = atWorkIn(ledger, await sightingOf(ports, ledger, doer))
  if (obstacle !== null) throw obstacleProblem(obstacle, ledger)
}

export function obstacleProblem(obstacle: Obstacle, ledger: Ledger): Problem {
  return asProblem(obstacleInWords(obstacle, ledger))
}

/**
 * Makes room for another deployment: closes the one under way if it has changed nothing, or if the next run
 * can undo its changes. Throws for every other obstacle. A lost run is noted as lost before that, so that its
 * record does not stay in progress.
 */
export async function makeRoom(ports: Ports, kept: Kept, plan: Plan, doer: Doer): Promise<Kept> {
  const obstacle = await obstacleTo(ports, kept.ledger, plan, doer)
  const underway = kept.ledger.deployment
  if (obstacle === null && underway !== null && takesPlaceOf(plan, underway))
    return superseded(ports, kept, doer)
  if (obstacle !== null && !isClosedFirst(obstacle, plan)) throw obstacleProblem(obstacle, kept.ledger)
  if (underway === null) return kept
  const session = openSession(kept, ports)
  await closeWithout(ports, session, underway, doer)
  if (session.ledger.deployment !== null) await refuseInTheWay(ports, session.ledger, doer)
  return ports.ledgers.read(kept.ledger.app, kept.ledger.environment)
}

/** True if a plan takes the place of a deployment that waits in a detour. */
const takesPlaceOf = ({ supersedes }: Plan, { number }: Underway): boolean => supersedes === number

/** Ends the waiting deployment in memory alone: the commit that opens the next one ends it, and no other. */
function superseded(ports: Ports, kept: Kept, doer: Doer): Kept {
  const session = openSession(kept, ports)
  const supersededBy = session.deployment.number + 1
  if (session.deployment.holder !== null) session.note({ kind: 'interrupted', cause: 'lost' })
  const [by = 'a person'] = doer.by
  session.note({ kind: 'ended', outcome: { kind: 'abandoned', by, reason: '', supersededBy } })
  return { head: kept.head, ledger: session.ledger }
}

/** Has the record of a deployment say which one took its place. */
export async function saySuperseded(
  ports: Ports,
  { deployment: { number, plan } }: Session,
  before: Underway | null,
  { run }: Doer,
): Promise<void> {
  if (before?.record == null || !takesPlaceOf(plan, before)) return
  const description = `superseded by deployment ${number}: ${deedOf(plan)}`
  await say(ports, before.record, { state: 'failure', description, run: run.url, url: null })
}

const isClosedFirst = (obstacle: Obstacle, plan: Plan): boolean =>
  obstacle.kind === 'left' && obstacle.underway.holder !== null && !leavesCommandsTo(plan, obstacle.underway)

async function closeWithout(ports: Ports, session: Session, { plan, journal }: Underway, doer: Doer) {
  if (standing(plan, journal).pause !== null) {
    const why = 'a newer request took its place before it was approved'
    session.note({ kind: 'ended', outcome: { kind: 'cancelled', why, stays: [] } })
    return session.save()
  }
  if (closesWithCommands({ plan, journal })) refuseWithoutVariables(ports, plan)
  session.note({ kind: 'interrupted', cause: 'lost' })
  await findRecord(ports, session)
  const { ending } = await conclude({ ports, plan, session, stop: neverStops }, doer.run)
  const problem = brokeOff(ending)
  if (problem !== null) throw problem
}
