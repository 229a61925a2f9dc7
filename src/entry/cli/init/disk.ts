import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FileDraft } from '../../../init/draft.ts'
import type { OnDisk } from '../../../init/standing.ts'

/** Looks at a path below a folder. A link on the way would lead out of the repository: it is never followed. */
export function look(root: string, path: string): OnDisk {
  const parts = path.split('/')
  for (const [at] of parts.entries()) {
    const part = parts.slice(0, at + 1).join('/')
    const about = lstatSync(join(root, part), { throwIfNoEntry: false })
    if (about === undefined) return { kind: 'absent' }
    if (about.isSymbolicLink()) return { kind: 'other', words: `${part} is a link` }
    const isLast = at === parts.length - 1
    if (!isLast && !about.isDirectory()) return { kind: 'other', words: `${part} is no folder` }
    if (isLast && !about.isFile()) return { kind: 'other', words: `${part} is no file` }
  }
  return { kind: 'file', text: readFileSync(join(root, path), 'utf8') }
}

/** Writes a file that must not be there yet. */
export function writeNew(root: string, { path, text, executable }: FileDraft): void {
  const place = join(root, path)
  mkdirSync(dirname(place), { recursive: true })
  writeFileSync(place, text, { flag: 'wx' })
  if (executable) chmodSync(place, 0o755)
}

/** Writes over a file of which a difference was shown. */
export const writeOver = (root: string, path: string, text: string): void =>
  writeFileSync(join(root, path), text)

export const remove = (root: string, path: string): void => rmSync(join(root, path))
