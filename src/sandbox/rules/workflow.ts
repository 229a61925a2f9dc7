import type { RulesTable } from './rule.ts'

/** The rules by which GitHub turns a workflow file into runs, jobs, contexts and waits. */
export const workflowRules = {} as const satisfies RulesTable
