import * as z from 'zod/mini'
import { showDuration } from '../duration.ts'
import type { Path } from '../source.ts'
import type { ProbeValue } from './command.ts'

/** What the rules about several keys read of a service. */
interface Ruled {
  readonly traffic: 'is-alive' | { readonly command: { readonly serving?: ProbeValue | undefined } }
  readonly version?: ProbeValue | undefined
  readonly 'self-test'?: ProbeValue | undefined
  readonly 'health-check'?:
    | (ProbeValue & { 'min-healthy-time': number; 'healthy-deadline': number })
    | undefined
  readonly rollout: { readonly 'progress-deadline': number }
}

export const serviceRules = [
  ...asksOneWay(['version'], (service) => service.version),
  ...asksOneWay(['health-check'], (service) => service['health-check']),
  ...asksOneWay(['self-test'], (service) => service['self-test']),
  ...asksOneWay(['traffic', 'command', 'serving'], ({ traffic }) =>
    traffic === 'is-alive' ? undefined : traffic.command.serving,
  ),
  inOrder(
    {
      path: ['health-check', 'min-healthy-time'],
      of: (service) => service['health-check']?.['min-healthy-time'],
    },
    {
      path: ['health-check', 'healthy-deadline'],
      of: (service) => service['health-check']?.['healthy-deadline'],
    },
  ),
  inOrder(
    {
      path: ['health-check', 'healthy-deadline'],
      of: (service) => service['health-check']?.['healthy-deadline'],
    },
    { path: ['rollout', 'progress-deadline'], of: (service) => service.rollout['progress-deadline'] },
  ),
]

/** A probe asks by `http` or by `run`, and what surrounds a command belongs to `run`. */
function asksOneWay(path: string[], of: (service: Ruled) => ProbeValue | undefined) {
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
    ...(['shell', 'env', 'working-directory'] as const).map((key) =>
      probeRule(
        [...path, key],
        'belongs to `run`, and an address has none',
        (probe) => probe.http === undefined || probe.run !== undefined || probe[key] === undefined,
      ),
    ),
  ]
}

interface Length {
  readonly path: [string, string]
  readonly of: (service: Ruled) => number | undefined
}

function inOrder(shorter: Length, longer: Length) {
  const words = (service: Ruled) => `${say(shorter, service)} must be shorter than ${say(longer, service)}`
  return rule(shorter.path, [shorter.path, longer.path], words, (service) => {
    const [short, long] = [shorter.of(service), longer.of(service)]
    return short === undefined || long === undefined || short < long
  })
}

function say({ path, of }: Length, service: Ruled): string {
  return `\`${path.join('.')}\` (${showDuration(of(service) ?? 0)})`
}

/** A rule is asked as soon as all that it reads could be read, whatever else is wrong in the same service. */
function rule(
  at: string[],
  reads: string[][],
  words: string | ((service: Ruled) => string),
  holds: (service: Ruled) => boolean,
) {
  return z.refine<Ruled>(holds, {
    path: at,
    params: { own: at, orAt: reads.slice(1) },
    error: (issue) => (typeof words === 'string' ? words : words(issue.input as Ruled)),
    when: ({ value, issues }) =>
      typeof value === 'object' && value !== null && !issues.some((issue) => hides(issue, reads)),
  })
}

/** An unknown key of the service itself hides nothing; one further down may be what the rule wants to read. */
function hides(issue: z.core.$ZodRawIssue, reads: Path[]): boolean {
  const path = issue.path ?? []
  if (issue.code === 'unrecognized_keys' && path.length === 0) return false
  return reads.some((read) => meet(path, read))
}

function meet(one: readonly PropertyKey[], other: Path): boolean {
  return one.slice(0, other.length).every((part, index) => part === other[index])
}
