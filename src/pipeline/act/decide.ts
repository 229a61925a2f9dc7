import type { Underway } from '../../domain/ledger/underway.ts'
import { Problem } from '../../domain/problem.ts'
import type { Pause } from '../../domain/question/pause.ts'
import type { Overridden } from '../../domain/schedule/freeze-words.ts'
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
import type { Answering } from './admit.ts'
import { admit } from './admit.ts'
import { refuseIfRefused } from './refuse.ts'

/** Takes a decision on the open question of an environment, and resumes the deployment. */
export async function decide(
  ports: Ports,
  recalled: Recalled,
  answer: Answering,
  doer: Doer,
  stop: Stop,
  config: Pick<ConfigReader, 'readInventory'>,
): Promise<Concluded> {
  await putRecordsRight(ports, recalled.ledger, recalled.policy.url, doer)
  const { kept, pause, overridden, ...admitted } = await admit(ports, recalled, answer, doer)
  const underway = await withHostsOf(ports, config, admitted.underway, answer, stop)
  const whole = { ...kept, ledger: { ...kept.ledger, deployment: underway } }
  const session = await goOnWith(ports, whole, underway, pause, { ...answer, overridden }, doer)
  return conclude({ ports, plan: underway.plan, session, stop }, doer.run)
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

/** The first of two decisions wins: both append to the same commit, and only one can. */
async function goOnWith(
  ports: Ports,
  kept: Kept,
  underway: Underway,
  pause: Pause,
  { decision, instances, by, reason, overridden }: Answering & { readonly overridden: Overridden | null },
  doer: Doer,
): Promise<Session> {
  const decided = {
    kind: 'decided',
    pause: pause.id,
    decision,
    instances,
    by,
    reason,
    ...(overridden === null ? {} : { overridden }),
  } as const
  try {
    return await goOn(ports, kept, underway, doer, { pause, decided })
  } catch (failure) {
    if (!(failure instanceof Problem) || failure.code !== 'lock-lost') throw failure
    throw new Problem('decision-unasked', {
      what: `Pause ${pause.id} was answered by another run a moment ago.`,
      why: 'A question takes one answer, the first.',
      next: 'Look at what the other answer does. Yours changed nothing.',
    })
  }
}
