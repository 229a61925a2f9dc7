import { emptyLedger } from '../../../domain/ledger/ledger.ts'
import { known } from '../../../domain/reading.ts'
import type { LedgerStore } from '../../../pipeline/ports.ts'
import { ask } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { once } from '../patience.ts'
import { append } from './append.ts'
import { fileAt, tip } from './at-head.ts'
import { ledgerFile, ledgerFiles } from './files.ts'
import { neighbours } from './neighbours.ts'
import { asksRef, ledgerRef } from './ref.ts'
import { parseLedger } from './text.ts'

export const gitHubLedgers = (github: GitHub): LedgerStore => ({
  neighbours: (environment) => neighbours(github, environment),
  async read(app, environment) {
    const ref = ledgerRef(app, environment)
    const head = await tip(github, ref)
    if (head === null) return { head, ledger: emptyLedger(app, environment) }
    const text = known(await fileAt(github, ledgerFile, head))
    return { head, ledger: parseLedger(text, { ref, app, environment }) }
  },
  async tips(app, environment) {
    const ref = ledgerRef(app, environment)
    const asking = { doing: `read ${ref}`, needs: 'contents: read' } as const
    const asked = { ...github.place, ...once, ref: commonPrefix }
    const refs = await ask(asking, github.rest.git.listMatchingRefs(asked))
    const tipOf = (name: string) => refs.find((one) => one.ref === name)?.object.sha ?? null
    return { ledger: tipOf(ref), asks: tipOf(asksRef(app, environment)) }
  },
  append: (head, ledger, message, made) =>
    append(
      github,
      {
        ...{ ref: ledgerRef(ledger.app, ledger.environment), head, files: ledgerFiles(ledger) },
        ...{ message, doing: `write the ledger of ${ledger.environment}` },
      },
      made,
    ),
})

/** The beginning of the names of ledgers and asks alike, so that one request reads both. */
const commonPrefix = 'rollgate'
