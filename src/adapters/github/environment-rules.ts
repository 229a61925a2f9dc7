import { mapped, type Reading } from '../../domain/reading.ts'
import type { EnvironmentRules } from '../../pipeline/ports.ts'
import { look } from './answer.ts'
import type { GitHub } from './connection.ts'

export async function environmentRules(
  github: GitHub,
  environment: string,
): Promise<Reading<EnvironmentRules>> {
  const reading = await look(
    github,
    { doing: `read the rules of the environment ${environment}`, needs: 'actions: read' },
    github.rest.repos.getEnvironment({ ...github.place, environment_name: environment }),
  )
  return mapped(reading, ({ protection_rules: given = [] }) => {
    const rules = given.flatMap((rule) => ('reviewers' in rule ? rule : []))
    return {
      reviewers: rules.flatMap(({ reviewers = [] }) =>
        reviewers.flatMap(({ reviewer }) => (reviewer === undefined ? [] : nameOf(github, reviewer))),
      ),
      preventsSelfReview: rules.some((rule) => rule.prevent_self_review),
    }
  })
}

/** `login` or `org/team`: only a team of the repository's own organisation can be a reviewer. */
const nameOf = ({ place }: GitHub, reviewer: { login: string } | { slug: string }): string =>
  'login' in reviewer ? reviewer.login : `${place.owner}/${reviewer.slug}`
