import type { RulesTable } from './rule.ts'

/** The rules of the machine that runs the steps of one job. */
export const runnerRules = {} as const satisfies RulesTable
