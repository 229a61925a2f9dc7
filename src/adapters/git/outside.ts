import { resolve } from 'node:path'
import { Problem } from '../../domain/problem.ts'
import { isInside, realFolder } from './program.ts'

/**
 * Throws `input-invalid` for a working-directory that leads out of the workspace, by its words or through a link. What is
 * checked out is looked for in the workspace alone, and commands run nowhere else.
 */
export function refuseOutside(workspace: string, workingDirectory: string): void {
  const [root, folder] = [realFolder(workspace), realFolder(resolve(workspace, workingDirectory))]
  if (root === null || folder === null || isInside(root, folder)) return
  throw new Problem('input-invalid', {
    what: `The input working-directory is ${workingDirectory}, which leads to ${folder}, outside of the workspace ${root}.`,
    why: 'Commands run in the files of the release, which are checked out in the workspace. Files elsewhere belong to no approved release.',
    next: 'Name a folder of the checkout, seen from its root. Nothing was changed.',
  })
}
