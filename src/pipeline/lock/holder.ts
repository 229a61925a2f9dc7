import type { Underway } from '../../domain/ledger/underway.ts'
import { Problem } from '../../domain/problem.ts'
import { type Run, sameRun } from '../../domain/release/release.ts'
import type { Ports } from '../ports.ts'
import type { Doer } from './doer.ts'

/**
 * True if a live run works on a deployment: another one, or another job of this one. Throws `holder-unknown`
 * if GitHub does not show that run: it may still be at work, so its lock is taken over only when a person
 * names that run as over.
 */
export async function isHolderLive(
  { repository }: Pick<Ports, 'repository'>,
  { holder }: Pick<Underway, 'holder'>,
  { run, over }: Pick<Doer, 'run' | 'over'>,
): Promise<boolean> {
  if (holder === null) return false
  if (sameRun(holder, run)) return true
  const state = await repository.runState(holder.id, holder.attempt)
  if (state === 'unknown' && holder.id !== over) throw holderUnknown(holder)
  return state === 'live'
}

const holderUnknown = ({ id, url }: Run): Problem =>
  new Problem('holder-unknown', {
    what: `Run ${id} holds this environment, and GitHub does not show that run: ${url}`,
    why: 'The run was deleted, or the token may not see it. It is not known whether it still works, and two runs at once could undo each other.',
    next: `Give the job \`actions: read\` and run it again. If you are sure that run ${id} has ended, run this one again with \`run-is-over: ${id}\`. Nothing was changed.`,
  })
