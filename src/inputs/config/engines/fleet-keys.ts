import type { Finding } from '../finding.ts'
import { code } from '../wording.ts'
import { mappingAt, type Tree } from '../yaml/tree.ts'

/** The keys by which Rollgate itself rolls a service. */
export const fleetKeys = [
  'fleet',
  'traffic',
  'version',
  'health-check',
  'self-test',
  'test-bed',
  'rollout',
] as const

/** Returns the settings that do nothing, because the engine of their service rolls by itself. */
export function fleetKeysOnEngines(tree: Tree): Finding[] {
  const places = [
    ['services'],
    ...['clone', 'blue-green'].map((shape) => ['steps', 'detour', shape, 'services']),
  ]
  const services = places.flatMap((place) => [...(mappingAt(tree, place)?.entries ?? [])])
  return services.flatMap(([, { value }]) => {
    if (value.kind !== 'mapping' || !value.entries.has('engine')) return []
    return fleetKeys.flatMap((name) => {
      const entry = value.entries.get(name)
      const words = `is of a fleet, and this service has an ${code('engine')}: keep one of them`
      return entry === undefined ? [] : [{ place: entry.key, words }]
    })
  })
}
