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
  return named(await activeRulesets(github, 'tag'), (all) => keepers(all, `refs/tags/${tag}`))
}

/** Names of the active rulesets whose patterns mean a reference, of any kind. */
export async function rulesets(github: GitHub, ref: string): Promise<Reading<readonly string[]>> {
  return named(await activeRulesets(github), (all) =>
    all.filter((ruleset) => covers(ruleset, ref)).map(({ name }) => name),
  )
}

function named(
  reading: Reading<readonly Ruleset[]>,
  namesIn: (all: readonly Ruleset[]) => readonly string[],
): Reading<readonly string[]> {
  if (reading.kind !== 'found') return reading
  const names = namesIn(reading.value)
  return names.length === 0 ? absent : found(names)
}

/** Absent where the plan of the account has no rulesets. */
async function activeRulesets(github: GitHub, targets?: 'tag'): Promise<Reading<readonly Ruleset[]>> {
  const asking = { doing: 'read the rulesets', needs: 'metadata: read' } as const
  const asked = { ...github.place, ...(targets === undefined ? {} : { targets }), per_page: 100 }
  try {
    const listed = await everyPage(
      async (page) => (await github.rest.repos.getRepoRulesets({ ...asked, page })).data,
    )
    const active = listed.filter(({ enforcement }) => enforcement === 'active')
    const whole = await Promise.all(
      active.map(({ id }) => github.rest.repos.getRepoRuleset({ ...github.place, ruleset_id: id })),
    )
    return found(whole.map(({ data }) => data))
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
