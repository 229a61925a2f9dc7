import { paged } from '../paging.ts'
import { type Call, notFound, numberParam, ok, param } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import { isoSeconds } from '../store/commits.ts'
import type { People } from './people.ts'

export interface ReleaseRecord {
  readonly id: number
  readonly tag: string
  readonly name: string
  readonly body: string
  readonly draft: boolean
  readonly prerelease: boolean
  readonly immutable: boolean
  readonly author: string
  readonly createdAt: string
}

export type ReleaseOptions = Partial<Omit<ReleaseRecord, 'id' | 'tag' | 'createdAt'>>

export function newRelease(site: Site, id: number, tag: string, options: ReleaseOptions): ReleaseRecord {
  const standard = { name: tag, body: '', draft: false, prerelease: false, immutable: true, author: 'ada' }
  return { ...standard, ...options, id, tag, createdAt: isoSeconds(site.clock()) }
}

export function releaseAnswers(site: Site, people: People, releases: readonly ReleaseRecord[]) {
  const found = (release: ReleaseRecord | undefined) => {
    if (release === undefined) throw notFound()
    return ok(releaseBody(site, people, release))
  }
  return {
    'repos/list-releases': (call: Call) =>
      paged(call, releases.toReversed(), (items) => items.map((item) => releaseBody(site, people, item))),
    'repos/get-release': (call: Call) =>
      found(releases.find((release) => release.id === numberParam(call, 'release_id'))),
    // A draft has no tag yet that it could be found by.
    'repos/get-release-by-tag': (call: Call) =>
      found(releases.findLast((release) => release.tag === param(call, 'tag') && !release.draft)),
  }
}

function releaseBody(site: Site, people: People, release: ReleaseRecord) {
  const url = site.repoApi(`releases/${release.id}`)
  const tag = encodeURIComponent(release.tag)
  return {
    id: release.id,
    node_id: nodeId('Release', release.id),
    tag_name: release.tag,
    target_commitish: site.repository.defaultBranch,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable,
    author: people.user(release.author),
    assets: [],
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
