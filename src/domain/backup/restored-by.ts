import type { DetourAct } from '../detour/deed.ts'
import type { Happening } from '../journal/journal.ts'
import { standing } from '../journal/standing.ts'
import type { RestoredBackup } from '../ledger/past.ts'
import type { Underway } from '../ledger/underway.ts'
import { restoreStep } from '../step/steps-in.ts'

/**
 * Returns the point to which a deployment brought the database back: a backup, or where visitors left it for a detour.
 * Null without one. A restore that has begun may have changed the database, however it ended.
 */
export const restoredBy = (underway: Underway): RestoredBackup | null =>
  revertedBy(underway) ?? backupRestoredBy(underway)

function backupRestoredBy({ plan, journal }: Underway): RestoredBackup | null {
  const step = restoreStep(plan.steps)
  const begun = journal.some((event) => event.kind === 'step-started' && event.step === step?.id)
  if (step === null || !begun) return null
  const state = standing(plan, journal).steps.get(step.id)?.state
  return { ...step.backup, done: state === 'succeeded' || state === 'forced' }
}

/** The id of a detour ends with the deployment that opened it: every migration since is gone. */
export function revertedBy({ number, journal }: Pick<Underway, 'number' | 'journal'>): RestoredBackup | null {
  const closed = journal.findLast((event) => event.kind === 'detour-deed' && endsDatabase.has(event.deed))
  if (closed?.kind !== 'detour-deed' || !(isReversion(closed) || closed.deed === 'pointed-back')) return null
  const { detour: name, evidence, at } = closed
  const deployment = Number(/-(\d+)$/.exec(name)?.[1] ?? number)
  return {
    name,
    position: evidence.position ?? evidence['position.home'] ?? null,
    at,
    deployment,
    done: true,
  }
}

/** The deeds by which a database comes back: of a detour, or of two sides with one each. */
const endsDatabase: ReadonlySet<DetourAct> = new Set(['closed', 'pointed-back'])

/** True if the database is back where visitors left it, after a deed of its detour. */
export const isReversion = ({
  deed,
  evidence,
}: Pick<Extract<Happening, { kind: 'detour-deed' }>, 'deed' | 'evidence'>): boolean =>
  deed === 'closed' && evidence.way === 'revert'
