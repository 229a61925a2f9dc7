import type { ProblemWords } from '../problem.ts'
import { modes } from './modes.ts'
import { resetsData, taskOf, type Undertaking } from './undertaking.ts'
import type { World } from './wish.ts'

/** Refuses a part of a deployment that the release does not have. */
export function absentRefusals(
  undertaking: Undertaking,
  { recipe, release }: Pick<World, 'recipe' | 'release'>,
): ProblemWords[] {
  const { steps, tasks = {} } = recipe
  const { needs } = modes[undertaking.mode]
  const task = taskOf(undertaking)
  if (needs === 'migration') return []
  if (needs !== null)
    return steps[needs] == null
      ? [absent(release.tag, needs === 'maintenance' ? 'a maintenance page' : `a ${needs}`, `steps.${needs}`)]
      : []
  if (task !== null)
    return Object.hasOwn(tasks, task) ? [] : [withoutTask(release.tag, task, Object.keys(tasks))]
  return resetsData(undertaking) ? resetRefusals(undertaking, { recipe, release }) : []
}

function resetRefusals(
  { mode }: Undertaking,
  { recipe, release: { tag } }: Pick<World, 'recipe' | 'release'>,
): ProblemWords[] {
  if (modes[mode].findsServing) return [servesAlready(tag)]
  return recipe.steps.reset == null ? [absent(tag, 'a reset', 'steps.reset')] : []
}

const withoutTask = (tag: string, task: string, names: readonly string[]): ProblemWords => ({
  ...absent(tag, `a task ${task}`.trimEnd(), `tasks.${task || '<name>'}`),
  ...(names.length === 0 ? {} : { next: `Name one that it has: ${names.join(', ')}.` }),
})

const absent = (tag: string, what: string, key: string): ProblemWords => ({
  code: 'input-invalid',
  what: `The config of ${tag} does not have ${what}.`,
  why: `The release brings its own commands: at its commit the config has no ${key}.`,
  next: `Add ${key} to the config, and deploy a release that has it. Nothing was changed.`,
})

const servesAlready = (tag: string): ProblemWords => ({
  code: 'input-invalid',
  what: `The input reset is true, and ${tag} serves already.`,
  why: 'A reset takes the place of the migration of a release that comes; what serves already does not migrate again.',
  next: 'Make the reset a task of the release, and run that. Nothing was changed.',
})
