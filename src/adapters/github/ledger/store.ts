import { randomUUID } from 'node:crypto'
import { emptyLedger, type Ledger } from '../../../domain/ledger/ledger.ts'
import { Problem } from '../../../domain/problem.ts'
import { known, type Reading } from '../../../domain/reading.ts'
import type { LedgerStore } from '../../../pipeline/ports.ts'
import { ask, find } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { compare, file } from '../contents.ts'
import { mayPass, once, repeatable, repeatableAndFickle } from '../patience.ts'
import { reference } from '../references.ts'
import { neighbours } from './neighbours.ts'
import { ledgerRef } from './ref.ts'
import { ledgerText, parseLedger } from './text.ts'

export const gitHubLedgers = (github: GitHub): LedgerStore => ({
  neighbours: (environment) => neighbours(github, environment),
  async read(app, environment) {
    const ref = ledgerRef(app, environment)
    const head = await tip(github, ref)
    if (head === null) return { head, ledger: emptyLedger(app, environment) }
    const text = known(await fileAt(github, head))
    return { head, ledger: parseLedger(text, { ref, app, environment }) }
  },
  async tip(app, environment) {
    const ref = ledgerRef(app, environment)
    const asking = { doing: `read ${ref}`, needs: 'contents: read' } as const
    const found = await find(asking, github.rest.git.getRef({ ...github.place, ...once, ref: short(ref) }))
    return found?.object.sha ?? null
  },
  async append(head, ledger, message, made) {
    const ref = ledgerRef(ledger.app, ledger.environment)
    const commit = await write(github, head, ledger, message)
    made?.(commit)
    const append = { ref, head, commit }
    return (await land(github, append)) ? commit : null
  },
})

interface Append {
  readonly ref: string
  readonly head: string | null
  readonly commit: string
}

const fileName = 'ledger.json'

/** An address without an account: GitHub would show the owner of the address as the author. */
const author = { name: 'rollgate', email: 'rollgate@invalid' }

/** May lag a moment behind. That does no harm: an append onto an old head is no fast-forward, so it is refused. */
async function tip(github: GitHub, ref: string): Promise<string | null> {
  return known(await reference(github, short(ref)))?.sha ?? null
}

/** Asked once more where it is not there: the copy of GitHub that answers may not know the commit yet. */
async function fileAt(github: GitHub, head: string): Promise<Reading<string>> {
  const first = await file(github, fileName, head)
  if (first.kind === 'found') return first
  await github.wait(1)
  return file(github, fileName, head)
}

async function write(github: GitHub, head: string | null, ledger: Ledger, message: string): Promise<string> {
  const { place, rest } = github
  const asking = { doing: `write the ledger of ${ledger.environment}`, needs: 'contents: write' } as const
  const entry = { path: fileName, mode: '100644', type: 'blob', ...(await content(github, ledger)) } as const
  const tree = await ask(asking, rest.git.createTree({ ...place, ...repeatableAndFickle, tree: [entry] }))
  const commit = await ask(
    asking,
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

/**
 * The longest text that goes with its tree, in characters. GitHub refuses a tree of more than 7 MB, and was seen to give
 * up on one of 2.5 MB; a blob may have 40 MB.
 */
const longestInTree = 1024 * 1024

async function content(github: GitHub, ledger: Ledger): Promise<{ content: string } | { sha: string }> {
  const text = ledgerText(ledger)
  if (text.length <= longestInTree) return { content: text }
  const { place, rest } = github
  const asking = { doing: `write the ledger of ${ledger.environment}`, needs: 'contents: write' } as const
  const blob = rest.git.createBlob({ ...place, ...repeatableAndFickle, content: text, encoding: 'utf-8' })
  const { sha } = await ask(asking, blob)
  return { sha }
}

/** Never forced: of two appends onto one head, the second is refused. */
async function move(github: GitHub, { ref, head, commit }: Append): Promise<void> {
  const { place, rest } = github
  await ask(
    { doing: `write the ledger at ${ref}`, needs: 'contents: write' },
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
async function land(github: GitHub, append: Append): Promise<boolean> {
  for (const wait of [...waits, null]) {
    try {
      await move(github, append)
      return true
    } catch (failure) {
      const moved = await whereTo(github, append, failure)
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
 * repeated request may have been refused. Throws the failure of a token without write permission.
 */
async function whereTo(
  github: GitHub,
  { ref, head, commit }: Append,
  failure: unknown,
): Promise<'landed' | 'nowhere' | 'elsewhere'> {
  if (!(failure instanceof Problem)) throw failure
  if (failure.code === 'permission-missing' && !mayPass(failure)) throw failure
  const now = await tip(github, ref)
  if (now === commit) return 'landed'
  if (now === head) return 'nowhere'
  // Another run may have appended on top of the commit by now.
  const goesOn = now !== null && known(await compare(github, commit, now))?.relation === 'ahead'
  return goesOn ? 'landed' : 'elsewhere'
}

/** GitHub's words for a lost race. They hold even if the reference, read again, still is the old one. */
const lostRace = /answered 409|not a fast.forward|already exists/i

/** The API names a reference without its `refs/`, except where it is made. */
const short = (ref: string) => ref.slice('refs/'.length)
