import { Problem } from '../domain/problem.ts'
import { known } from '../domain/reading.ts'
import type { Comparison, Repository } from './ports.ts'

/** How `head` stands to `base`. Throws `commit-missing` where one of the two is gone: then nothing can be said of it. */
export async function comparison(repository: Repository, base: string, head: string): Promise<Comparison> {
  const compared = known(await repository.compare(base, head))
  if (compared !== null) return compared
  throw new Problem('commit-missing', {
    what: `Could not compare ${base} with ${head}: the repository does not have both commits.`,
    why: 'A force push or a deleted fork took a commit away, and GitHub has cleaned it up since.',
    next: 'Push the missing commit again if somebody still has it: git push origin <sha>:refs/tags/<tag>.',
  })
}
