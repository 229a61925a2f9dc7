import { known, type Reading } from '../../../domain/reading.ts'
import type { GitHub } from '../connection.ts'
import { file } from '../contents.ts'
import { reference } from '../references.ts'

/** May lag a moment behind. That does no harm: an append onto an old head is no fast-forward, so it is refused. */
export async function tip(github: GitHub, ref: string): Promise<string | null> {
  return known(await reference(github, short(ref)))?.sha ?? null
}

/** Asked once more where it is not there: the copy of GitHub that answers may not know the commit yet. */
export async function fileAt(github: GitHub, path: string, head: string): Promise<Reading<string>> {
  const first = await file(github, path, head)
  if (first.kind === 'found') return first
  await github.wait(1)
  return file(github, path, head)
}

/** The API names a reference without its `refs/`, except where it is made. */
export const short = (ref: string) => ref.slice('refs/'.length)
