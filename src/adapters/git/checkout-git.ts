import { findGit } from './program.ts'
import { type Ran, runGit } from './run.ts'

/** Git in the checkout of a person, or git's words if there is none. */
export type CheckoutGit =
  | { readonly kind: 'git'; readonly root: string; ask(...words: readonly string[]): Promise<Ran> }
  | { readonly kind: 'unread'; readonly words: string }

/** Finds git and the root of the checkout that a folder lies in. A program of the checkout itself is never taken for git. */
export async function gitIn(folder: string, env: NodeJS.ProcessEnv): Promise<CheckoutGit> {
  const program = findGit({ path: env.PATH, foreign: [folder] })
  if (program === null) return { kind: 'unread', words: 'There is no git here.' }
  const git = { program, env, ceiling: '' }
  const top = await runGit(git, folder, ['rev-parse', '--show-toplevel'])
  if (top.kind === 'failed') return { kind: 'unread', words: top.words }
  return { kind: 'git', root: top.text, ask: (...words) => runGit(git, top.text, words) }
}
