import { Problem } from '../domain/problem.ts'
import { known } from '../domain/reading.ts'
import { checkTagName } from '../domain/tag-name.ts'
import type { Repository } from './ports.ts'

/** The commit that a tag means now. Throws `tag-invalid` for what can be no tag, `tag-missing` for what is none. */
export async function commitOf(repository: Repository, tag: string): Promise<string> {
  checkTagName(tag)
  const sha = known(await repository.resolveTag(tag))
  if (sha !== null) return sha
  throw new Problem('tag-missing', {
    what: `There is no tag ${tag} in this repository.`,
    why: 'It is misspelt, it was not pushed, or it is the name of a branch: only tags are deployed.',
    next: `Push the tag (git push origin ${tag}) and run again.`,
  })
}
