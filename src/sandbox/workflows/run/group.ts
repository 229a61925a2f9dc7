import type { ConcurrencyFile } from '../workflow-file.ts'
import type { GroupMember } from './concurrency.ts'
import type { LiveRun } from './frame.ts'

/** The group of a workflow or a job whose expressions are filled in. */
export function memberOf(
  concurrency: ConcurrencyFile,
  cancel: () => void,
): { group: string; member: GroupMember } {
  const file = typeof concurrency === 'string' ? { group: concurrency } : concurrency
  const cancelInProgress = String(file['cancel-in-progress'] ?? false) === 'true'
  return {
    group: file.group,
    member: { queue: file.queue === 'max' ? 'max' : 'single', cancelInProgress, cancel },
  }
}

/** Does the work in its concurrency group, if it has one. Returns null if a newer job took its place in the queue. */
export async function insideGroup<T>(
  { site, cancel }: Pick<LiveRun, 'site' | 'cancel'>,
  concurrency: ConcurrencyFile | undefined,
  work: () => Promise<T>,
): Promise<T | null> {
  if (concurrency === undefined) return work()
  const { group, member } = memberOf(concurrency, cancel)
  if ((await site.groups.enter(group, member)) === 'cancelled') return null
  try {
    return await work()
  } finally {
    site.groups.leave(group, member)
  }
}
