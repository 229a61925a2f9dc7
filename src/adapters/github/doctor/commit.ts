import { ask } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import type { Asking } from '../failures.ts'
import { repeatableAndFickle } from '../patience.ts'

/** A commit that holds one file. */
interface OneFile {
  readonly path: string
  readonly content: string
  readonly message: string
  readonly parents: readonly string[]
}

/** Writes a commit that no reference leads to yet. */
export async function commitOf(
  { rest, place }: GitHub,
  asking: Asking,
  { path, content, message, parents }: OneFile,
): Promise<string> {
  const entry = { path, mode: '100644', type: 'blob', content } as const
  const tree = await ask(asking, rest.git.createTree({ ...place, ...repeatableAndFickle, tree: [entry] }))
  const commit = { message, tree: tree.sha, parents: [...parents], author }
  const { sha } = await ask(asking, rest.git.createCommit({ ...place, ...repeatableAndFickle, ...commit }))
  return sha
}

/** An address without an account: GitHub would show the owner of the address as the author. */
const author = { name: 'rollgate', email: 'rollgate@invalid' }
