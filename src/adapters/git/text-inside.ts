import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { isInside, realFolder } from './program.ts'

/** A text file of a checkout; `absent` if nothing is there, `unread` for everything that is no plain text file of it. */
export type TextRead =
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unread'; readonly why: string }

/**
 * Reads a text file below a folder. A link that leads out of the folder would show a file of the machine, a pipe would wait
 * for ever, and a device or a very large file would fill the memory: none of them is read.
 */
export function readTextInside(root: string, path: string, longest: number): TextRead {
  try {
    const file = resolve(root, path)
    const about = statSync(file, { throwIfNoEntry: false })
    if (about === undefined) return { kind: 'absent' }
    const [folder, place] = [realFolder(root), realFolder(file)]
    if (folder === null || place === null) return { kind: 'unread', why: 'its folder is gone' }
    if (!isInside(folder, place)) return { kind: 'unread', why: 'it is outside of the checkout' }
    if (!about.isFile()) return { kind: 'unread', why: 'it is no file' }
    if (about.size > longest) return { kind: 'unread', why: `it has more than ${longest} bytes` }
    return { kind: 'found', text: readFileSync(place, 'utf8') }
  } catch (failure) {
    return { kind: 'unread', why: (failure as NodeJS.ErrnoException).code ?? 'unknown' }
  }
}
