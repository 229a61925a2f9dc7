import type { Probe } from '../../domain/config/command.ts'
import type { Direction } from '../../domain/journal/direction.ts'
import type { Observation } from '../../domain/journal/journal.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { found, type Reading, readingOf } from '../../domain/reading.ts'
import { isRelease, type Release } from '../../domain/release/release.ts'
import type { SlotName } from '../../domain/rolling/rollout-order.ts'
import { observationOf, type SlotSeen, type SlotsSeen, serving } from '../../domain/rolling/slots.ts'
import type { Answer } from '../ports.ts'
import { slotsOf } from './instance-slots.ts'
import type { Sight } from './instance-work.ts'

/** Observes an instance once: its version and its health, of each slot where it has two. */
export async function observe(work: Sight): Promise<Observation> {
  const slots = slotsOf(work)
  return slots === null ? observePlace(work) : observationOf(await lookAtSlots(slots))
}

/** Looks at both slots of an instance. */
export async function lookAtSlots(slots: Readonly<Record<SlotName, Sight>>): Promise<SlotsSeen> {
  const [a, b] = await Promise.all([lookAtSlot(slots.a), lookAtSlot(slots.b)])
  return { a, b }
}

async function lookAtSlot(place: Sight): Promise<SlotSeen> {
  const { version, healthCheck } = place.service
  const [said, health, traffic] = await Promise.all([
    version === null ? null : ask(place, version),
    healthCheck === null ? null : ask(place, healthCheck.probe),
    getsRequests(place),
  ])
  const up = health === null ? said?.kind === 'yes' : health.kind === 'yes'
  return {
    version: said?.kind === 'yes' ? saidVersion(said.text) : null,
    answers: isThere([presenceIn(version, said), presenceIn(healthCheck?.probe ?? null, health)]),
    healthy: up,
    inTraffic: traffic.kind === 'found' ? traffic.value : null,
  }
}

/** Reads if a process answers in a slot, well or not; null if that could not be asked. */
export async function answersAt(place: Sight): Promise<boolean | null> {
  const { version, healthCheck } = place.service
  const probes = [version, healthCheck?.probe ?? null].filter((probe) => probe !== null)
  return isThere(await Promise.all(probes.map(async (probe) => presenceIn(probe, await ask(place, probe)))))
}

/** True if one probe has found a process, null if none has and one could not ask. */
function isThere(presences: readonly (boolean | null)[]): boolean | null {
  if (presences.includes(true)) return true
  return presences.includes(null) ? null : false
}

/** True if a process answers, well or not; null if that is unknown. A command that says no may say that none is there. */
function presenceIn(probe: Probe | null, answer: Answer | null): boolean | null {
  switch (answer?.kind) {
    case undefined:
    case 'absent':
      return false
    case 'yes':
      return true
    case 'no':
      return probe?.kind === 'http'
    case 'timed-out':
      return probe?.kind === 'http' ? true : null
    case 'unknown':
      return null
  }
}

async function observePlace(work: Sight): Promise<Observation> {
  const { service } = work
  const [version, health, serving] = await Promise.all([
    service.version === null ? null : ask(work, service.version),
    service.healthCheck === null ? null : ask(work, service.healthCheck.probe),
    served(work),
  ])
  const up = health === null ? version === null || version.kind === 'yes' : health.kind === 'yes'
  return {
    version: version?.kind === 'yes' ? saidVersion(version.text) : null,
    // An instance that is up and gets no requests adds nothing to the capacity, and must be brought back into
    // traffic.
    healthy: up && (serving.kind === 'absent' || (serving.kind === 'found' && serving.value)),
    ...(serving.kind === 'found' && serving.value ? { inTraffic: true } : {}),
  }
}

/**
 * Returns true if an instance shows by itself that it is right: it says the release, and passes its self test. An operator
 * may have repaired it by hand. Without a version or a self test nothing shows that.
 */
export async function provesItself(work: Sight, release: Release): Promise<boolean> {
  const { version, selfTest } = work.service
  if (version === null || selfTest === null) return false
  const [said, tested] = await Promise.all([ask(work, version), ask(work, selfTest.probe)])
  if (said.kind !== 'yes' || tested.kind !== 'yes') return false
  return isRelease(saidVersion(said.text) ?? '', release)
}

/** Returns true if an instance proves itself with the release that a direction brings. */
export async function provesRight(work: Sight, plan: Plan, { to }: Direction): Promise<boolean> {
  const release = to === 'new' ? plan.release : plan.from
  return release !== null && (await provesItself(work, release))
}

/** Reads if the front door sends it requests, to either slot where it has two. */
export async function served(work: Sight): Promise<Reading<boolean>> {
  const slots = slotsOf(work)
  if (slots === null) return servedAt(work)
  const [a, b] = await Promise.all([servedAt(slots.a), servedAt(slots.b)])
  if (a.kind === 'found' && b.kind === 'found') return found(a.value || b.value)
  return [a, b].find(isYes) ?? (a.kind === 'found' ? b : a)
}

const isYes = (reading: Reading<boolean>): boolean => reading.kind === 'found' && reading.value

const servedAt = ({ traffic, instance, seen, signal }: Sight): Promise<Reading<boolean>> =>
  traffic.serves(instance, seen, signal)

/** Returns the slot of an instance that serves, for questions to the instance; the work itself where it is one place. */
export async function whereItServes<Work extends Sight>(work: Work): Promise<Work> {
  const slots = slotsOf(work)
  if (slots === null) return work
  const [first = 'a'] = serving(await lookAtSlots(slots))
  return slots[first]
}

/** Returns the health that the instance reports; null if it cannot be asked. */
export async function healthy(work: Sight): Promise<boolean | null> {
  const slots = slotsOf(work)
  if (slots !== null) return observationOf(await lookAtSlots(slots)).healthy
  const { healthCheck } = work.service
  return healthCheck === null ? null : (await ask(work, healthCheck.probe)).kind === 'yes'
}

export const ask = ({ fleet, instance, seen, signal }: Sight, probe: Probe): Promise<Answer> =>
  fleet.ask(instance, probe, seen, signal)

/** Reads if requests reach an instance: with a balancer that asks the instance itself, its health is the answer. */
export async function getsRequests(work: Sight): Promise<Reading<boolean>> {
  if (work.service.traffic.kind !== 'is-alive') return served(work)
  return readingOf(await healthy(work))
}

/** The first line of an answer, or `version` or `release` where it is JSON. */
export function saidVersion(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) {
    try {
      const said: { version?: unknown; release?: unknown } = JSON.parse(trimmed)
      const version = said.version ?? said.release
      return typeof version === 'string' ? version : null
    } catch {
      return null
    }
  }
  return trimmed.split('\n', 1)[0]?.trim() || null
}
