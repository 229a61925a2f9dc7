import { createHash } from 'node:crypto'
import type { Site } from '../site.ts'
import { isoSeconds } from '../store/commits.ts'

export interface AssetRecord {
  readonly id: number
  readonly name: string
  readonly contentType: string
  readonly bytes: Buffer
  /** `open` while its upload has not come to an end. */
  readonly state: 'uploaded' | 'open'
  readonly uploader: string
  readonly createdAt: string
}

export interface ReleaseRecord {
  readonly id: number
  readonly tag: string
  /** The branch or SHA for a tag that does not exist yet. */
  readonly target: string
  readonly name: string
  readonly body: string
  readonly draft: boolean
  readonly prerelease: boolean
  readonly immutable: boolean
  readonly author: string
  readonly createdAt: string
  readonly assets: readonly AssetRecord[]
}

export type ReleaseOptions = Partial<Omit<ReleaseRecord, 'id' | 'tag' | 'createdAt' | 'assets'>>

/** All releases, oldest first, and their files. */
export interface ReleaseBook {
  readonly all: readonly ReleaseRecord[]
  /** True if the repository makes a published release immutable. */
  immutable: boolean
  add(tag: string, options: ReleaseOptions): ReleaseRecord
  change(id: number, change: Partial<Omit<ReleaseRecord, 'id'>>): ReleaseRecord
  /** Removes a release; the tag of an immutable one is burned. */
  remove(id: number): void
  /** True if an immutable release, now deleted, had this tag. */
  isBurned(tag: string): boolean
  addAsset(id: number, asset: Omit<AssetRecord, 'id' | 'createdAt'>): AssetRecord
  /** Replaces the bytes of a file, which GitHub forbids for an immutable release. */
  replaceAsset(tag: string, name: string, text: string): void
  removeAsset(id: number): void
}

export function releaseBook(site: Site): ReleaseBook {
  const all: ReleaseRecord[] = []
  const burned = new Set<string>()
  let setting = true
  let releases = 0
  let assets = 0
  const now = () => isoSeconds(site.clock())
  const standard = { name: '', body: '', draft: false, prerelease: false, author: 'ada' }

  const change: ReleaseBook['change'] = (id, changed) => {
    const at = all.findIndex((release) => release.id === id)
    const before = all[at]
    if (before === undefined) throw new Error(`there is no release ${id}`)
    const after = { ...before, ...changed }
    all[at] = after
    return after
  }

  return {
    all,
    get immutable() {
      return setting && site.inForce('release-is-immutable')
    },
    set immutable(on) {
      setting = on
    },
    add(tag, options) {
      const target = site.repository.defaultBranch
      const immutable = site.inForce('release-is-immutable') && (options.immutable ?? true)
      const named = { ...standard, name: tag, target, ...options, immutable }
      const release = { ...named, id: ++releases, tag, createdAt: now() }
      all.push({ ...release, assets: [] })
      return { ...release, assets: [] }
    },
    change,
    remove(id) {
      const at = all.findIndex((release) => release.id === id)
      const [removed] = all.splice(at, 1)
      if (removed?.immutable && !removed.draft) burned.add(removed.tag)
    },
    isBurned: (tag) => burned.has(tag) && site.inForce('immutable-tag-is-burned'),
    addAsset(id, given) {
      const asset = { ...given, id: ++assets, createdAt: now() }
      change(id, { assets: [...(all.find((release) => release.id === id)?.assets ?? []), asset] })
      return asset
    },
    replaceAsset(tag, name, text) {
      const release = all.findLast((one) => one.tag === tag)
      if (release === undefined) throw new Error(`there is no release ${tag}`)
      const replaced = (asset: AssetRecord) =>
        asset.name === name ? { ...asset, bytes: Buffer.from(text) } : asset
      change(release.id, { assets: release.assets.map(replaced) })
    },
    removeAsset(id) {
      for (const release of all)
        if (release.assets.some((asset) => asset.id === id))
          change(release.id, { assets: release.assets.filter((asset) => asset.id !== id) })
    },
  }
}

export const digestOf = ({ bytes }: AssetRecord): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`
