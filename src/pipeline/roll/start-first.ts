import { pauses } from '../../domain/config/pace.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { isRelease } from '../../domain/release/release.ts'
import { sidesOf } from '../../domain/rolling/slots.ts'
import { command, install, prepare } from './instance-commands.ts'
import { answersAt, getsRequests, lookAtSlots } from './instance-observed.ts'
import { prove } from './instance-proof.ts'
import { placeOf, slotsOf } from './instance-slots.ts'
import { enter, keepOut, leave } from './instance-traffic.ts'
import type { InstanceWork } from './instance-work.ts'
import { type Listener, told } from './listener.ts'

/**
 * Starts the new release in the idle slot. The old slot leaves and stops only when the new one was seen in traffic, so
 * that at every moment the instance serves. What was done before is seen and not remembered: a lost run is resumed so.
 */
export async function startFirst(work: InstanceWork, listener: Listener): Promise<Failure | null> {
  const slots = slotsOf(work)
  if (slots === null) throw new Error(`${work.service.name} has no slots`)
  const unready = await prepare(work)
  if (unready !== null) return unready
  const sides = sidesOf(await lookAtSlots(slots), (said) => isRelease(said, work.wanted), work.anew)
  switch (sides.kind) {
    case 'unclear':
      return {
        code: 'traffic-unknown',
        what: `${work.instance.name} was not changed: ${sides.why}.`,
        tail: [],
      }
    case 'retire':
      return (await prove(slots[sides.to])) ?? retire(slots[sides.from], slots[sides.to], listener)
    case 'bring': {
      const to = slots[sides.to]
      const failure = await bring(to, listener)
      if (failure !== null) return takeBack(to, failure, listener)
      return sides.from === null ? null : retire(slots[sides.from], to, listener)
    }
  }
}

/** Brings the release to an idle slot, and into traffic when it has proved itself. */
const bring = async (to: InstanceWork, listener: Listener): Promise<Failure | null> =>
  (await clear(to)) ??
  (await install(to, listener.installs)) ??
  (await command(to, 'start', to.service.fleet.start)) ??
  (await prove(to)) ??
  told(listener.back) ??
  (await enter(to)) ??
  (await beSeen(to))

/** Out of traffic first: a balancer would send requests as soon as the slot answers, before it has proved itself. */
const clear = async (place: InstanceWork): Promise<Failure | null> =>
  (await leave(place)) ?? (await command(place, 'stop', place.service.fleet.stop))

/** The old slot stops only while the new one is seen in traffic. */
export const retire = async (
  from: InstanceWork,
  to: InstanceWork,
  listener: Listener,
): Promise<Failure | null> =>
  (await beSeen(to)) ??
  (await leave(from)) ??
  told(listener.handedOver) ??
  (await command(from, 'stop', from.service.fleet.stop)) ??
  (await beSilent(from))

/** A stop that found nothing to end, or does not wait, would leave a second process that a balancer may come to use. */
async function beSilent(place: InstanceWork): Promise<Failure | null> {
  const { clock } = place.context.ports
  const until = clock.now().getTime() + (place.service.healthCheck?.healthyDeadline ?? longestEnd)
  let answers: boolean | null = null
  for (const pause of pauses()) {
    answers = await answersAt(place)
    if (answers === false && !place.signal.aborted) return null
    if (clock.now().getTime() >= until || place.signal.aborted) break
    await clock.sleep(pause, place.signal)
  }
  const seen = answers === null ? 'could not be asked if it has ended' : 'still answers'
  return { code: 'command-failed', what: `${placeOf(place)} ${seen} after its stop.`, tail: [] }
}

/** The longest time for a process to end after its stop, where no health check says how long one may take. */
const longestEnd = 60_000

async function beSeen(place: InstanceWork): Promise<Failure | null> {
  const reading = await getsRequests(place)
  if (reading.kind === 'found' && reading.value) return null
  const why = reading.kind === 'unknown' ? reading.why.what : 'the front door sends it no requests'
  return { code: 'traffic-stuck', what: `${placeOf(place)} was not seen in traffic: ${why}.`, tail: [] }
}

/**
 * Takes a slot that failed out of traffic and stops it, while the old one serves on. A slot that cannot be taken out is
 * not stopped: its requests would fail.
 */
async function takeBack(to: InstanceWork, failure: Failure, listener: Listener): Promise<Failure> {
  const unstalled = { ...to, signal: to.context.stop.forced }
  const stuck = (await keepOut(unstalled)) ?? (await command(unstalled, 'stop', to.service.fleet.stop))
  if (stuck !== null) return { ...failure, what: `${failure.what} It may be in traffic: ${stuck.what}` }
  listener.takenBack()
  return failure
}
