import type { GitHub } from './connection.ts'

/** Seconds until the second look. */
const lag = 1

/**
 * Looks for the thing that a request may have made whose answer was lost. A list of GitHub's may lag behind a write: a
 * thing that is missing there is looked for once more, before it is made a second time.
 */
export async function afterLoss<T>(github: GitHub, search: () => Promise<T | null>): Promise<T | null> {
  const found = await search()
  if (found !== null) return found
  await github.wait(lag)
  return search()
}
