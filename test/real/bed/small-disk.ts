import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder on a file system of its own, of some megabytes. */
export interface SmallDisk {
  readonly folder: string
  /** Takes space until so many megabytes are left. */
  fill(left: number): void
  /** Gives it back. */
  empty(): void
  close(): void
}

/** Returns a small disk in memory; null where this user may not mount one, with the reason in the output. */
export function aSmallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'))
  const run = (...words: [string, ...string[]]) =>
    execFileSync(words[0], words.slice(1), { stdio: 'pipe', encoding: 'utf8' })
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder)
  } catch (error) {
    rmSync(folder, { recursive: true })
    console.warn(`A small disk is left out, it needs root: ${(error as Error).message}`)
    return null
  }
  chmodSync(folder, 0o777)
  const filler = join(folder, 'filler')
  const free = () => Number(run('df', '-Pm', folder).trim().split('\n').at(-1)?.split(/\s+/)[3])
  return {
    folder,
    fill: (left) => void run('fallocate', '-l', `${free() - left}M`, filler),
    empty: () => rmSync(filler),
    close() {
      run('umount', '-l', folder)
      rmSync(folder, { recursive: true })
    },
  }
}
