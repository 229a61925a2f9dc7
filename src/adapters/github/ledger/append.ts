import { randomUUID } from 'node:crypto'
import { Problem } from '../../../domain/problem.ts'
import { known } from '../../../domain/reading.ts'
import { ask } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { compare } from '../contents.ts'
import { mayPass, repeatable, repeatableAndFickle } from '../patience.ts'
import { short, tip } from './at-head.ts'
import type { NamedText } from './files.ts'

/** One commit more on a reference, with all the files that it holds. */
export interface Append {
  readonly ref: string
  /** The commit that the reference must still be at; null if there must be none. */
  readonly head: string | null
  readonly files: readonly NamedText[]
  readonly message: string
  /** The writing, after "Could not". */
  readonly doing: string
}

/**
 * Appends a commit if the reference still is at `head` (compare-and-swap). Returns the commit, or null if another writer
 * was first. A lost answer is looked up. Calls `made` with the commit before the reference moves.
 */
export async function append(
  github: GitHub,
  append: Append,
  made?: (commit: string) => void,
): Promise<string | null> {
  const commit = await write(github, append)
  made?.(commit)
  return (await land(github, { ...append, commit })) ? commit : null
}

type MadeAppend = Append & { readonly commit: string }

/** An address without an account: GitHub would show the owner of the address as the author. */
const author = { name: 'rollgate', email: 'rollgate@invalid' }

async function write(github: GitHub, append: Append): Promise<string> {
  const { place, rest } = github
  const { head, files, message } = append
  const entries = await Promise.all(files.map((one) => entry(github, append, one)))
  const tree = await ask(
    asking(append),
    rest.git.createTree({ ...place, ...repeatableAndFickle, tree: entries }),
  )
  const commit = await ask(
    asking(append),
    rest.git.createCommit({
      ...place,
      ...repeatableAndFickle,
      // Without this nonce, two runs that write the same in the same second make the same commit: both would win.
      message: `${message}\n\nRollgate-Append: ${randomUUID()}\n`,
      tree: tree.sha,
      parents: head === null ? [] : [head],
      author,
    }),
  )
  return commit.sha
}

const asking = ({ doing }: Append) => ({ doing, needs: 'contents: write' }) as const

/**
 * The longest text that goes with its tree, in characters. GitHub refuses a tree of more than 7 MB, and was seen to give
 * up on one of 2.5 MB; a blob may have 40 MB.
 */
const longestInTree = 1024 * 1024

const entry = async (github: GitHub, append: Append, { file, text }: NamedText) =>
  ({ path: file, mode: '100644', type: 'blob', ...(await content(github, append, text)) }) as const

async function content(
  github: GitHub,
  append: Append,
  text: string,
): Promise<{ content: string } | { sha: string }> {
  if (text.length <= longestInTree) return { content: text }
  const { place, rest } = github
  const blob = rest.git.createBlob({ ...place, ...repeatableAndFickle, content: text, encoding: 'utf-8' })
  const { sha } = await ask(asking(append), blob)
  return { sha }
}

/** Never forced: of two appends onto one head, the second is refused. */
async function move(github: GitHub, { doing, ref, head, commit }: MadeAppend): Promise<void> {
  const { place, rest } = github
  await ask(
    { doing: `${doing} at ${ref}`, needs: 'contents: write' },
    head === null
      ? rest.git.createRef({ ...place, ...repeatable, ref, sha: commit })
      : rest.git.updateRef({ ...place, ...repeatable, ref: short(ref), sha: commit, force: false }),
  )
}

/** Seconds before a move that was refused is tried again. */
const waits = [1, 3, 9]

/**
 * Moves the ref, and returns false if another writer was first. A refusal is retried while the ref has not
 * moved: GitHub's replicas lag behind each other, so that one of them may not know the commit, or the ref,
 * yet.
 */
async function land(github: GitHub, written: MadeAppend): Promise<boolean> {
  for (const wait of [...waits, null]) {
    try {
      await move(github, written)
      return true
    } catch (failure) {
      const moved = await whereTo(github, written, failure)
      if (moved !== 'nowhere') return moved === 'landed'
      if (wait !== null && mayPass(failure)) await github.wait(wait)
      else if (lostRace.test(String(failure))) return false
      else throw failure
    }
  }
  throw new Error('the last try answers or throws')
}

/**
 * Reads the position of the ref after an append that seems to have failed: if its answer was lost, the
 * repeated request may have been refused. A ref only moves forward: one that is shown before `head` is read from a copy that
 * lags behind, and no other writer was first. Throws the failure of a token without write permission.
 */
async function whereTo(
  github: GitHub,
  { ref, head, commit }: MadeAppend,
  failure: unknown,
): Promise<'landed' | 'nowhere' | 'elsewhere'> {
  if (!(failure instanceof Problem)) throw failure
  if (failure.code === 'permission-missing' && !mayPass(failure)) throw failure
  const now = await tip(github, ref)
  if (now === commit) return 'landed'
  if (now === head) return 'nowhere'
  if (now === null) return 'elsewhere'
  const { relation } = known(await compare(github, commit, now)) ?? { relation: null }
  if (relation === 'behind') return 'nowhere'
  // Another run may have appended on top of the commit by now.
  return relation === 'ahead' ? 'landed' : 'elsewhere'
}

/** GitHub's words for a lost race. They hold even if the reference, read again, still is the old one. */
const lostRace = /answered 409|not a fast.forward|already exists/i
