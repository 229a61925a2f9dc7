import * as z from 'zod/mini'
import { code, nearest } from '../../wording.ts'
import type { ServiceValue } from '../services.ts'
import { asksOneWay } from './probe-rules.ts'
import { readable, rule } from './rule.ts'

const compare = ['test-bed', 'compare']

const known = z.check<ServiceValue>(
  ({ value, issues }) => {
    const bed = value['test-bed']?.instances
    const instances = instancesIn(value.fleet)
    if (!Array.isArray(bed) || instances === null) return
    bed.forEach((name, index) => {
      if (instances.includes(name)) return
      const message = stranger(name, instances)
      issues.push({ code: 'custom', path: ['test-bed', 'instances', index], message, input: name })
    })
  },
  { when: readable([['test-bed', 'instances'], ['fleet']]) },
)

export const testBedRules = [
  known,
  rule(compare, [compare], 'compares nothing: add `figures` or `run`', (service) => {
    const written = service['test-bed']?.compare
    return written === undefined || written.figures !== undefined || written.run !== undefined
  }),
  ...asksOneWay([...compare, 'figures'], (service) => service['test-bed']?.compare?.figures),
  ...(['shell', 'env', 'working-directory', 'timeout'] as const).map((key) =>
    rule([...compare, key], [compare], 'belongs to `run`: add the command, or remove it', (service) => {
      const written = service['test-bed']?.compare
      return written === undefined || written.run !== undefined || written[key] === undefined
    }),
  ),
]

/** Names of the instances, or null where the config does not know them: an inventory has yet to be asked. */
export function instancesIn(fleet: ServiceValue['fleet']): readonly string[] | null {
  const written = fleet?.local?.instances ?? fleet?.ssh?.hosts ?? fleet?.pull?.instances
  if (written === undefined) return null
  return Array.isArray(written) ? written : Object.keys(written)
}

function stranger(name: string, instances: readonly string[]): string {
  const near = nearest(name, instances)
  const hint =
    near === null ? ': name one that is in `fleet`, or write a count' : `; did you mean ${code(near)}?`
  return `the service has no instance ${code(name)}${hint}`
}
