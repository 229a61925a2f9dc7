import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import { newestFirst } from '../../domain/release/tag-order.ts'
import { type ShownPlan, wasShown } from '../../domain/shown/shown-plan.ts'
import type { Ports, ReleaseStore, StoredRelease } from '../ports.ts'

/** The word that stands for the newest release, wherever a tag may be given. */
const latest = 'latest'

type LatestPorts = Pick<Ports, 'releases' | 'repository'>

/**
 * Returns the tag of a request; `latest` as the tag that it means. It is resolved once: behind the gate it is the release
 * that the approver saw, though a newer one was made since. A production refuses the word: the release must be named by a
 * person there.
 */
export async function tagAsked(
  ports: LatestPorts,
  policy: Pick<EnvironmentPolicy, 'name' | 'class' | 'final'>,
  wanted: string | null,
  shown: ShownPlan | null,
): Promise<string | null> {
  if (wanted !== latest) return wanted
  if (policy.class === 'production') throw refusedFor(policy.name)
  const tags = await newest(ports, policy.final === true)
  const seen = shown === null ? undefined : tags.find((tag) => wasShown(shown, 'tag', tag))
  const [tag] = seen === undefined ? tags : [seen]
  if (tag === undefined) throw nothingNewest('published')
  return tag
}

/** Returns the newest final release at the request of a schedule, and not at its time. */
export async function pinLatest(releases: ReleaseStore, wanted: string | null): Promise<string | null> {
  if (wanted !== latest) return wanted
  const [tag] = tagsOf(await releases.all(), true)
  if (tag === undefined) throw nothingNewest('published and is no prerelease')
  return tag
}

/** The releases that `latest` may mean, the newest first. In a repository without GitHub Releases a tag is the release. */
async function newest({ releases, repository }: LatestPorts, final: boolean): Promise<readonly string[]> {
  const made = (await releases.all()).filter(({ draft }) => !draft)
  if (made.length > 0) return tagsOf(made, final)
  return (known(await repository.tags(mostTags)) ?? []).map(({ tag }) => tag).sort(newestFirst)
}

/** The tags that are looked at: an annotated one costs a request of its own. */
const mostTags = 10

const tagsOf = (all: readonly StoredRelease[], final: boolean): readonly string[] =>
  all
    .filter(({ draft, prerelease }) => !draft && !(final && prerelease))
    .map(({ tag }) => tag)
    .sort(newestFirst)

const refusedFor = (environment: string): Problem =>
  new Problem('input-invalid', {
    what: `The input release is latest, and ${environment} is a production environment.`,
    why: 'A production gets a release that a person named: the newest one may be another by the time it is approved.',
    next: 'Give the tag of the release, like release: v1.2.0. Nothing was changed.',
  })

const nothingNewest = (which: string): Problem =>
  new Problem('tag-missing', {
    what: 'There is no release that `latest` could mean.',
    why: `It means the newest GitHub Release that is ${which}, and there is none.`,
    next: 'Name the tag, or make a release with the release workflow.',
  })
