import { execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
/** The folder of programs that are installed for the beds. */
export const installed = join(process.env.ROLLGATE_TOOLS ?? join(cache, 'rollgate-tools'), 'bin')

// Programs that `.ci/setup` installs into a folder of its own are found like all others.
process.env.PATH = [installed, process.env.PATH ?? ''].join(delimiter)

/** Returns the path of a program. */
export const programOf = (name: string): string =>
  execFileSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).trim()
