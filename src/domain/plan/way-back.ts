import { isStraightBack } from '../detour/own/own.ts'
import { blockOf } from '../ledger/blocking.ts'
import { lineage } from '../ledger/history.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ProblemWords } from '../problem.ts'
import { describeFeasibility, type Feasibility, feasibility, isUnsafe } from '../release/feasibility.ts'
import type { Release } from '../release/release.ts'
import { rollsBack } from './modes.ts'
import { acknowledgesDataLoss, type Mode, type Undertaking } from './undertaking.ts'
import type { World } from './wish.ts'

type WayBackAsked = Pick<World, 'release' | 'ledger' | 'policy'>
type Unsafe = Extract<Feasibility, { kind: 'crosses-contract' | 'incompatible' }>

const mostNamed = 3

/** Refuses an unsafe rollback without an acknowledgement of its loss. */
export function wayBackRefusal(undertaking: Undertaking, asked: WayBackAsked): ProblemWords[] {
  const { release, ledger, policy } = asked
  const undone = undoneWayBack(undertaking.mode, asked)
  if (undone !== null) return [undoneWords(undone, asked)]
  const verdict = unsafeWayBack(undertaking.mode, asked)
  if (verdict === null || acknowledgesDataLoss(undertaking)) return []
  return [
    {
      code: 'rollback-unsafe',
      what: `Going back from ${ledger.serving?.release.tag ?? 'nothing'} to ${release.tag} in ${policy.name} ${verbOf(verdict)}${describeFeasibility(verdict)}.`,
      why: reasonOf(verdict),
      next: `${adviseWayBack(ledger)} You may also deploy a fixed release forward; or restore the database first and set acknowledge-data-loss: true.`,
    },
  ]
}

/** Returns the reason why an acknowledged rollback is not safe, for its plan and for the history; otherwise null. */
export function acknowledgedUnsafe(undertaking: Undertaking, asked: WayBackAsked): string | null {
  const verdict = acknowledgedVerdict(undertaking, asked)
  return verdict === null ? null : describeFeasibility(verdict)
}

/**
 * Returns the releases that an environment could go back to without harm to its data, the nearest first.
 * Releases that it went back from are left out; configs are not read for it.
 */
export function safeWaysBack(ledger: Ledger): Release[] {
  const serving = ledger.serving?.release
  if (serving === undefined) return []
  const before = lineage(ledger.history).filter(({ sha }) => sha !== serving.sha)
  return before.filter(
    (release, at) =>
      before.findIndex(({ sha }) => sha === release.sha) === at &&
      blockOf(ledger, release) === null &&
      feasibility(release, serving, ledger).kind === 'safe',
  )
}

/**
 * Names the releases that a refused rollback could go to instead. `refused`: the full SHA of the refused
 * release, if known.
 */
export function adviseWayBack(ledger: Ledger, refused = ''): string {
  const tags = safeWaysBack(ledger).flatMap(({ tag, sha }) => (sha === refused ? [] : [tag]))
  if (tags.length === 0)
    return `The ledger of ${ledger.environment} remembers no release that is safe to go back to.`
  const more = tags.length > mostNamed ? ', and others' : ''
  return `Safe to go back to, the nearest first: ${tags.slice(0, mostNamed).join(', ')}${more}.`
}

/** Returns the verdict on an acknowledged rollback that would harm the data; otherwise null. */
export const acknowledgedVerdict = (undertaking: Undertaking, asked: WayBackAsked): Unsafe | null =>
  acknowledgesDataLoss(undertaking) ? unsafeWayBack(undertaking.mode, asked) : null

type Undone = Extract<Feasibility, { kind: 'migration-undone' }>

/** Returns the verdict on a rollback to a release whose schema a rollback took away; otherwise null. */
function undoneWayBack(mode: Mode, { release, ledger }: WayBackAsked): Undone | null {
  const current = ledger.serving?.release
  if (!rollsBack(mode) || current === undefined || isStraightBack(ledger, release)) return null
  const verdict = feasibility(release, current, ledger)
  return verdict.kind === 'migration-undone' ? verdict : null
}

const undoneWords = (verdict: Undone, { release, policy }: WayBackAsked): ProblemWords => ({
  code: 'migration-undone',
  what: `${release.tag} cannot serve ${policy.name} by a rollback: its migration was rolled back by deployment ${verdict.deployment}, to ${verdict.by}.`,
  why: 'A rollback never migrates, and the schema that the release is built on is gone.',
  next: `Deploy ${release.tag}: that starts its migration again. Nothing was changed.`,
})

/** Returns the verdict on a rollback that would harm the data; otherwise null. */
function unsafeWayBack(mode: Mode, { release, ledger }: WayBackAsked): Unsafe | null {
  const current = ledger.serving?.release
  // The side that visitors left still has the database of the older release.
  if (!rollsBack(mode) || current === undefined || isStraightBack(ledger, release)) return null
  const verdict = feasibility(release, current, ledger)
  return isUnsafe(verdict) ? verdict : null
}

const verbOf = ({ kind }: Unsafe): string => (kind === 'incompatible' ? 'is ' : '')

function reasonOf({ kind }: Unsafe): string {
  switch (kind) {
    case 'crosses-contract':
      return 'The older release cannot work on a database after a contract migration.'
    case 'incompatible':
      return 'The migration was called expand, but the checks of the release before it have shown that it was none.'
  }
}
