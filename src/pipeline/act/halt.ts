import { randomUUID } from 'node:crypto'
import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import { haltersOf } from '../../domain/question/gate.ts'
import { known } from '../../domain/reading.ts'
import { asksFor } from '../../domain/signal/ask.ts'
import { isGoingBack } from '../../domain/signal/going-back.ts'
import type { HaltedThere } from '../../domain/signal/halted-there.ts'
import type { Recalled } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'

/** A person's halt, or its end. */
export interface Halting {
  readonly reason: string
  /** A login. */
  readonly by: string
  /** The address of the run that brings it. */
  readonly run: string
}

type HaltPorts = Pick<Ports, 'asks' | 'ledgers' | 'repository' | 'clock'>

/**
 * Halts the deployment under way, or the environment where there is none, until a person lifts that. The ledger stays as
 * it is: a run that holds it reads the ask before its next batch.
 */
export async function halt(ports: HaltPorts, recalled: Recalled, halting: Halting): Promise<HaltedThere> {
  const { policy, ledger } = recalled
  await refuseStrangers(ports, policy, halting.by)
  refuseGoingBack(ledger)
  const { app, environment } = ledger
  const deployment = ledger.deployment?.number ?? null
  const at = ports.clock.now().toISOString()
  const ask = { kind: 'halt', id: randomUUID(), ...halting, at, deployment } as const
  await ports.asks.add(app, environment, ask)
  if (deployment === null) return { kind: 'halted', deployment }
  const { ledger: now } = await ports.ledgers.read(app, environment)
  const isThere = now.deployment?.number === deployment
  if (isThere && !isGoingBack(now.deployment)) return { kind: 'halted', deployment }
  const why = isThere ? 'goes back by now, without' : 'ended before'
  await ports.asks.take(
    app,
    environment,
    [ask.id],
    `deployment ${deployment} ${why} the halt of ${halting.by}`,
  )
  if (isThere) refuseGoingBack(now)
  return { kind: 'too-late', deployment }
}

/** Takes away the halts that no run has heard yet: those of the environment, and of the deployment under way. */
export async function liftHalt(
  ports: HaltPorts,
  { policy, ledger }: Recalled,
  { by, reason }: Halting,
): Promise<HaltedThere> {
  await refuseStrangers(ports, policy, by)
  const { app, environment, deployment } = ledger
  const asks = known(await ports.asks.read(app, environment)) ?? []
  const ids = asksFor(asks, 'halt', deployment?.number ?? null).map(({ id }) => id)
  const why = `${by} lifts the halt${reason === '' ? '' : `: ${reason}`}`
  const taken = ids.length === 0 ? [] : await ports.asks.take(app, environment, ids, why)
  const halts = taken.filter((ask) => ask.kind === 'halt')
  if (halts.length > 0) return { kind: 'lifted', halts }
  const pause = deployment === null ? null : standing(deployment.plan, deployment.journal).pause
  return { kind: 'nothing-lifted', question: pause?.id ?? null }
}

/** The people who may answer may halt. A person may halt a deployment of their own, whatever `not-self` says. */
async function refuseStrangers(
  { repository }: Pick<Ports, 'repository'>,
  policy: EnvironmentPolicy,
  by: string,
): Promise<void> {
  const from = haltersOf(policy)
  if (from === null || known(await repository.mayApprove(by, { from })) !== null) return
  throw new Problem('approver-not-allowed', {
    what: `${by} may not halt deployments to ${policy.name}, or lift a halt.`,
    why: 'The config on the default branch names who may answer questions here, and the same people halt.',
    next: `Ask one of ${from.join(', ')}; or cancel the run, which lets its running step finish. Nothing was changed.`,
  })
}

function refuseGoingBack({ deployment, environment }: Ledger): void {
  if (deployment === null || !isGoingBack(deployment)) return
  throw new Problem('halt-unheard', {
    what: `Deployment ${deployment.number} of ${environment} goes back, and going back is never halted.`,
    why: 'Half of a way back leaves two releases in traffic, which is what a halt is to prevent.',
    next: 'Cancel its run if it goes to the wrong release: what has begun is finished, and the next run can take it up. Nothing was changed.',
  })
}
