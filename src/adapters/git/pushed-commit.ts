import { findGit, realFolder } from './program.ts'
import { runGit } from './run.ts'

/** Returns the commit of a clone, where a remote has it too; null for a folder that is no clone's root. */
export async function readPushedCommit(root: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const program = findGit({ path: env.PATH, foreign: [root] })
  if (program === null) return null
  const git = { program, env, ceiling: '' }
  const ask = async (...words: readonly string[]): Promise<string> => {
    const ran = await runGit(git, root, words)
    return ran.kind === 'done' ? ran.text : ''
  }
  if (realFolder(await ask('rev-parse', '--show-toplevel')) !== realFolder(root)) return null
  const commit = await ask('rev-parse', '--verify', 'HEAD')
  const pushed = await ask('branch', '--remotes', '--contains', 'HEAD')
  return /^[0-9a-f]{40}$/.test(commit) && pushed !== '' ? commit : null
}
