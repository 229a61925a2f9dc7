import type { Instance } from '../../domain/config/fleet.ts'
import type { Direction } from '../../domain/journal/direction.ts'
import { modes } from '../../domain/plan/modes.ts'
import { paceOf } from '../../domain/rolling/pace.ts'
import { instancesThatAre } from '../../domain/rolling/rolling.ts'
import { phaseOf } from '../../domain/rolling/test-bed.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { approveStep, rollSteps } from '../../domain/step/steps-in.ts'
import type { Context } from '../run/context.ts'
import { failureFrom } from '../run/failure.ts'
import { prepareAhead } from './instance-commands.ts'
import { workOn } from './instance-work.ts'

/** The most connections to open beside the steps before the first roll. */
const mostReached = 10

/**
 * Opens connections as soon as a deployment that goes back is approved: little is done before its roll, and people wait
 * for it.
 */
export async function reachEarly(context: Context): Promise<void> {
  const { plan, session, approval } = context
  const approved =
    approveStep(plan.steps) === null || approval !== undefined || session.standing.approvedBy !== null
  if (modes[plan.mode].goesBack && approved && session.standing.outcome === null) await reachFirst(context)
}

/** Opens connections for a rollback that may begin, while GitHub is asked for the lock. */
export async function reachBeforeLock(begins: Pick<Context, 'ports' | 'plan' | 'stop'>): Promise<void> {
  if (modes[begins.plan.mode].goesBack) await reachFirst(begins)
}

/** Opens connections to the first instances of the roll, in the background. */
export async function reachFirst({
  ports,
  plan,
  stop,
}: Pick<Context, 'ports' | 'plan' | 'stop'>): Promise<void> {
  const first = rollSteps(plan.steps)[0]
  if (first === undefined) return
  const fleet = ports.fleet(first.service.fleet)
  const coming = first.batches.flat().slice(0, mostReached)
  const instances = first.service.fleet.instances.filter(({ name }) => coming.includes(name))
  await Promise.all(instances.map((instance) => fleet.reach(instance, stop.forced).catch(() => {})))
}

/**
 * The least number of instances to connect to ahead: a connection may take longer to open than an instance to
 * change.
 */
const fewestAhead = 4
/** Each costs memory, and the processor that the batch itself needs. */
const mostAhead = 16

/**
 * Prepares the next instances beside the present batch, as if all goes well. It runs in the background: an
 * instance that is slow to get ready is awaited in its turn.
 */
export async function prepareNext(context: Context, step: RollStep, direction: Direction): Promise<void> {
  const roll = context.session.standing.rolls.get(step.id)
  if (roll === undefined) return
  const phase = phaseOf(step, roll)
  const pending = phase.kind === 'test-bed' ? phase.pending : instancesThatAre(roll, 'pending')
  const coming = pending.slice(0, Math.min(Math.max(paceOf(step, direction).width, fewestAhead), mostAhead))
  const instances = step.service.fleet.instances.filter(({ name }) => coming.includes(name))
  await getReady(context, step, instances, direction)
}

async function getReady(
  context: Context,
  step: RollStep,
  instances: readonly Instance[],
  direction: Direction,
): Promise<void> {
  await Promise.all(
    instances.map((instance) =>
      workOn(context, step.service, instance, direction, context.stop.forced)
        .then(prepareAhead)
        .catch(failureFrom),
    ),
  )
}
