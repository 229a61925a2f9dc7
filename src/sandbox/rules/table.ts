import type { GitHubRule, KeeperOfRule } from './rule.ts'
import { runnerRules } from './runner.ts'
import { serverRules } from './server.ts'
import { workflowRules } from './workflow.ts'

/** Every rule of GitHub's that the sandbox knows, by its ID. */
export const githubRules = { ...serverRules, ...workflowRules, ...runnerRules }

type Table = typeof githubRules

export type RuleId = keyof Table

/** The rules that one part of the sandbox enforces. Each of them has a probe among the tests. */
export type RuleKeptBy<Keeper extends KeeperOfRule> = {
  [Id in RuleId]: Table[Id]['kept'] extends Keeper ? Id : never
}[RuleId]

/** A rule that can be switched off: one that is enforced. */
export type EnforcedRule = RuleKeptBy<KeeperOfRule>

export const allRules = Object.entries<GitHubRule>(githubRules) as readonly (readonly [RuleId, GitHubRule])[]
