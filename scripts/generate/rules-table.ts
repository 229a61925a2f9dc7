import type { GitHubRule, RulesTable } from '../../src/sandbox/rules/rule.ts'
import { code, markdownTable } from './markdown-table.ts'

/** The rules of one part of the sandbox, enforced ones first. */
export function rulesTable(rules: RulesTable): string {
  const all = Object.entries<GitHubRule>(rules)
  const isEnforced = ([, { kept }]: (typeof all)[number]): boolean => typeof kept === 'string'
  return [enforced(all.filter(isEnforced)), notModelled(all.filter((rule) => !isEnforced(rule)))]
    .filter(Boolean)
    .join('\n\n')
}

function enforced(rules: readonly [string, GitHubRule][]): string {
  if (rules.length === 0) return ''
  const rows = rules.map(([id, { rule, grounds, source, date }]) => [
    code(id),
    rule,
    `${source}, ${date}; ${grounds}`,
  ])
  return markdownTable(['enforced', 'rule', 'source'], rows)
}

function notModelled(rules: readonly [string, GitHubRule][]): string {
  if (rules.length === 0) return ''
  const rows = rules.map(([id, { rule, grounds, source, date, kept }]) => [
    code(id),
    rule,
    typeof kept === 'string' ? '' : kept.notModelled,
    `${source}, ${date}; ${grounds}`,
  ])
  return markdownTable(['not modelled', 'rule', 'reason', 'source'], rows)
}
