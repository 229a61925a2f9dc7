import { mapped, type Reading } from '../../domain/reading.ts'
import { entryOfMode, type ReleaseTree } from '../../domain/release/release-tree.ts'
import { look } from './answer.ts'
import type { GitHub } from './connection.ts'

/** Reads the files and folders of a commit. GitHub lists at most 100,000 of them, and marks a list that it cut. */
export async function tree(github: GitHub, commit: string): Promise<Reading<ReleaseTree>> {
  const asking = { doing: `list the files of ${commit}`, needs: 'contents: read' } as const
  const asked = { ...github.place, tree_sha: commit, recursive: '1' }
  const listed = await look(github, asking, github.rest.git.getTree(asked))
  return mapped(listed, ({ tree: entries, truncated }) => ({
    entries: new Map(entries.map(({ path, mode }) => [path, entryOfMode(mode)])),
    whole: !truncated,
  }))
}
