import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, isAbsolute, join, relative, sep } from 'node:path'

/** The folders of programs that belong to the operating system. */
export const systemFolders = [
  '/usr/bin',
  '/usr/local/bin',
  '/bin',
  '/opt/homebrew/bin',
  'C:\\Program Files\\Git\\cmd',
] as const

const programs = (name: string): string[] => (process.platform === 'win32' ? [`${name}.exe`] : [name])

export interface Search {
  readonly path: string | undefined
  /** Folders that a release may write to: a git in one of them is never used. */
  readonly foreign: readonly string[]
  readonly folders?: readonly string[]
}

/**
 * Returns the git to run, or null without one. The system's own comes first, and one in the checkout is never
 * used: a release may have put a program of that name first on `PATH`, and git is given the token.
 */
export const findGit = (search: Search): string | null => findProgram('git', search)

/** The same for any program. */
export function findProgram(
  program: string,
  { path = '', foreign, folders = systemFolders }: Search,
): string | null {
  const onPath = path.split(delimiter).filter(isAbsolute)
  const out = foreign.map((folder) => realFolder(folder) ?? folder)
  for (const folder of [...folders, ...onPath])
    for (const name of programs(program)) {
      const found = runnable(join(folder, name))
      if (found !== null && !out.some((other) => isInside(other, found))) return join(folder, name)
    }
  return null
}

/** The file behind a path, where it may be run. */
function runnable(path: string): string | null {
  try {
    accessSync(path, constants.X_OK)
    return realpathSync(path)
  } catch {
    return null
  }
}

/** A folder with every link in its path followed, or null where nothing is there. */
export function realFolder(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

/** True for a folder itself and for everything below it. Both must have no links in their paths. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
}
