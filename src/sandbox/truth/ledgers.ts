import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ShopSide } from '../fleet/door-sides.ts'
import type { SandboxGitHub } from '../github/github.ts'

/** The parts of a ledger that speak of the world, read as JSON. */

/** A release, as the ledger has it. */
export interface WrittenRelease {
  readonly tag: string
}

export interface WrittenOutcome {
  readonly kind: string
  readonly forced?: readonly string[]
  readonly excluded?: readonly string[]
  readonly failed?: readonly string[]
  readonly stays?: readonly string[]
  readonly afterwards?: unknown
}

export interface WrittenPast {
  readonly number: number
  readonly mode: string
  readonly release: WrittenRelease
  readonly outcome: WrittenOutcome
  readonly record: number | null
  readonly endedAt: string
}

export interface WrittenEvent {
  readonly kind: string
  readonly at: string
  readonly step?: string
  readonly instance?: string
  readonly instances?: readonly string[] | Readonly<Record<string, unknown>>
  readonly direction?: string
  readonly decision?: string
}

export interface WrittenDetour {
  readonly id: string
  readonly mode: 'read-only' | 'read-write'
  readonly release: WrittenRelease
  readonly phase: string
  readonly notes: readonly { readonly act: string }[]
}

export interface WrittenLedger {
  readonly environment: string
  readonly serving: { readonly release: WrittenRelease; readonly record: number | null } | null
  readonly deployment: {
    readonly number: number
    readonly plan: {
      readonly release: WrittenRelease
      readonly from: WrittenRelease | null
      readonly steps?: readonly {
        readonly service?: { readonly rollout: { readonly order?: { readonly kind: string } } }
      }[]
    }
    readonly journal: readonly WrittenEvent[]
    readonly holder: unknown
    readonly record: number | null
  } | null
  readonly history: readonly WrittenPast[]
  /** Left out by a ledger without one. */
  readonly detour?: WrittenDetour | null
  /** The side that visitors were moved to last; left out before there was a switch. */
  readonly side?: ShopSide | null
}

export const git = promisify(execFile)

/** Reads the ledgers of a repository; a story's own text in a ledger's place is left out. */
export async function ledgersIn({ gitDir }: SandboxGitHub): Promise<WrittenLedger[]> {
  const { stdout: refs } = await git('git', [
    '--git-dir',
    gitDir,
    'for-each-ref',
    '--format=%(refname)',
    'refs/rollgate/',
  ])
  const texts = refs
    .split('\n')
    .filter(Boolean)
    .map((ref) => git('git', ['--git-dir', gitDir, 'show', `${ref}:ledger.json`]))
  const read = await Promise.allSettled(texts)
  return read.flatMap((one) => (one.status === 'fulfilled' ? ledgerIn(one.value.stdout) : []))
}

function ledgerIn(text: string): WrittenLedger[] {
  const ledger: Partial<WrittenLedger> = JSON.parse(text)
  return ledger.history === undefined || (ledger.deployment?.plan === undefined && ledger.deployment !== null)
    ? []
    : [ledger as WrittenLedger]
}

/** Returns the time of the last entry about a change of instances. */
export const lastChange = ({ deployment, history }: WrittenLedger): string =>
  deployment?.journal.at(-1)?.at ?? history.find(({ record }) => record !== null)?.endedAt ?? ''
