import type { Git, ObjectKind } from './git.ts'
import { readObject, writeObject } from './objects.ts'

export interface StoredEntry {
  readonly path: string
  readonly mode: string
  readonly kind: ObjectKind
  readonly sha: string
  /** Bytes; only a blob has a size. */
  readonly size?: number
}

/** A change to a tree: `sha: null` removes the path. */
export interface TreeChange {
  readonly path: string
  readonly mode: string
  readonly sha: string | null
}

/** A subtree is to be placed where files are. */
export class OverlappingEntries extends Error {}

/** The SHA of the tree itself, or of the tree of a commit; undefined for any other object. */
export async function treeOf(git: Git, sha: string): Promise<string | undefined> {
  const object = await readObject(git, sha)
  if (object?.kind === 'tree') return sha
  return object?.kind === 'commit' ? object.bytes.toString('latin1', 'tree '.length, 45) : undefined
}

/** The entries below a tree or commit of this full SHA. */
export async function readTree(git: Git, sha: string, recursive: boolean): Promise<StoredEntry[]> {
  const entries = await entriesOf(git, (await treeOf(git, sha)) ?? sha)
  if (!recursive) return entries
  const nested = await Promise.all(entries.map((entry) => withEntriesBelow(git, entry)))
  return nested.flat()
}

/** The entry at a path inside the commit of this full SHA. */
export async function entryAt(git: Git, commit: string, at: string): Promise<StoredEntry | undefined> {
  let found: StoredEntry | undefined
  let within = await treeOf(git, commit)
  for (const name of at.split('/')) {
    if (within === undefined) return undefined
    found = (await entriesOf(git, within)).find(({ path }) => path === name)
    within = found?.kind === 'tree' ? found.sha : undefined
  }
  return found && { ...found, path: at }
}

/** Lays the changes over a base tree (over nothing without one) and returns the new tree's SHA. */
export async function writeTree(
  git: Git,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const files = new Map<string, TreeFile>()
  for (const { path, mode, sha } of base === undefined ? [] : await filesOf(git, base))
    files.set(path, { mode, sha })
  for (const { path, mode, sha } of changes.filter(isFile)) {
    if (sha === null) files.delete(path)
    else place(files, path, { mode, sha })
  }
  for (const { path, sha } of changes.filter((change) => !isFile(change)))
    await placeTree(git, files, path, sha ?? '')
  return writeFolder(git, files)
}

interface TreeFile {
  readonly mode: string
  readonly sha: string
}

const isFile = (change: TreeChange) => change.mode !== '040000' || change.sha === null

/** A file takes the place of a folder of its name, and a folder the place of a file. */
function place(files: Map<string, TreeFile>, path: string, file: TreeFile): void {
  for (const other of inTheWay(files, path)) files.delete(other)
  files.set(path, file)
}

async function placeTree(git: Git, files: Map<string, TreeFile>, folder: string, sha: string): Promise<void> {
  if (files.has(folder) || inTheWay(files, folder).length > 0) throw new OverlappingEntries(folder)
  for (const { path, mode, sha: file } of await filesOf(git, sha))
    files.set(`${folder}/${path}`, { mode, sha: file })
}

function inTheWay(files: ReadonlyMap<string, TreeFile>, path: string): string[] {
  const folder = `${path}/`
  const within = [...files.keys()].filter((other) => other.startsWith(folder))
  const above = path.split('/').map((_, at, names) => names.slice(0, at).join('/'))
  return [...within, ...above.filter((other) => files.has(other))]
}

const filesOf = async (git: Git, tree: string): Promise<StoredEntry[]> =>
  (await readTree(git, tree, true)).filter(({ kind }) => kind !== 'tree')

/** Writes the tree of a folder after the trees of the folders in it. */
function writeFolder(git: Git, files: ReadonlyMap<string, TreeFile>): string {
  const own: [string, TreeFile][] = []
  const folders = new Map<string, Map<string, TreeFile>>()
  for (const [path, file] of files) {
    const slash = path.indexOf('/')
    const name = path.slice(0, slash)
    if (slash < 0) own.push([path, file])
    else folders.set(name, (folders.get(name) ?? new Map()).set(path.slice(slash + 1), file))
  }
  for (const [name, below] of folders) own.push([name, { mode: '40000', sha: writeFolder(git, below) }])
  const lines = own.sort(asGitSorts).map(([name, { mode, sha }]) => {
    return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')])
  })
  return writeObject(git, 'tree', Buffer.concat(lines))
}

/** Sorts by bytes, a folder as if its name ended in a slash. */
function asGitSorts([one, first]: [string, TreeFile], [other, second]: [string, TreeFile]): number {
  const key = (name: string, { mode }: TreeFile) => Buffer.from(mode === '40000' ? `${name}/` : name)
  return Buffer.compare(key(one, first), key(other, second))
}

async function entriesOf(git: Git, tree: string): Promise<StoredEntry[]> {
  const bytes = (await readObject(git, tree))?.bytes ?? Buffer.alloc(0)
  const entries: Promise<StoredEntry>[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at)
    const [mode = '', ...name] = bytes.toString('utf8', at, end).split(' ')
    at = end + 21
    entries.push(entryOf(git, mode, name.join(' '), bytes.toString('hex', end + 1, at)))
  }
  return Promise.all(entries)
}

async function entryOf(git: Git, mode: string, path: string, sha: string): Promise<StoredEntry> {
  const kind = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob'
  const entry = { path, mode: mode.padStart(6, '0'), kind, sha } as const
  return kind === 'blob' ? { ...entry, size: await sizeOf(git, sha) } : entry
}

/** A tree may have many entries, most of which are in memory. */
const sizeOf = async (git: Git, sha: string): Promise<number> =>
  (git.objects.get(sha) ?? (await readObject(git, sha)))?.bytes.length ?? 0

async function withEntriesBelow(git: Git, entry: StoredEntry): Promise<StoredEntry[]> {
  const below = entry.kind === 'tree' ? await readTree(git, entry.sha, true) : []
  return [entry, ...below.map((inner) => ({ ...inner, path: `${entry.path}/${inner.path}` }))]
}
