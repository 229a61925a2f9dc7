import { standing } from '../../domain/journal/standing.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { Problem } from '../../domain/problem.ts'
import type { Pause } from '../../domain/question/pause.ts'
import { compareAndSwap } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import { goOn, runsCommands } from '../lock/take-lock.ts'
import { refuseWithoutVariables } from '../lock/variables.ts'
import { listHosts } from '../plan/inventory.ts'
import type { ConfigReader, Recalled } from '../plan/survey.ts'
import type { Kept, Ports } from '../ports.ts'
import type { Stop } from '../run/context.ts'
import { putRecordsRight } from '../run/correct-records.ts'
import { type Concluded, conclude } from '../run/drive.ts'
import type { Session } from '../run/session.ts'
import { type Admitted, type Answering, admit, type FinalAnswer } from './admit.ts'
import { noteOn } from './note-on.ts'
import { refuseIfRefused } from './refuse.ts'

/**
 * Takes a decision on the open question of an environment, and resumes the deployment. One of several approvals is only
 * noted. It is judged again where another approval, or a withdrawal, was written in between.
 */
export async function decide(
  ports: Ports,
  recalled: Recalled,
  answer: FinalAnswer,
  doer: Doer,
  stop: Stop,
  config: Pick<ConfigReader, 'readInventory'>,
): Promise<Concluded> {
  await putRecordsRight(ports, recalled.ledger, recalled.policy.url, doer)
  const { app, environment } = recalled.ledger
  let now: Recalled | null = recalled
  return compareAndSwap(environment, async () => {
    const read = now ?? { ...recalled, ...(await ports.ledgers.read(app, environment)) }
    now = null
    return attempt(ports, read, answer, doer, stop, config)
  })
}

/** Returns null if the question is still open after another run has written. */
async function attempt(
  ports: Ports,
  recalled: Recalled,
  answer: FinalAnswer,
  doer: Doer,
  stop: Stop,
  config: Pick<ConfigReader, 'readInventory'>,
): Promise<Concluded | null> {
  const { kept, pause, overridden, weight, ...admitted } = await admit(ports, recalled, answer, doer)
  if (weight !== null && !weight.enough)
    return noteOn(ports, kept, pause, {
      kind: 'approved',
      pause: pause.id,
      by: answer.by,
      reason: answer.reason,
      needed: weight.needed,
    })
  const underway = await withHostsOf(ports, config, admitted.underway, answer, stop)
  const whole = { ...kept, ledger: { ...kept.ledger, deployment: underway } }
  const session = await goOnWith(ports, whole, underway, pause, { ...answer, overridden, weight }, doer)
  return session && conclude({ ports, plan: underway.plan, session, stop }, doer.run)
}

/**
 * Fills in the hosts that were unknown when the question was written: an inventory is asked once its release
 * is approved.
 */
async function withHostsOf(
  ports: Ports,
  config: Pick<ConfigReader, 'readInventory'>,
  underway: Underway,
  { decision }: Answering,
  stop: Stop,
): Promise<Underway> {
  if (!runsCommands(decision)) return underway
  refuseWithoutVariables(ports, underway.plan)
  const plan = await listHosts(ports, config, underway.plan, stop)
  refuseIfRefused(plan)
  return { ...underway, plan }
}

/** The first of two decisions wins: both append to the same commit, and only one can. Null if the question is still open. */
async function goOnWith(
  ports: Ports,
  kept: Kept,
  underway: Underway,
  pause: Pause,
  {
    decision,
    instances,
    by,
    reason,
    overridden,
    weight,
  }: FinalAnswer & Pick<Admitted, 'overridden' | 'weight'>,
  doer: Doer,
): Promise<Session | null> {
  const decided = {
    kind: 'decided',
    pause: pause.id,
    decision,
    instances,
    by,
    reason,
    ...(overridden === null ? {} : { overridden }),
    ...(weight === null || weight.needed === 1 ? {} : { with: weight.others }),
  } as const
  try {
    return await goOn(ports, kept, underway, doer, { pause, decided })
  } catch (failure) {
    if (!(failure instanceof Problem) || failure.code !== 'lock-lost') throw failure
    if (await isStillOpen(ports, kept, pause)) return null
    throw new Problem('decision-unasked', {
      what: `Question ${pause.id} was answered by another run a moment ago.`,
      why: 'A question takes one answer, the first.',
      next: 'Look at what the other answer does. Yours changed nothing.',
    })
  }
}

async function isStillOpen(ports: Pick<Ports, 'ledgers'>, { ledger }: Kept, pause: Pause): Promise<boolean> {
  const { deployment } = (await ports.ledgers.read(ledger.app, ledger.environment)).ledger
  return deployment !== null && standing(deployment.plan, deployment.journal).pause?.id === pause.id
}
