import { unseen } from '../../domain/config/traffic-unseen.ts'
import type { Direction } from '../../domain/journal/direction.ts'
import type { Handled } from '../../domain/journal/journal.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { found, type Reading } from '../../domain/reading.ts'
import type { InstanceStanding } from '../../domain/rolling/roll-standing.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { untilAnswered } from '../engine/look.ts'
import type { Context } from '../run/context.ts'
import { getsRequests, provesRight } from './instance-observed.ts'
import { keepOut } from './instance-traffic.ts'
import { type InstanceWork, type Sight, workOn } from './instance-work.ts'

/**
 * Reads if an instance that a failed change left out of traffic gets requests again: a balancer was reloaded, or a host was
 * restarted. One that shows by itself that it is right may stay in traffic. Absent where the front door cannot tell.
 */
export async function isBack(place: Sight, isRight: () => Promise<boolean>): Promise<Reading<boolean>> {
  const reading = await getsRequests(place)
  return reading.kind === 'found' && reading.value ? found(!(await isRight())) : reading
}

/**
 * Takes the failed instances of a step out of traffic again if the front door has them back. If that fails the instance has
 * failed once more, in traffic, and so has one whose traffic is unknown for a minute. Returns true if a person is asked.
 */
export async function keepFailedOut(
  context: Context,
  step: RollStep,
  direction: Direction,
): Promise<boolean> {
  const { session, stop } = context
  const roll = session.standing.rolls.get(step.id)
  let asks = false
  for (const instance of step.service.fleet.instances) {
    const known = roll?.instances.get(instance.name)
    if (known?.out !== true) continue
    const work = await workOn(context, step.service, instance, direction, stop.forced)
    const failed = await keptOutAgain(work, step, { direction, known })
    if (failed === null || stop.forced.aborted) continue
    asks = true
    session.note({ kind: 'instance-failed', step: step.id, instance: instance.name, ...failed })
  }
  return asks
}

type FailedAgain = Handled & { readonly failure: Failure }

/** Null if the instance is out of traffic, or nothing more is to be asked about it. */
async function keptOutAgain(
  work: InstanceWork,
  step: RollStep,
  { direction, known }: { readonly direction: Direction; readonly known: InstanceStanding },
): Promise<FailedAgain | null> {
  const { context, instance } = work
  const { session, ports } = context
  const look = () => isBack(work, async () => known.perhapsBack && provesRight(work, context.plan, direction))
  const isAnswered = known.failure?.code === 'traffic-unknown'
  const reading = isAnswered ? await look() : await untilAnswered(context, look)
  if (reading?.kind === 'unknown') {
    const { code, what, next } = unseen(instance.name, reading.why.what)
    // The change of a pending one looks at its traffic itself.
    if (known.state === 'pending') return null
    if (!isAnswered)
      return { failure: { code, what, tail: [], next }, ...lastHandled(context, step.id, instance.name) }
    ports.voice.warning(`${instance.name} had failed`, what)
  }
  if (reading?.kind !== 'found' || !reading.value) return null
  // The instance may be back because another run took over and changed it.
  await session.stillLocked()
  const failure = await keepOut(work)
  return failure === null ? null : { failure, outSince: null, backSince: ports.clock.now().toISOString() }
}

/** An instance whose traffic is unknown is out of it since it was seen so: the watch looks after it. */
function lastHandled({ session }: Context, step: string, instance: string): Handled {
  const last = session.journal.findLast(
    (event) => event.kind === 'instance-failed' && event.step === step && event.instance === instance,
  )
  if (last?.kind !== 'instance-failed') throw new Error(`${instance} has not failed`)
  return { outSince: last.outSince, backSince: last.backSince }
}
