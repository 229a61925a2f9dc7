import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mapping, readJson, words } from '../../../init/kinds/manifest.ts'
import { readPushedCommit } from '../../run/wire.ts'

/** The moving tag of this major version, for a Rollgate that does not know its own commit. */
const major = 'v0'

/**
 * Returns the version that workflows name: the commit of this program with its version behind it, as npm fetched it or as
 * its clone has it. Without one it is the major tag. `program` is the file that runs, `dist/cli.js` of its package.
 */
export async function ownVersion(program: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const root = dirname(dirname(realpathSync(program ?? '')))
    const { name, version } = readJson(read(join(root, 'package.json')))
    if (name !== 'rollgate') return major
    const commit = commitFetched(root) ?? (await readPushedCommit(root, env))
    return commit === null ? major : `${commit} # rollgate ${words(version)}`
  } catch {
    return major
  }
}

/** The commit that npm fetched the package at; it keeps a list of them beside the packages. */
function commitFetched(root: string): string | null {
  try {
    const { packages } = readJson(read(join(dirname(root), '.package-lock.json')))
    const { resolved } = mapping(mapping(packages)['node_modules/rollgate'])
    return /#([0-9a-f]{40})$/.exec(words(resolved))?.[1] ?? null
  } catch {
    return null
  }
}

const read = (path: string): string => readFileSync(path, 'utf8')
