import type { EnforcedRule } from './table.ts'

/** Rules that a test takes away, to show that they are kept otherwise. */
export interface RulesOff {
  readonly off?: readonly EnforcedRule[]
}

/** True if the rule is enforced in this sandbox. */
export type InForce = (rule: EnforcedRule) => boolean

/** Every rule is in force, except those that are switched off. */
export function inForce({ off = [] }: RulesOff = {}): InForce {
  const without = new Set<EnforcedRule>(off)
  return (rule) => !without.has(rule)
}
