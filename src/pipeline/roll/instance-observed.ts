import type { Probe } from '../../domain/config/command.ts'
import type { Observation } from '../../domain/journal/journal.ts'
import { type Reading, readingOf } from '../../domain/reading.ts'
import { isRelease, type Release } from '../../domain/release/release.ts'
import type { Answer } from '../ports.ts'
import type { Sight } from './instance-work.ts'

/** Observes an instance once: its version and its health. */
export async function observe(work: Sight): Promise<Observation> {
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

/** Reads if the front door sends it requests. */
export const served = ({ traffic, instance, seen, signal }: Sight): Promise<Reading<boolean>> =>
  traffic.serves(instance, seen, signal)

/** Returns the health that the instance reports; null if it cannot be asked. */
export async function healthy(work: Sight): Promise<boolean | null> {
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
