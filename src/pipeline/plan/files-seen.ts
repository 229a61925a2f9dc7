import {
  type FilesSeen,
  type FilesThere,
  missingFiles,
  pathsToLookUp,
} from '../../domain/plan/files-there.ts'
import { stepsAhead, type WishAhead } from '../../domain/plan/planned-anew.ts'
import type { Step } from '../../domain/step/step.ts'
import type { Repository } from '../ports.ts'

/**
 * Looks into the files of a release for paths that its commands name and the commit lacks: one request for
 * the tree, and one for `.gitignore` if a path is missing. Nothing is checked out. A plan that came by an
 * input is not believed: behind the gate the tree is read again.
 */
export async function filesThere(repository: Repository, ahead: WishAhead): Promise<FilesThere | null> {
  const { sha } = ahead.world.release
  const steps = stepsAhead(ahead)
  if (pathsToLookUp(steps).length === 0) return null
  const tree = await repository.tree(sha)
  switch (tree.kind) {
    case 'unknown':
      return { findings: [], unread: tree.why.what }
    case 'absent':
      return { findings: [], unread: `The repository has no commit ${sha} any more.` }
    case 'found':
      if (!tree.value.whole) return { findings: [], unread: 'GitHub lists only a part of its files.' }
      return told(await findings(repository, sha, steps, tree.value))
  }
}

const told = (found: FilesThere['findings']): FilesThere | null =>
  found.length === 0 ? null : { findings: found }

async function findings(
  repository: Repository,
  sha: string,
  steps: readonly Step[],
  tree: FilesSeen['tree'],
) {
  const found = missingFiles(steps, { tree, ignored: '' })
  if (!found.some(({ certain }) => certain) || !tree.entries.has('.gitignore')) return found
  const ignored = await repository.file('.gitignore', sha)
  // An ignored file may come from anywhere; if the ignore rules are unread, every file may be ignored.
  if (ignored.kind !== 'found') return found.map((one) => ({ ...one, certain: false }))
  return missingFiles(steps, { tree, ignored: ignored.value })
}
