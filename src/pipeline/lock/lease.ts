import { type Lease, withLease, withoutLease } from '../../domain/ledger/lease.ts'
import { leaseWords } from '../../domain/ledger/lease-words.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { isOfCronJobs } from '../../domain/step/step-traits.ts'
import type { Kept, Ports, Variables } from '../ports.ts'
import { releaseVariables, type Stop } from '../run/context.ts'
import { sharedVariables } from '../run/shared-variables.ts'
import { checkCheckout } from '../run/source.ts'
import { failureWhere, runWhere } from '../run/where.ts'
import { resumed } from '../scheduler/cron-jobs.ts'
import type { Doer } from './doer.ts'

type GivingBack = Pick<
  Ports,
  'ledgers' | 'shell' | 'voice' | 'workspace' | 'fleet' | 'engine' | 'scheduler' | 'given' | 'clock'
>

/**
 * Gives back a lease that is over. The run claims it in the ledger first: no deployment may begin meanwhile, and of two
 * runs only one gives it back.
 */
export async function giveBack(
  ports: GivingBack,
  { head, ledger }: Kept,
  lease: Lease,
  { run }: Doer,
  stop: Stop,
): Promise<void> {
  await checkCheckout(ports.workspace, lease.release)
  const { thing, taken, givenBack, byHand, problem } = leaseWords[lease.kind]
  const claimed = withLease(ledger, { ...lease, givenBackBy: run })
  const since = `${taken} by deployment ${lease.deployment} since ${lease.since}`
  const held = await ports.ledgers.append(head, claimed, `the ${thing}, ${since}, is to be ${givenBack}`)
  if (held === null) throw overtaken(ledger)
  const failure = await givenBackBy(ports, lease, await seen(ports, ledger, lease), stop)
  const after = failure === null ? withoutLease(ledger, lease.kind) : withLease(ledger, lease)
  const words =
    failure === null ? `is ${givenBack}: its lease was over` : `could not be ${givenBack}: ${failure.what}`
  if ((await ports.ledgers.append(held, after, `the ${thing} ${words}`)) === null) throw overtaken(ledger)
  if (failure === null) return
  throw new Problem(problem, {
    what: `The ${thing} of ${ledger.environment} could not be ${givenBack}: ${failure.what}`,
    why: [...failure.tail].slice(-3).join(' / ') || `It is ${since}.`,
    next: `${byHand}, or correct what failed: it is tried again each time.`,
  })
}

async function givenBackBy(
  ports: GivingBack,
  { kind, giveBack, fleets }: Lease,
  known: Variables,
  stop: Stop,
): Promise<Failure | null> {
  if (isOfCronJobs(giveBack)) return resumed({ ports, stop, seen: known }, giveBack)
  const order = { command: giveBack, seen: known }
  const ran = await runWhere({ ports, stop, plan: { fleets, engines: [] } }, order)
  return failureWhere(leaseWords[kind].deed, ran)
}

async function seen(
  { workspace, given }: Pick<Ports, 'workspace' | 'given'>,
  ledger: Ledger,
  { deployment, release, sources }: Lease,
): Promise<Variables> {
  return {
    ...sharedVariables(given, sources),
    ...(await releaseVariables(workspace, { ...ledger, release })),
    ROLLGATE_DEPLOYMENT: String(deployment),
  }
}

const overtaken = ({ environment }: Ledger): Problem =>
  new Problem('lock-lost', {
    what: `Another run has just written the ledger of ${environment}.`,
    why: 'It began a deployment, or does the same as this one.',
    next: 'Nothing need be done: look at what that run does.',
  })
