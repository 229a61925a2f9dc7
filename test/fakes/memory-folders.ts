import type { ReleaseThere } from '../../src/domain/release/kept-releases.ts'
import type { ReleaseFolders, Variables } from '../../src/pipeline/ports.ts'

/** Folders of releases in memory. */
export interface MemoryFolders extends ReleaseFolders {
  /** The releases of an instance, the last used first. A test may change them. */
  on(instance: string): ReleaseThere[]
}

export function createMemoryFolders(): MemoryFolders {
  const places = new Map<string, ReleaseThere[]>()
  const on = (name: string): ReleaseThere[] => {
    const there = places.get(name) ?? []
    places.set(name, there)
    return there
  }
  const take = (name: string, { ROLLGATE_SHA: sha = '' }: Variables): ReleaseThere[] => {
    const at = on(name).findIndex((release) => release.sha === sha)
    return at < 0 ? [] : on(name).splice(at, 1)
  }
  return {
    on,
    async list({ name }, seen) {
      on(name).unshift(...take(name, seen))
      return [...on(name)]
    },
    async begin({ name }, seen) {
      take(name, seen)
      const { ROLLGATE_SHA: sha = '', ROLLGATE_RELEASE: tag = '' } = seen
      on(name).unshift({ sha, tag, whole: false, digest: null })
      return null
    },
    async finish({ name }, seen, digest) {
      on(name).unshift(...take(name, seen).map((release) => ({ ...release, whole: true, digest })))
      return null
    },
    async clear({ name }, _seen, commits) {
      places.set(
        name,
        on(name).filter(({ sha }) => !commits.includes(sha)),
      )
      return null
    },
  }
}
