import { environmentFindings } from '../../../domain/check/environment.ts'
import { Problem } from '../../../domain/problem.ts'
import type { TreeEntry } from '../../../domain/release/release-tree.ts'
import type { FileDraft } from '../../../init/draft.ts'
import { configPath } from '../../../init/draft.ts'
import { readPolicies, readRecipe } from '../../../inputs/config/read.ts'

/**
 * Reads a config before it is written, as `rollgate check` would afterwards. Throws a Problem for one that would be
 * refused: half a set-up is worse than none.
 */
export function proveConfig(files: readonly FileDraft[]): void {
  const config = files.find(({ path }) => path === configPath)
  if (config === undefined) return
  const source = { path: configPath, text: config.text, commit: 'the config that would be written' }
  const entries = new Map<string, TreeEntry>(files.flatMap(entriesOf))
  const seen = { tree: { entries, whole: true }, ignored: '', texts: new Map(), notAdded: new Set<string>() }
  for (const policy of readPolicies(source)) {
    const recipe = readRecipe(source, { source, environment: policy.name })
    const problem = environmentFindings({ policy, recipe }, seen).find(({ weight }) => weight === 'problem')
    if (problem !== undefined)
      throw new Problem(problem.code ?? 'config-invalid', {
        what: `The config that these answers give would be refused: ${problem.what}`,
        why: 'Nothing was written.',
        next: problem.next,
      })
  }
}

function entriesOf({ path, executable }: FileDraft): [string, TreeEntry][] {
  const folders = path.split('/').slice(0, -1)
  return [
    ...folders.map((_, at): [string, TreeEntry] => [folders.slice(0, at + 1).join('/'), 'folder']),
    [path, executable ? 'executable' : 'file'],
  ]
}
