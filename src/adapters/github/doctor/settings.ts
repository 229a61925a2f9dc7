import type { EnvironmentThere } from '../../../domain/doctor/diagnosis.ts'
import { found, mapped, type Reading, readingOf } from '../../../domain/reading.ts'
import type { RepositorySettings } from '../../../pipeline/ports.ts'
import { look, unclear } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { rulesets } from '../tag-rules.ts'

export const gitHubSettings = (github: GitHub): RepositorySettings => ({
  isPublic: async () =>
    mapped(
      await look(
        github,
        { doing: 'read the repository', needs: 'metadata: read' },
        github.rest.repos.get(github.place),
      ),
      ({ visibility, private: closed }) => (visibility === undefined ? !closed : visibility === 'public'),
    ),
  immutableReleases: async () =>
    mapped(
      await look(
        github,
        { doing: 'read whether releases are immutable', needs: 'administration: read' },
        github.rest.repos.checkImmutableReleases(github.place),
      ),
      ({ enabled }) => enabled,
    ),
  environments: () => environments(github),
  server: () => server(github),
  rulesets: (ref) => rulesets(github, ref),
  label: (name) =>
    look(
      github,
      { doing: `look for the label ${name}`, needs: 'issues: read' },
      github.rest.issues.getLabel({ ...github.place, name }),
    ),
  deployments: () =>
    look(
      github,
      { doing: 'list the Deployments', needs: 'deployments: read' },
      github.rest.repos.listDeployments({ ...github.place, per_page: 1 }),
    ),
})

/** Each answer of an Enterprise Server names its version. */
async function server(github: GitHub): Promise<Reading<string>> {
  try {
    const { headers } = await github.rest.repos.get(github.place)
    return readingOf(
      (headers as Readonly<Record<string, unknown>>)['x-github-enterprise-version']?.toString(),
    )
  } catch (error) {
    return unclear(error, { doing: 'read the repository', needs: 'metadata: read' })
  }
}

async function environments(github: GitHub): Promise<Reading<readonly EnvironmentThere[]>> {
  const asking = { doing: 'list the environments', needs: 'actions: read' } as const
  const all: EnvironmentThere[] = []
  try {
    for (let page = 1; ; page++) {
      const { data } = await github.rest.repos.getAllEnvironments({ ...github.place, per_page: 100, page })
      const some = data.environments ?? []
      all.push(...some.map(there))
      if (some.length < 100) return found(all)
    }
  } catch (error) {
    return unclear(error, asking)
  }
}

type Answered = NonNullable<
  Awaited<ReturnType<GitHub['rest']['repos']['getAllEnvironments']>>['data']['environments']
>[number]

const there = ({
  name,
  protection_rules: rules = [],
  deployment_branch_policy: policy,
}: Answered): EnvironmentThere => ({
  name,
  reviewers: rules.flatMap((rule) =>
    'reviewers' in rule
      ? (rule.reviewers ?? []).flatMap(({ reviewer }) =>
          reviewer === undefined ? [] : 'login' in reviewer ? reviewer.login : reviewer.slug,
        )
      : [],
  ),
  anyRef: policy === null || policy === undefined,
})
