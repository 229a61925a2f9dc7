import type { Ledger, Suspension } from '../../domain/journal/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import type { Kept, Ports, Variables } from '../ports.ts'
import { quoted, releaseVariables, type Stop } from '../run/context.ts'
import { failureOf } from '../run/failure.ts'
import { checkCheckout } from '../run/source.ts'
import type { Doer } from './doer.ts'

/**
 * Ends a suspension whose lease is over. The run claims it in the ledger first: no deployment may begin while
 * the scheduler is being resumed, and of two runs only one resumes it.
 */
export async function endLease(
  ports: Pick<Ports, 'ledgers' | 'shell' | 'voice' | 'workspace'>,
  { head, ledger }: Kept,
  suspension: Suspension,
  { run }: Doer,
  stop: Stop,
): Promise<void> {
  await checkCheckout(ports.workspace, suspension.release)
  const claimed: Ledger = { ...ledger, scheduler: { ...suspension, resumedBy: run } }
  const since = `suspended by deployment ${suspension.deployment} since ${suspension.since}`
  const held = await ports.ledgers.append(head, claimed, `the scheduler, ${since}, is to be resumed`)
  if (held === null) throw overtaken(ledger)
  const finished = await quoted({ ports, stop }, '  │ ', async (watch) =>
    ports.shell.run(suspension.resume, await seen(ports, ledger, suspension), watch),
  )
  const failure = failureOf('resuming the scheduler', finished)
  const after: Ledger = { ...ledger, scheduler: failure === null ? null : suspension }
  const words = failure === null ? 'is resumed: its lease was over' : `could not be resumed: ${failure.what}`
  if ((await ports.ledgers.append(held, after, `the scheduler ${words}`)) === null) throw overtaken(ledger)
  if (failure === null) return
  throw new Problem('scheduler-suspended', {
    what: `The scheduler of ${ledger.environment} could not be resumed: ${failure.what}`,
    why: [...failure.tail].slice(-3).join(' / ') || `It is ${since}.`,
    next: 'Resume it by hand, or correct what failed: it is tried again each time.',
  })
}

async function seen(
  { workspace }: Pick<Ports, 'workspace'>,
  ledger: Ledger,
  { deployment, release }: Suspension,
): Promise<Variables> {
  return {
    ...(await releaseVariables(workspace, { ...ledger, release })),
    ROLLGATE_DEPLOYMENT: String(deployment),
  }
}

const overtaken = ({ environment }: Ledger): Problem =>
  new Problem('lock-lost', {
    what: `Another run has just written the ledger of ${environment}.`,
    why: 'It began a deployment, or resumes the scheduler itself.',
    next: 'Nothing need be done: look at what that run does.',
  })
