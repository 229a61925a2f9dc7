import { Problem } from '../../domain/problem.ts'
import { absent, known } from '../../domain/reading.ts'
import { type KnownTag, tagMissing } from '../../domain/release/tag-missing.ts'
import { checkTagName } from '../../domain/release/tag-name.ts'
import type { Repository } from '../ports.ts'
import { nearestTags } from './nearest-tags.ts'

/**
 * Returns the present commit of a tag. Throws `tag-invalid` for an impossible name, `tag-missing` for a
 * missing tag. `knownAs`: the ledger's knowledge of that name.
 */
export async function commitOf(
  repository: Repository,
  tag: string,
  knownAs: KnownTag | null = null,
): Promise<string> {
  checkTagName(tag)
  const sha = known(await repository.resolveTag(tag))
  if (sha !== null) return sha
  throw await noTag(repository, tag, knownAs)
}

/** The most tags to read: an annotated one costs a request of its own. */
const mostRead = 30

/** The looks that only make the words better may fail. */
async function noTag(repository: Repository, name: string, knownAs: KnownTag | null): Promise<Problem> {
  const branch = await repository.resolveBranch(name)
  const tags = branch.kind === 'found' ? absent : await repository.tags(mostRead)
  const { code, ...words } = tagMissing({
    name,
    branch: branch.kind === 'found',
    knownAs,
    near: nearestTags(name, tags.kind === 'found' ? tags.value.map(({ tag }) => tag) : []),
  })
  return new Problem(code, words)
}
