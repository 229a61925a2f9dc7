import { openAsBlob } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { LocalFile } from '../pipeline/ports.ts'

/** The files that a pattern means below a folder. What leads out of the folder is not seen. */
export async function filesOf(cwd: string, pattern: string): Promise<LocalFile[]> {
  const paths: string[] = []
  for await (const entry of glob(pattern, { cwd, withFileTypes: true }))
    if (entry.isFile()) paths.push(relative(cwd, resolve(entry.parentPath, entry.name)))
  const inside = paths.filter((path) => path.split(sep)[0] !== '..').sort()
  // Read only when it is sent, so that a large file never stands in memory whole.
  return Promise.all(inside.map(async (path) => ({ path, content: await openAsBlob(join(cwd, path)) })))
}
