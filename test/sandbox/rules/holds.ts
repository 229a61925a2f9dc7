import { expect, test } from 'vitest'
import type { RulesOff } from '../../../src/sandbox/rules/in-force.ts'
import type { EnforcedRule } from '../../../src/sandbox/rules/table.ts'

/**
 * Builds a world with these rules off, does what the rule is about, and returns true if the rule showed. A probe that
 * returns a constant fails: it is run with its rule in force, and with its rule switched off.
 */
export type Probe = (rules: RulesOff) => Promise<boolean>

/** Tests each rule twice: it shows in a sandbox, and it is gone where it is switched off. */
export function holdEachRule(probes: Readonly<Partial<Record<EnforcedRule, Probe>>>): void {
  test.each(Object.entries(probes) as [EnforcedRule, Probe][])(
    '%s: kept, and gone when switched off',
    async (rule, probe) => {
      expect([await probe({}), await probe({ off: [rule] })]).toEqual([true, false])
    },
  )
}
