import { ledgerFiles } from '../../src/adapters/github/ledger/files.ts'
import { ledgerNames, ledgerRef } from '../../src/adapters/github/ledger/ref.ts'
import { parseLedger } from '../../src/adapters/github/ledger/text.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import type { LedgerStore } from '../../src/pipeline/ports.ts'
import type { MemoryAsks } from './memory-asks.ts'

export interface MemoryLedgers extends LedgerStore {
  /** Oldest first. */
  commits(app: string, environment: string): readonly MemoryCommit[]
  /** Puts a text in a ledger's place, whatever was there. */
  plant(app: string, environment: string, text: string | null): void
  remove(app: string, environment: string): void
}

export interface MemoryCommit {
  readonly head: string
  readonly message: string
  /** Null where the commit holds no ledger's file. */
  readonly text: string | null
  /** The other files of the commit, by their paths. */
  readonly others: Readonly<Record<string, string>>
}

/** Ledgers as text, like those in git: a read never returns the appended object. */
export function createMemoryLedgers(asks: Pick<MemoryAsks, 'head'> | null = null): MemoryLedgers {
  const histories = new Map<string, readonly MemoryCommit[]>()
  let made = 0
  const commit = (
    message: string,
    text: string | null,
    others: MemoryCommit['others'] = {},
  ): MemoryCommit => {
    made += 1
    return { head: made.toString(16).padStart(40, '0'), message, text, others }
  }
  const commits = (app: string, environment: string) => histories.get(ledgerRef(app, environment)) ?? []

  return {
    async read(app, environment) {
      const last = commits(app, environment).at(-1)
      if (last === undefined) return { head: null, ledger: emptyLedger(app, environment) }
      const place = { ref: ledgerRef(app, environment), app, environment }
      return { head: last.head, ledger: parseLedger(last.text, place) }
    },
    async neighbours(environment) {
      const all = [...histories.keys()].flatMap((ref) => ledgerNames(ref) ?? [])
      return all
        .filter((names) => names.environment.toLowerCase() === environment.toLowerCase())
        .map((names) => ({ ...names, kind: 'ledger' }) as const)
    },
    tips: async (app, environment) => ({
      ledger: commits(app, environment).at(-1)?.head ?? null,
      asks: asks?.head(app, environment) ?? null,
    }),
    async append(head, ledger: Ledger, message, made) {
      const before = commits(ledger.app, ledger.environment)
      if ((before.at(-1)?.head ?? null) !== head) return null
      const [first, ...others] = ledgerFiles(ledger)
      const named = Object.fromEntries(others.map(({ file, text }) => [file, text]))
      const added = commit(message, first?.text ?? null, named)
      made?.(added.head)
      histories.set(ledgerRef(ledger.app, ledger.environment), [...before, added])
      return added.head
    },
    commits,
    plant: (app, environment, text) =>
      void histories.set(ledgerRef(app, environment), [commit('planted', text)]),
    remove: (app, environment) => void histories.delete(ledgerRef(app, environment)),
  }
}
