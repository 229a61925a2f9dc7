import type { Ledger } from '../../domain/ledger/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import type { Kept, LedgerStore } from '../ports.ts'

/** The identity of a run's ledger, besides the names of its app and its environment. */
export interface Identity {
  readonly configPath: string
  /** `new`: a person begins a ledger beside another. `moved`: a person takes over the ledger of a config that moved. */
  readonly confirmed: 'new' | 'moved' | null
  /** Returns true if the default branch has a config at a path: such a config has not moved. */
  stands(path: string): Promise<boolean>
}

/**
 * Reads ledgers of one config. One environment has one ledger, under every name of the repository, the app or
 * the config: an empty ledger is refused if the environment has a history under another name, and a ledger of
 * another config is refused. Otherwise the lock, an open question and all blocks would be lost after a
 * renaming.
 */
export function identified(store: LedgerStore, { configPath, confirmed, stands }: Identity): LedgerStore {
  return {
    ...store,
    async read(app, environment) {
      const kept = await store.read(app, environment)
      if (kept.head === null) return confirmed === 'new' ? kept : ofNobodyElse(store, kept, configPath)
      const of = kept.ledger.config
      if (of === null || of === configPath) return kept
      if (confirmed !== 'moved' || (await stands(of))) throw ofAnotherConfig(kept.ledger, of, configPath)
      return { ...kept, ledger: { ...kept.ledger, config: configPath } }
    },
    append: (head, ledger, ...rest) =>
      store.append(head, { ...ledger, config: ledger.config ?? configPath }, ...rest),
  }
}

async function ofNobodyElse(store: LedgerStore, kept: Kept, configPath: string): Promise<Kept> {
  const { app, environment } = kept.ledger
  for (const { kind, ...names } of await store.neighbours(environment)) {
    const itself = names.app === app && names.environment === environment
    if (itself && kind === 'ledger') throw notShown(environment)
    if (kind === 'record') throw itself ? gone(kept.ledger) : elsewhere(kept.ledger, names)
    const { ledger } = await store.read(names.app, names.environment)
    const sameConfig = ledger.config === null || ledger.config === configPath
    if (sameConfig && hasHistory(ledger)) throw elsewhere(kept.ledger, names)
  }
  return kept
}

const hasHistory = ({ history, deployment, blocked }: Ledger): boolean =>
  history.length > 0 || deployment !== null || blocked.length > 0

type Names = Pick<Ledger, 'app' | 'environment'>

const elsewhere = ({ app, environment }: Names, other: Names): Problem =>
  new Problem('ledger-elsewhere', {
    what: `${environment} has no ledger of the app ${app}, and ${other.environment} has a history as the app ${other.app}.`,
    why: 'The repository, the app or the environment was renamed: what serves, who holds the environment and what is blocked stand under the old name.',
    next:
      other.app === app
        ? `Name the environment ${other.environment} in the config, as before. If ${environment} is another environment, run this once with \`ledger: new\`. Nothing was changed.`
        : `Set \`app: ${other.app}\` in the config. If ${app} is another app, run this once with \`ledger: new\`. Nothing was changed.`,
  })

const gone = ({ app, environment }: Names): Problem =>
  new Problem('ledger-elsewhere', {
    what: `${environment} has no ledger of the app ${app}, and GitHub has Deployments that Rollgate recorded for it.`,
    why: 'The reference of the ledger was deleted, or the repository was copied without it.',
    next: `Restore the reference under refs/rollgate/ from a clone that has it. To begin anew, run this once with \`ledger: new\`. Nothing was changed.`,
  })

const notShown = (environment: string): Problem =>
  new Problem('github-unavailable', {
    what: `GitHub lists the ledger of ${environment} and does not show it.`,
    why: 'Its answers lag behind each other for a moment.',
    next: 'Run it again. Nothing was changed.',
  })

const ofAnotherConfig = ({ app, environment }: Ledger, of: string, configPath: string): Problem =>
  new Problem('ledger-elsewhere', {
    what: `The ledger of ${environment} (app ${app}) belongs to the config ${of}, and this run reads ${configPath}.`,
    why: 'Two configs of one repository that name no app, or the same one, would share what serves and who holds the environment.',
    next: `Give ${configPath} an \`app\` of its own. If the config was moved from ${of}, which the default branch then no longer has, run this once with \`ledger: moved\`. Nothing was changed.`,
  })
