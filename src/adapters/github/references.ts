import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { found, mapped, type Reading, unknown } from '../../domain/reading.ts'
import { newestFirst } from '../../domain/release/tag-order.ts'
import type { Tag } from '../../pipeline/ports.ts'
import { ask, look, unclear } from './answer.ts'
import type { GitHub } from './connection.ts'

/** The object that a reference points at. `ref` is the exact name without `refs/`. */
export async function reference(github: GitHub, ref: string): Promise<Reading<GitObject>> {
  const asking = { doing: `read refs/${ref}`, needs: 'contents: read' } as const
  return mapped(
    await look(github, asking, github.rest.git.getRef({ ...github.place, ref })),
    (data) => data.object,
  )
}

export const resolveBranch = async (github: GitHub, name: string): Promise<Reading<string>> =>
  mapped(await reference(github, `heads/${name}`), ({ sha }) => sha)

/**
 * Returns the commit behind a tag, looked up by the reference's exact name: `GET /commits/tags/v1` would peel
 * in one request, but may mean a branch named `tags/v1`. So an annotated tag costs a second request.
 */
export async function resolveTag(github: GitHub, tag: string): Promise<Reading<string>> {
  const reading = await reference(github, `tags/${tag}`)
  if (reading.kind !== 'found') return reading
  try {
    const sha = await peeled(github, tag, reading.value)
    return sha === null ? unknown(noCommit(tag)) : found(sha)
  } catch (thrown) {
    if (thrown instanceof Problem) return unknown(thrown.words)
    throw thrown
  }
}

const noCommit = (tag: string): ProblemWords => ({
  code: 'tag-invalid',
  what: `The tag ${tag} points at no commit.`,
  why: 'It was made of a file or a folder of the repository.',
  next: `Make a release of a commit, under another tag.`,
})

/** Returns the commit at the end of a tag's objects, or null for another object. */
async function peeled(github: GitHub, tag: string, object: GitObject): Promise<string | null> {
  const asking = { doing: `read the tag ${tag}`, needs: 'contents: read' } as const
  let { type, sha } = object
  while (type === 'tag') {
    const annotated = await ask(asking, github.rest.git.getTag({ ...github.place, tag_sha: sha }))
    type = annotated.object.type
    sha = annotated.object.sha
  }
  return type === 'commit' ? sha : null
}

interface GitObject {
  readonly type: string
  readonly sha: string
}

const mostTags = 100

/** All names come in one answer; each annotated tag that is needed costs a request of its own. */
export async function tags(github: GitHub, most: number): Promise<Reading<readonly Tag[]>> {
  const asking = { doing: 'read the tags', needs: 'contents: read' } as const
  const refs = github.rest.git.listMatchingRefs({ ...github.place, ref: 'tags' })
  const matching = await look(github, asking, refs)
  if (matching.kind !== 'found') return matching
  // Names that merely begin so come as well: refs/tagsomething.
  const named = matching.value
    .filter(({ ref }) => ref.startsWith(prefix))
    .map(({ ref, object }) => ({ tag: ref.slice(prefix.length), object }))
    .sort((one, other) => newestFirst(one.tag, other.tag))
    .slice(0, Math.min(most, mostTags))
  const all: Tag[] = []
  try {
    for (const { tag, object } of named) {
      const sha = await peeled(github, tag, object)
      if (sha !== null) all.push({ tag, sha })
    }
  } catch (thrown) {
    return unclear(thrown, asking)
  }
  return found(all)
}

const prefix = 'refs/tags/'
