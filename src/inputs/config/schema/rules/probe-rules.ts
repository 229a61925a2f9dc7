import type { ProbeValue } from '../command.ts'
import type { ServiceValue } from '../services.ts'
import { rule } from './rule.ts'

/** A probe asks by `http` or by `run`, and the settings of a command belong to `run`. */
export function asksOneWay(path: string[], of: (service: ServiceValue) => ProbeValue | undefined) {
  const probeRule = (at: string[], words: string, holds: (probe: ProbeValue) => boolean) =>
    rule(at, [path], words, (service) => {
      const probe = of(service)
      return probe === undefined || holds(probe)
    })
  return [
    probeRule(path, 'asks nothing: add `http` or `run`', ({ http, run }) => (http ?? run) !== undefined),
    probeRule(
      path,
      'asks twice: keep `http` or `run`',
      ({ http, run }) => http === undefined || run === undefined,
    ),
    ...(['shell', 'env', 'working-directory', 'on'] as const).map((key) =>
      probeRule(
        [...path, key],
        'belongs to `run`, and an address has none',
        (probe) => probe.http === undefined || probe.run !== undefined || probe[key] === undefined,
      ),
    ),
  ]
}
