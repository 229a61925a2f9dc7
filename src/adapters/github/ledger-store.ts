import { randomUUID } from 'node:crypto'
import { emptyLedger, type Ledger } from '../../domain/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import { known } from '../../domain/reading.ts'
import type { LedgerStore } from '../../pipeline/ports.ts'
import { ask, find } from './answer.ts'
import type { GitHub } from './connection.ts'
import { compare, file } from './contents.ts'
import { ledgerRef } from './ledger-ref.ts'
import { ledgerText, parseLedger } from './ledger-text.ts'
import { once, repeatable } from './patience.ts'
import { reference } from './references.ts'

export const gitHubLedgers = (github: GitHub): LedgerStore => ({
  async read(app, environment) {
    const ref = ledgerRef(app, environment)
    const head = await tip(github, ref)
    if (head === null) return { head, ledger: emptyLedger(app, environment) }
    const text = known(await file(github, fileName, head))
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
    try {
      await move(github, append)
      return commit
    } catch (failure) {
      return (await hasLanded(github, append, failure)) ? commit : null
    }
  },
})

interface Append {
  readonly ref: string
  readonly head: string | null
  readonly commit: string
}

const fileName = 'ledger.json'

/** An address that is nobody's: GitHub would show the account that has it as the author. */
const author = { name: 'rollgate', email: 'rollgate@invalid' }

/** May lag a moment behind. That does no harm: an append onto an old head is no fast-forward, so it is refused. */
async function tip(github: GitHub, ref: string): Promise<string | null> {
  return known(await reference(github, short(ref)))?.sha ?? null
}

async function write(github: GitHub, head: string | null, ledger: Ledger, message: string): Promise<string> {
  const { place, rest } = github
  const asking = { doing: `write the ledger of ${ledger.environment}`, needs: 'contents: write' } as const
  const entry = { path: fileName, mode: '100644', type: 'blob', content: ledgerText(ledger) } as const
  const tree = await ask(asking, rest.git.createTree({ ...place, ...repeatable, tree: [entry] }))
  const commit = await ask(
    asking,
    rest.git.createCommit({
      ...place,
      ...repeatable,
      // Without this, two runs that write the same in the same second make the same commit: both would win.
      message: `${message}\n\nRollgate-Append: ${randomUUID()}\n`,
      tree: tree.sha,
      parents: head === null ? [] : [head],
      author,
    }),
  )
  return commit.sha
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

/**
 * Whether an append that seems to have failed was done after all: where its answer was lost, the repeated request
 * may have been refused. False when somebody else was first; throws the failure when nothing has moved.
 */
async function hasLanded(github: GitHub, { ref, head, commit }: Append, failure: unknown): Promise<boolean> {
  if (!(failure instanceof Problem) || failure.code === 'permission-missing') throw failure
  const now = await tip(github, ref)
  if (now === commit) return true
  if (now === head) {
    if (lostRace.test(failure.what)) return false
    throw failure
  }
  // Somebody may have gone on from it by now.
  return now !== null && known(await compare(github, commit, now))?.relation === 'ahead'
}

/** GitHub's words for it. They hold even where the reference, read a moment later, still is the old one. */
const lostRace = /answered 409|not a fast.forward|already exists/i

/** The API names a reference without its `refs/`, except where it is made. */
const short = (ref: string) => ref.slice('refs/'.length)
