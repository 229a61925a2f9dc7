/** The files of a release, as git keeps them. */
export interface ReleaseTree {
  /** Files and folders by their paths from the root of the repository. */
  readonly entries: ReadonlyMap<string, TreeEntry>
  /** False if GitHub listed only some of them. */
  readonly whole: boolean
}

/** `elsewhere`: a link or a submodule, whose target is outside the tree. */
export type TreeEntry = 'folder' | 'file' | 'executable' | 'elsewhere'

/** Returns the entry for git's mode of it; any other mode is a link or a submodule. */
export const entryOfMode = (mode: string): TreeEntry => modes[mode] ?? 'elsewhere'

const modes: Readonly<Record<string, TreeEntry>> = {
  '040000': 'folder',
  '100644': 'file',
  '100755': 'executable',
}

/**
 * Returns the entries that a path may mean. The working directory of the job may be any folder of the
 * repository, so that a path is looked up below each of them; null if a part of it lies behind a link or a
 * submodule.
 */
export function entriesAt({ entries }: ReleaseTree, path: string): readonly TreeEntry[] | null {
  const parts = path.split('/')
  const behind = parts.some((_, at) => entries.get(parts.slice(0, at).join('/')) === 'elsewhere')
  if (behind) return null
  const below = `/${path}`
  return [...entries].flatMap(([name, entry]) => (name === path || name.endsWith(below) ? [entry] : []))
}

/** A path in the same folder that one may have meant; null where none comes close. */
export function nearPath({ entries }: ReleaseTree, path: string): string | null {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const meant = path.toLowerCase()
  const beside = [...entries.keys()].filter(
    (name) => name.startsWith(folder) && !name.slice(folder.length).includes('/'),
  )
  const near = beside.map((name) => ({ name, shared: sharedStart(name.toLowerCase(), meant) }))
  const [best] = near.sort((one, other) => other.shared - one.shared)
  return best !== undefined && best.shared >= folder.length + 3 ? best.name : null
}

function sharedStart(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return length
}

/** True if a `.gitignore` names the path or a folder above it, by name or by a pattern with stars. */
export function isIgnored(path: string, ignored: string): boolean {
  const parts = path.split('/')
  const names = [...parts, ...parts.map((_, at) => parts.slice(0, at + 1).join('/'))]
  return ignored
    .split('\n')
    .map((line) => line.trim().replace(/^\/|\/\**$|\/$/g, ''))
    .filter((line) => line !== '' && !/^[#!]/.test(line))
    .some((line) => names.some((name) => fits(name, line)))
}

function fits(name: string, pattern: string): boolean {
  const escaped = pattern.replace(/^\*\*\//, '').replace(/[.+^${}()|[\]\\?]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/\*+/g, '.*')}$`).test(name)
}
