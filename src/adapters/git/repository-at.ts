import { lstatSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { absent, found, type Reading, unknown } from '../../domain/reading.ts'
import { checkoutUnknown } from './checkout-unknown.ts'
import { isInside, realFolder } from './program.ts'

/** A folder of a checkout, with no link in either path. */
export interface RepositoryPlace {
  readonly folder: string
  /** The folder in which the repository's files begin. */
  readonly top: string
}

/**
 * Returns the checkout of a folder: the nearest one above it, inside of the workspace. Absent without a
 * checkout, and without the folder itself. Git is not asked: it reports a repository that it refuses to read
 * as absent.
 */
export function checkoutOf(workspace: string, cwd: string): Reading<RepositoryPlace> {
  const [root, folder] = [realFolder(workspace), realFolder(cwd)]
  if (root === null || folder === null) return absent
  if (!isInside(root, folder))
    return unknown(checkoutUnknown(cwd, `it leads out of the workspace ${workspace}, to ${folder}`))
  for (let top = folder; isInside(root, top); top = dirname(top)) {
    const entry = entryIn(top)
    if (entry === null) continue
    const data = dataOf(entry)
    return data !== null && isInside(root, data)
      ? found({ folder, top })
      : unknown(checkoutUnknown(cwd, `${entry} names a repository outside of the workspace`))
  }
  return absent
}

function entryIn(top: string): string | null {
  const entry = join(top, '.git')
  return lstatSync(entry, { throwIfNoEntry: false }) === undefined ? null : entry
}

/** Returns the folder of git's own data: `.git` itself, or the target of a file or a link of that name. */
function dataOf(entry: string): string | null {
  const real = realFolder(entry)
  if (real === null || !lstatSync(real).isFile()) return real
  const [, named] = /^gitdir: (.+)$/m.exec(readFileSync(real, 'utf8')) ?? []
  return named === undefined ? null : realFolder(resolve(dirname(entry), named.trim()))
}
