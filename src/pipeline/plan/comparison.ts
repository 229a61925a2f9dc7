import { known } from '../../domain/reading.ts'
import type { CommitComparison, Repository } from '../ports.ts'

/**
 * Returns the relation of `head` to `base`: `unknown` if one of the two is gone, after a force push or with a
 * fork. A commit that is gone still equals itself.
 */
export async function comparison(
  repository: Repository,
  base: string,
  head: string,
): Promise<CommitComparison> {
  const compared = known(await repository.compare(base, head))
  if (compared !== null) return compared
  return { relation: base === head ? 'identical' : 'unknown', commits: 0 }
}
