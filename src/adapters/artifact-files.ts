import { openAsBlob } from 'node:fs'
import { glob } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { Problem } from '../domain/problem.ts'
import type { LocalFile } from '../pipeline/ports.ts'
import { follow } from './checkout-files.ts'

/**
 * Returns the files that a pattern matches, in a folder of a checkout. Throws for one that lies outside of
 * the checkout.
 */
export async function filesOf(cwd: string, pattern: string): Promise<LocalFile[]> {
  const files = new Map<string, string>()
  for await (const entry of glob(pattern, {
    cwd,
    withFileTypes: true,
    exclude: ({ name }) => name === '.git',
  })) {
    const path = relative(cwd, resolve(entry.parentPath, entry.name))
    const followed = follow(cwd, path)
    if (followed.kind === 'outside') throw outside(pattern, path)
    if (followed.kind === 'file') files.set(path, followed.path)
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  // Read only when it is sent, so that a large file never stands in memory whole.
  return Promise.all(sorted.map(async ([path, real]) => ({ path, content: await openAsBlob(real) })))
}

const outside = (pattern: string, path: string): Problem =>
  new Problem('input-invalid', {
    what: `The pattern ${pattern} of the input artifacts leads to ${path}, which lies outside of the checkout.`,
    why: 'A link or a path out of the checkout may lead to files of the runner that must not be published.',
    next: 'Copy the file into the checkout, or correct the pattern. Nothing was created.',
  })
