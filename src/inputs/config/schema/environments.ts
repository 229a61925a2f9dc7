import * as z from 'zod/mini'
import { code, listed, nearest } from '../wording.ts'
import { environmentName } from './names.ts'
import { tooFew } from './policy/approval.ts'
import { environment } from './policy/environment.ts'
import { named } from './shapes.ts'

/** The environment of a proof, as it may be written. */
const provenIn = (written: unknown): unknown =>
  typeof written === 'object' && written !== null && 'environment' in written ? written.environment : written

/** Going back may need as many people as the approval has, and no more. */
const enoughToGoBack = z.check<Record<string, z.output<typeof environment>>>(
  ({ value, issues }) => {
    for (const [name, policy] of Object.entries(value)) {
      // Other mistakes in an environment are reported as well, so that any value passes here.
      const approval: unknown = policy?.requires?.approval
      const atLeast: unknown = policy?.rollback?.['at-least']
      const from =
        typeof approval === 'object' && approval !== null && 'from' in approval ? approval.from : undefined
      if (!Array.isArray(from) || typeof atLeast !== 'number' || !tooFew(from.map(String), atLeast)) continue
      issues.push({
        code: 'custom',
        path: [name, 'rollback', 'at-least'],
        message:
          'is more than the people in `from` of `requires.approval`, so that a rollback could never be approved: name more people',
        input: atLeast,
      })
    }
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

/** A proof from an environment that the file does not have, or from itself, could never be given. */
const verifiedElsewhere = z.check<Record<string, z.output<typeof environment>>>(
  ({ value, issues }) => {
    const names = Object.keys(value)
    for (const [name, policy] of Object.entries(value)) {
      // Other mistakes in an environment are reported as well, so that any value passes here.
      for (const proof of ['verified-in', 'rehearsed-in'] as const) {
        const where = provenIn(policy?.requires?.[proof])
        if (typeof where !== 'string' || (where !== name && names.includes(where))) continue
        issues.push({
          code: 'custom',
          path: [name, 'requires', proof],
          message: where === name ? `${code(name)} cannot be its own proof` : notThere(where, names, name),
          input: where,
        })
      }
    }
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

/** A wave that comes back to where it began would go on for ever. */
const wavesEnd = z.check<Record<string, z.output<typeof environment>>>(
  ({ value, issues }) => {
    const names = Object.keys(value)
    const after = (name: string): readonly string[] => {
      const next: unknown = value[name]?.then
      return Array.isArray(next) ? next.filter((one) => typeof one === 'string') : []
    }
    const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
      from === to ||
      (!seen.has(from) && after(from).some((next) => reaches(next, to, new Set([...seen, from]))))
    for (const name of names)
      after(name).forEach((next, at) => {
        const path = [name, 'then', at]
        if (next !== name && !names.includes(next))
          issues.push({ code: 'custom', path, message: notThere(next, names, name), input: next })
        else if (reaches(next, name, new Set()))
          issues.push({
            code: 'custom',
            path,
            message: `leads back to ${code(name)}: it would go on for ever`,
            input: next,
          })
      })
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

/** GitHub ignores the case of a name: two such names would be one environment with two ledgers. */
const eachOnce = z.check<Record<string, unknown>>(
  ({ value, issues }) => {
    const names = Object.keys(value)
    names.forEach((name, at) => {
      const first = names.slice(0, at).find((other) => other.toLowerCase() === name.toLowerCase())
      if (first === undefined) return
      const message = `${code(name)} is ${code(first)} to GitHub, which takes no notice of capitals: keep one of them`
      issues.push({ code: 'custom', path: [name], message, input: name })
    })
  },
  { when: ({ value }) => typeof value === 'object' && value !== null },
)

function notThere(where: string, names: readonly string[], own: string): string {
  const others = names.filter((name) => name !== own)
  const near = nearest(where, others)
  const hint =
    near !== null
      ? `; did you mean ${code(near)}?`
      : others.length === 0
        ? ''
        : `; there is ${listed(others)}`
  return `there is no environment ${code(where)}${hint}`
}

export const environments = named('a mapping of environments by name', environmentName, environment).check(
  verifiedElsewhere,
  enoughToGoBack,
  wavesEnd,
  eachOnce,
)

export type EnvironmentValue = z.output<typeof environment>
