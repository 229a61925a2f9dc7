import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../../domain/problem.ts'
import { isTelling, type RepositorySeen } from '../../../init/repository.ts'
import { readKnownFiles } from '../../run/wire.ts'

/** A repository, and the place where it lies. */
export interface SeenAt {
  readonly root: string
  readonly branch: string
  readonly repository: RepositorySeen
  ignores(path: string): Promise<boolean>
}

const largest = 256 * 1024
const most = 500

/** Reads what tells the kind of a repository. Runs nothing of it. Throws a Problem outside of a repository. */
export async function see(folder: string, env: NodeJS.ProcessEnv): Promise<SeenAt> {
  const known = await readKnownFiles(folder, env)
  if (known.kind === 'unread')
    throw new Problem('checkout-unknown', {
      what: `The files of ${folder} cannot be listed: ${known.words}`,
      why: 'Rollgate deploys commits, so that it looks at the files that git knows.',
      next: 'Run git init, or run the command in a git checkout of the project.',
    })
  const { root, name, branch, paths, ignores } = known
  const telling = paths.filter(isTelling).slice(0, most)
  const texts = telling.flatMap((path): [string, string][] => {
    const text = textOf(join(root, path))
    return text === null ? [] : [[path, text]]
  })
  return { root, branch, ignores, repository: { name, paths, texts: new Map(texts) } }
}

/** Null for a link, for a file that is no text, and for one that is too large to tell anything. */
function textOf(path: string): string | null {
  try {
    const about = lstatSync(path)
    if (!about.isFile() || about.size > largest) return null
    const text = readFileSync(path, 'utf8')
    return text.includes('\0') ? null : text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  } catch {
    return null
  }
}
