import type { RestEndpointMethodTypes } from '@octokit/rest'
import type { Announce } from '../events.ts'
import { paged } from '../paging.ts'
import type { ReferenceGuard } from '../reference-guard.ts'
import {
  type Call,
  created,
  noContent,
  notFound,
  numberParam,
  ok,
  param,
  Refusal,
  requireLength,
} from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { resolveCommit } from '../store/history.ts'
import { createReference, isValidName, readReference } from '../store/references.ts'
import { workflowLogin } from '../tokens.ts'
import { differsFromDefault } from '../workflow-files.ts'
import type { People } from './people.ts'
import { assetBody } from './release-assets.ts'
import type { ReleaseBook, ReleaseRecord } from './release-book.ts'

type NewRelease = RestEndpointMethodTypes['repos']['createRelease']['parameters']
type Change = RestEndpointMethodTypes['repos']['updateRelease']['parameters']
type Notes = RestEndpointMethodTypes['repos']['generateReleaseNotes']['parameters']

/** The things that a release is made of and stands beside. */
export interface ReleaseWorld {
  readonly people: People
  readonly book: ReleaseBook
  readonly guard: ReferenceGuard
  readonly announce: Announce
}

export function releaseAnswers(site: Site, world: ReleaseWorld) {
  const { people, book } = world
  const shown = (release: ReleaseRecord) => releaseBody(site, people, release)
  const found = (release: ReleaseRecord | undefined): ReleaseRecord => {
    if (release === undefined) throw notFound()
    return release
  }
  const named = (call: Call) =>
    found(book.all.find((release) => release.id === numberParam(call, 'release_id')))

  return {
    'repos/list-releases': (call: Call) =>
      paged(call, book.all.toReversed(), (items) => items.map((item) => shown(item))),
    'repos/get-release': (call: Call) => ok(shown(named(call))),
    'repos/get-release-by-tag': (call: Call) =>
      ok(shown(found(book.all.findLast((release) => isNamed(site, release, param(call, 'tag')))))),
    'repos/create-release': async (call: Call) => {
      const wanted = call.body as NewRelease
      const { tag_name: tag, draft = false, prerelease = false } = wanted
      const target = wanted.target_commitish ?? site.repository.defaultBranch
      requireText(site, wanted.body)
      await requireOwnWorkflows(site, target, call.actor)
      if (!draft) await requireTag(site, world, { tag, target })
      const { name = tag, body = '' } = wanted
      const immutable = !draft && book.immutable
      const author = call.actor
      const made = book.add(tag, { target, name, body, draft, prerelease, immutable, author })
      if (!draft) await world.announce({ event: 'release', actor: author })
      return created(shown(made))
    },
    'repos/update-release': async (call: Call) => {
      const before = named(call)
      const wanted = call.body as Change
      const tag = wanted.tag_name ?? before.tag
      const target = wanted.target_commitish ?? before.target
      requireText(site, wanted.body)
      await requireOwnWorkflows(site, target, call.actor)
      if (before.immutable && tag !== before.tag && site.inForce('immutable-tag-is-fixed'))
        throw new Refusal(422, 'Cannot change the tag of an immutable release.')
      if (before.immutable && !before.draft && !site.inForce('immutable-text-may-change'))
        throw new Refusal(422, 'Cannot change an immutable release.')
      const draft = wanted.draft ?? before.draft
      const publishes = before.draft && !draft
      if (publishes) await requireTag(site, world, { tag, target })
      const changed = book.change(before.id, {
        tag,
        target,
        draft,
        name: wanted.name ?? before.name,
        body: wanted.body ?? before.body,
        prerelease: wanted.prerelease ?? before.prerelease,
        immutable: publishes ? book.immutable : before.immutable,
      })
      if (publishes) await world.announce({ event: 'release', actor: call.actor })
      return ok(shown(changed))
    },
    'repos/delete-release': (call: Call) => {
      book.remove(named(call).id)
      return noContent
    },
    'repos/check-immutable-releases': () => {
      if (!book.immutable) throw notFound()
      return ok({ enabled: true, enforced_by_owner: false })
    },
    'repos/generate-release-notes': async (call: Call) => {
      const { tag_name: tag, target_commitish: target, previous_tag_name: previous } = call.body as Notes
      if ((await resolveCommit(site.git, `refs/tags/${tag}`)) === undefined)
        await requireCommit(site, target ?? site.repository.defaultBranch)
      await requirePrevious(site, previous)
      const changes = previous === undefined ? `commits/${tag}` : `compare/${previous}...${tag}`
      return ok({ name: tag, body: `**Full Changelog**: ${site.page(changes)}` })
    },
  }
}

/** A draft has no tag yet that it could be found by. */
const isNamed = ({ inForce }: Site, { tag, draft }: ReleaseRecord, wanted: string): boolean =>
  tag === wanted && (!draft || !inForce('draft-has-no-tag'))

const longestBody = 125_000

function requireText({ inForce }: Site, body: string | undefined): void {
  if (inForce('release-body-length')) requireLength(body ?? '', longestBody, 'Release', 'body')
}

/** GitHub hides this refusal behind a 404. */
async function requireOwnWorkflows(site: Site, target: string, actor: string): Promise<void> {
  if (actor !== workflowLogin || !site.inForce('release-of-other-workflows')) return
  const commit = await resolveCommit(site.git, target)
  if (commit !== undefined && (await differsFromDefault(site, commit))) throw notFound()
}

async function requirePrevious(site: Site, previous: string | undefined): Promise<void> {
  if (previous === undefined || !site.inForce('notes-need-previous-tag')) return
  if ((await readReference(site.git, `refs/tags/${previous}`)) === undefined) throw notFound()
}

/** A published release has a tag: GitHub creates a missing one. */
async function requireTag(
  site: Site,
  { book, guard }: ReleaseWorld,
  { tag, target }: { tag: string; target: string },
): Promise<void> {
  const taken = book.all.some((release) => release.tag === tag && !release.draft)
  if (taken && site.inForce('release-tag-is-single')) throw invalid('already_exists', 'tag_name')
  if (book.isBurned(tag)) throw burned
  if (!(await isValidName(site.git, `refs/tags/${tag}`))) throw invalid('invalid', 'tag_name')
  if ((await readReference(site.git, `refs/tags/${tag}`)) !== undefined) return
  if (!site.inForce('release-makes-tag')) return
  guard.require(`refs/tags/${tag}`, 'creation')
  await createReference(site.git, `refs/tags/${tag}`, await requireCommit(site, target))
}

async function requireCommit(site: Site, target: string): Promise<string> {
  const sha = await resolveCommit(site.git, target)
  if (sha === undefined) throw invalid('invalid', 'target_commitish')
  return sha
}

const invalid = (code: string, field: string) =>
  new Refusal(422, 'Validation Failed', { errors: [{ resource: 'Release', code, field }] })

const burned = new Refusal(422, 'Validation Failed', {
  errors: [
    {
      resource: 'Release',
      code: 'custom',
      field: 'tag_name',
      message: 'tag_name was used by an immutable release',
    },
  ],
})

function releaseBody(site: Site, people: People, release: ReleaseRecord) {
  const url = site.repoApi(`releases/${release.id}`)
  const tag = encodeURIComponent(release.tag)
  return {
    id: release.id,
    node_id: nodeId('Release', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable && !release.draft,
    author: people.user(release.author),
    assets: release.assets.map((asset) => assetBody(site, people, release, asset)),
    created_at: release.createdAt,
    published_at: release.draft ? null : release.createdAt,
    url,
    html_url: site.page(`releases/tag/${tag}`),
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    tarball_url: site.repoApi(`tarball/${tag}`),
    zipball_url: site.repoApi(`zipball/${tag}`),
  }
}
