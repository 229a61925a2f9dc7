import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Git, ObjectKind } from './git.ts'

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

/** The entries below a tree or commit of this full SHA. */
export async function readTree(git: Git, sha: string, recursive: boolean): Promise<StoredEntry[]> {
  const depth = recursive ? ['-r', '-t'] : []
  const listing = await git.lasting(['ls-tree', '-z', '-l', ...depth, sha])
  return listing.split('\0').filter(Boolean).map(parseEntry)
}

/** The entry at a path inside the commit of this full SHA. */
export async function entryAt(git: Git, commit: string, at: string): Promise<StoredEntry | undefined> {
  const listing = await git.lasting([
    '--literal-pathspecs',
    'ls-tree',
    '-z',
    '-l',
    '--full-tree',
    commit,
    '--',
    at,
  ])
  return listing.split('\0').filter(Boolean).map(parseEntry)[0]
}

/** Lays the changes over a base tree (over nothing without one) and returns the new tree's SHA. */
export async function writeTree(
  git: Git,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = path.join(git.folder, `index-${randomUUID()}`)
  const env = { GIT_INDEX_FILE: index }
  try {
    if (base !== undefined) await git.run(['read-tree', base], { env })
    await git.run(['update-index', '--add', '--replace', '-z', '--index-info'], {
      env,
      input: changes.filter(isFile).map(indexLine).join(''),
    })
    for (const subtree of changes.filter((change) => !isFile(change))) {
      await git.run(['read-tree', '-i', `--prefix=${subtree.path}/`, subtree.sha ?? ''], { env })
    }
    return await git.text(['write-tree'], { env })
  } finally {
    await rm(index, { force: true })
  }
}

const isFile = (change: TreeChange) => change.mode !== '040000' || change.sha === null

function indexLine(change: TreeChange): string {
  return change.sha === null
    ? `0 ${'0'.repeat(40)}\t${change.path}\0`
    : `${change.mode} ${change.sha}\t${change.path}\0`
}

function parseEntry(line: string): StoredEntry {
  const tab = line.indexOf('\t')
  const [mode = '', kind = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/)
  const entry = { path: line.slice(tab + 1), mode, kind: kind as ObjectKind, sha }
  return size === '-' ? entry : { ...entry, size: Number(size) }
}
