import { ask, find } from './answer.ts'
import type { GitHub } from './connection.ts'

/** What a reference points at, or null where there is none. `ref` is the exact name without `refs/`. */
export async function reference(github: GitHub, ref: string) {
  const asking = { doing: `read refs/${ref}`, needs: 'contents: read' } as const
  const found = await find(asking, github.rest.git.getRef({ ...github.place, ref }))
  return found?.object ?? null
}

/**
 * The commit behind a tag, looked up by the reference's exact name: `GET /commits/tags/v1` would peel in one
 * request, but may mean a branch that somebody named `tags/v1`. So an annotated tag costs a second request.
 */
export async function resolveTag(github: GitHub, tag: string): Promise<string | null> {
  const asking = { doing: `read the tag ${tag}`, needs: 'contents: read' } as const
  let object = await reference(github, `tags/${tag}`)
  while (object?.type === 'tag') {
    const annotated = await ask(asking, github.rest.git.getTag({ ...github.place, tag_sha: object.sha }))
    object = annotated.object
  }
  return object?.type === 'commit' ? object.sha : null
}
