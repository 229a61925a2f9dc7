import { posix } from 'node:path'
import { absent, found, type Reading } from '../../domain/reading.ts'
import { unclear } from './answer.ts'
import type { GitHub } from './connection.ts'
import { type GitHubError, isGitHubError } from './github-error.ts'
import { everyPage } from './pages.ts'
import { limitOf } from './rate-limit.ts'

/** Moving a tag means to update it, or to delete it and create it again. */
const keeping = ['update', 'deletion']

/** Names of the active rulesets that together keep a tag where it is; absent where it can still be moved or deleted. */
export async function tagRules(github: GitHub, tag: string): Promise<Reading<readonly string[]>> {
  const { repos } = github.rest
  const asking = { doing: 'read the rules for tags', needs: 'metadata: read' } as const
  try {
    const listed = await everyPage(async (page) => {
      const { data } = await repos.getRepoRulesets({ ...github.place, targets: 'tag', per_page: 100, page })
      return data
    })
    const active = listed.filter(({ enforcement }) => enforcement === 'active')
    const whole = await Promise.all(
      active.map(({ id }) => repos.getRepoRuleset({ ...github.place, ruleset_id: id })),
    )
    const rulesets = whole.map(({ data }) => data)
    const names = keepers(rulesets, `refs/tags/${tag}`)
    return names.length === 0 ? absent : found(names)
  } catch (error) {
    return isGitHubError(error) && hasNoRulesets(error) ? absent : unclear(error, asking)
  }
}

/**
 * Returns true if the plan of the account has no rulesets: GitHub then refuses the request, and names the
 * upgrade.
 */
const hasNoRulesets = (error: GitHubError): boolean =>
  error.status === 403 && limitOf(error) === null && /\bupgrade\b/i.test(error.message)

type Ruleset = Awaited<ReturnType<GitHub['rest']['repos']['getRepoRuleset']>>['data']

function keepers(rulesets: readonly Ruleset[], ref: string): string[] {
  const kept = rulesets
    .filter((ruleset) => covers(ruleset, ref))
    .map(({ name, rules = [] }) => ({ name, types: rules.map(({ type }): string => type) }))
    .filter(({ types }) => keeping.some((type) => types.includes(type)))
  const wholly = keeping.every((type) => kept.some(({ types }) => types.includes(type)))
  return wholly ? kept.map(({ name }) => name) : []
}

/** The patterns are those of file names; `*` is no `/`. */
function covers({ conditions }: Ruleset, ref: string): boolean {
  const { include = [], exclude = [] } = (conditions && 'ref_name' in conditions && conditions.ref_name) || {}
  const means = (pattern: string) => pattern === '~ALL' || posix.matchesGlob(ref, pattern)
  return include.some(means) && !exclude.some(means)
}
