import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { OpenMigration } from '../../domain/ledger/open-migration.ts'
import {
  completionId,
  type HandedCompletion,
  hasSoaked,
  type SoakTurn,
  soakTurn,
  withCompletionDeclined,
  withCompletionHanded,
} from '../../domain/ledger/soak.ts'
import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { freezingOf } from '../../domain/schedule/freeze.ts'
import { frozen } from '../../domain/schedule/freeze-words.ts'
import { reviewsOf } from '../lock/approvals.ts'
import { isBusy } from '../lock/busy.ts'
import { compareAndSwap } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import { timetableOf } from '../plan/timetable.ts'
import type { Ports } from '../ports.ts'

/** The migration of an environment after the clock looked at its soak. */
export interface SoakLooked {
  readonly turn: SoakTurn
  /** The ID by which a run begins the completion; null where none is due. */
  readonly id: string | null
  readonly problem: ProblemWords | null
}

type SoakPorts = Pick<Ports, 'ledgers' | 'repository' | 'clock' | 'calendar'>

/**
 * Hands the completion of a migration whose soak is over to this run, which begins it in a job behind the gate of the
 * environment. The ledger is written first: of two clocks at once one gets it. Beside a live run nothing is written.
 */
export async function completeSoaked(
  ports: SoakPorts,
  app: string,
  policy: EnvironmentPolicy,
  doer: Doer,
): Promise<SoakLooked> {
  try {
    return await compareAndSwap(policy.name, () => look(ports, app, policy, doer))
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    return { ...notSoaked, problem: thrown.words }
  }
}

export const notSoaked: SoakLooked = { turn: { kind: 'nothing' }, id: null, problem: null }

async function look(
  ports: SoakPorts,
  app: string,
  policy: EnvironmentPolicy,
  doer: Doer,
): Promise<SoakLooked | null> {
  const { head, ledger } = await ports.ledgers.read(app, policy.name)
  const { migration } = ledger
  const now = ports.clock.now()
  if (migration === null || !hasSoaked(ledger, now)) return notSoaked
  if (await isBusy(ports, ledger, doer))
    return { ...notSoaked, turn: { kind: 'waits', why: 'a run is at work here' } }
  const held = heldWords(ports, policy)
  const turn = soakTurn(ledger, now, await handedTo(ports, migration, policy.name, doer), held)
  const after = ledgerAfter(ledger, turn, doer)
  if (after !== null) {
    const written = await ports.ledgers.append(head, after, inWords(migration, turn, doer))
    if (written === null) return null
  }
  return { turn, id: turn.kind === 'due' ? completionId(migration) : null, problem: null }
}

function heldWords(ports: SoakPorts, policy: EnvironmentPolicy): string | null {
  const mode = 'complete-migration'
  const timetable = timetableOf(ports, policy)
  const freezing = freezingOf(mode, timetable)
  const action = {
    mode,
    environment: policy.name,
    timetable,
    mayOverride: policy.freezeOverride,
    override: null,
  } as const
  return freezing === null ? null : frozen(freezing, action).what
}

/** Null where nothing is to be written. */
function ledgerAfter(ledger: Ledger, turn: SoakTurn, { run }: Doer): Ledger | null {
  switch (turn.kind) {
    case 'due':
      return withCompletionHanded(ledger, run)
    case 'declined':
      return withCompletionDeclined(ledger, turn.by, turn.why)
    case 'nothing':
    case 'waits':
      return null
  }
}

/** A run that GitHub does not show counts as live until a person names it as over: it may still wait for approval. */
async function handedTo(
  { repository }: SoakPorts,
  { handed }: OpenMigration,
  environment: string,
  { over }: Doer,
): Promise<HandedCompletion> {
  if (handed === null) return 'none'
  const { run } = handed
  const state = await repository.runState(run.id, run.attempt)
  if (state !== 'over') return state === 'unknown' && run.id === over ? 'over' : 'live'
  const { rejected } = await reviewsOf(repository, run, environment)
  const [no] = rejected
  return no === undefined ? 'over' : { rejectedBy: no.by, why: no.comment }
}

const inWords = ({ release: { tag } }: OpenMigration, turn: SoakTurn, { run }: Doer): string =>
  turn.kind === 'declined'
    ? `${turn.by} rejected the completion of the migration of ${tag}: only a person completes it`
    : `the migration of ${tag} has soaked, and its completion is handed to ${run.url}`
