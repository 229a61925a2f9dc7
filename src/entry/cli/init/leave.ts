import { configPath } from '../../../init/draft.ts'
import { mapping, readYaml } from '../../../init/kinds/manifest.ts'
import { usesRollgate } from '../../../init/upgrade/earlier.ts'
import { leaving } from '../../../init/words/leaving.ts'
import { type ExitCode, exits } from '../command.ts'
import { look } from './disk.ts'
import type { SeenAt } from './see.ts'

const workflow = /^\.github\/workflows\/[^/]+\.ya?ml$/

/** Returns the workflows of a repository that use Rollgate. */
export function workflowsOf({ root, repository }: SeenAt): ReadonlyMap<string, string> {
  const found = repository.paths.filter((path) => workflow.test(path)).slice(0, 300)
  return new Map(
    found.flatMap((path) => {
      const there = look(root, path)
      return there.kind === 'file' && usesRollgate(there.text) ? [[path, there.text]] : []
    }),
  )
}

/** Says how to leave. Changes nothing. */
export function leave(seen: SeenAt, say: (text: string) => void): ExitCode {
  const config = look(seen.root, configPath)
  const environments = config.kind === 'file' ? Object.keys(mapping(readYaml(config.text).environments)) : []
  const scripts = ['bin/rollgate-instance', '.github/rollgate/instance'].filter(
    (path) => look(seen.root, path).kind === 'file',
  )
  const lines = leaving({
    workflows: [...workflowsOf(seen).keys()],
    configs: config.kind === 'file' ? [configPath] : [],
    scripts,
    environments,
  })
  for (const line of lines) say(line)
  return exits.fine
}
