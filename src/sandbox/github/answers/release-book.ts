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
  remove(id: number): void
  addAsset(id: number, asset: Omit<AssetRecord, 'id' | 'createdAt'>): AssetRecord
  /** Replaces the bytes of a file, which GitHub forbids for an immutable release. */
  replaceAsset(tag: string, name: string, text: string): void
  removeAsset(id: number): void
}

export function releaseBook(site: Site): ReleaseBook {
  const all: ReleaseRecord[] = []
  let releases = 0
  let assets = 0
  const now = () => isoSeconds(site.clock())
  const standard = { name: '', body: '', draft: false, prerelease: false, immutable: true, author: 'ada' }

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
    immutable: true,
    add(tag, options) {
      const target = site.repository.defaultBranch
      const release = { ...standard, name: tag, target, ...options, id: ++releases, tag, createdAt: now() }
      all.push({ ...release, assets: [] })
      return { ...release, assets: [] }
    },
    change,
    remove: (id) =>
      void all.splice(
        all.findIndex((release) => release.id === id),
        1,
      ),
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
