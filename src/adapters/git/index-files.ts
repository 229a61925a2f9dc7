import type { FilesSeen } from '../../domain/plan/files-there.ts'
import { entryOfMode, type TreeEntry } from '../../domain/release/release-tree.ts'
import { gitIn } from './checkout-git.ts'
import { readTextInside } from './text-inside.ts'

/** The files of a checkout as its next commit would keep them, or git's words if it cannot list them. */
export type IndexRead =
  | { readonly kind: 'read'; readonly root: string; readonly files: FilesSeen }
  | { readonly kind: 'unread'; readonly words: string }

/** Reads git's index: a file that git does not know is not in the release that the next commit becomes. */
export async function readIndex(folder: string, env: NodeJS.ProcessEnv): Promise<IndexRead> {
  const git = await gitIn(folder, env)
  if (git.kind === 'unread') return git
  const listed = await git.ask('ls-files', '--stage', '-z')
  if (listed.kind === 'failed') return { kind: 'unread', words: listed.words }
  const ignored = ignoredIn(git.root)
  if (ignored === null) return { kind: 'unread', words: 'Its .gitignore cannot be read.' }
  const entries = new Map(listed.text.split('\0').flatMap(entryOf))
  return { kind: 'read', root: git.root, files: { tree: { entries, whole: true }, ignored } }
}

/** One line of `ls-files --stage`, as the file and the folders that it lies in. */
function entryOf(line: string): [string, TreeEntry][] {
  const [, mode, path] = /^(\d+) \S+ \d\t(.+)$/s.exec(line) ?? []
  if (mode === undefined || path === undefined) return []
  const folders = path.split('/').slice(0, -1)
  return [
    ...folders.map((_, at): [string, TreeEntry] => [folders.slice(0, at + 1).join('/'), 'folder']),
    [path, entryOfMode(mode)],
  ]
}

/** Far more than any `.gitignore` holds. */
const longest = 1024 * 1024

/** Empty without a `.gitignore`; null if it cannot be read, since every file may be ignored then. */
function ignoredIn(root: string): string | null {
  const read = readTextInside(root, '.gitignore', longest)
  if (read.kind === 'absent') return ''
  return read.kind === 'found' ? read.text : null
}
