import { paged } from '../paging.ts'
import {
  type Call,
  created,
  noContent,
  notFound,
  numberParam,
  ok,
  Refusal,
  type SiteReply,
} from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import type { People } from './people.ts'
import { type AssetRecord, digestOf, type ReleaseBook, type ReleaseRecord } from './release-book.ts'

export function releaseAssetAnswers(site: Site, people: People, book: ReleaseBook) {
  const release = (call: Call): ReleaseRecord => {
    const found = book.all.find(({ id }) => id === numberParam(call, 'release_id'))
    if (found === undefined) throw notFound()
    return found
  }
  const asset = (call: Call): { of: ReleaseRecord; asset: AssetRecord } => {
    const id = numberParam(call, 'asset_id')
    const of = book.all.find(({ assets }) => assets.some((one) => one.id === id))
    const found = of?.assets.find((one) => one.id === id)
    if (of === undefined || found === undefined) throw notFound()
    return { of, asset: found }
  }
  return {
    'repos/list-release-assets': (call: Call) => {
      const of = release(call)
      return paged(call, of.assets, (items) => items.map((item) => assetBody(site, people, of, item)))
    },
    'repos/get-release-asset': (call: Call) => {
      const found = asset(call)
      if (!call.accept.includes('application/octet-stream'))
        return ok(assetBody(site, people, found.of, found.asset))
      return fileOf(found.asset)
    },
    'repos/upload-release-asset': (call: Call) => {
      const of = release(call)
      const asked = call.query.name ?? ''
      const name = site.inForce('file-name-letters') ? fileName(asked) : asked
      requireMutable(site, of)
      const isTaken = site.inForce('file-name-is-single') && of.assets.some((one) => one.name === name)
      if (isTaken) throw taken
      if (call.bytes.length === 0) throw new Refusal(400, 'Bad Content-Length: 0')
      const { bytes, contentType, actor } = call
      const added = book.addAsset(of.id, { name, bytes, contentType, state: 'uploaded', uploader: actor })
      return created(assetBody(site, people, of, added))
    },
    'repos/delete-release-asset': (call: Call) => {
      const found = asset(call)
      requireMutable(site, found.of)
      book.removeAsset(found.asset.id)
      return noContent
    },
  }
}

/** GitHub puts a dot where a name has a letter that it does not take. */
const fileName = (name: string): string => name.replace(/[^\w.+@-]+/g, '.')

function requireMutable({ inForce }: Site, { draft, immutable }: ReleaseRecord): void {
  if (draft || !immutable || !inForce('immutable-files-are-fixed')) return
  throw new Refusal(422, 'Cannot change the assets of an immutable release.')
}

const taken = new Refusal(422, 'Validation Failed', {
  errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }],
})

const fileOf = ({ bytes, contentType }: AssetRecord): SiteReply => ({
  kind: 'raw',
  status: 200,
  bytes,
  type: contentType,
})

export function assetBody(site: Site, people: People, release: ReleaseRecord, asset: AssetRecord) {
  const tag = encodeURIComponent(release.tag)
  return {
    id: asset.id,
    node_id: nodeId('ReleaseAsset', asset.id),
    name: asset.name,
    label: '',
    content_type: asset.contentType,
    state: asset.state,
    size: asset.bytes.length,
    digest: asset.state === 'uploaded' && site.inForce('file-digest') ? digestOf(asset) : null,
    download_count: 0,
    uploader: people.user(asset.uploader),
    created_at: asset.createdAt,
    updated_at: asset.createdAt,
    url: site.repoApi(`releases/assets/${asset.id}`),
    browser_download_url: site.page(`releases/download/${tag}/${encodeURIComponent(asset.name)}`),
  }
}
