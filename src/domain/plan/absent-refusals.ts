import type { ProblemWords } from '../problem.ts'
import type { Mode } from '../release/release.ts'
import type { Wish } from './wish.ts'

/** Refuses a part of a deployment that the release does not have. */
export function absentRefusals(mode: Mode, wish: Wish): ProblemWords[] {
  const { recipe, release, task = '' } = wish
  const { steps, tasks = {} } = recipe
  const names = Object.keys(tasks)
  switch (mode) {
    case 'scheduler-run':
      return steps.scheduler === null ? [absent(release.tag, 'a scheduler', 'steps.scheduler')] : []
    case 'build':
      return steps.build === null ? [absent(release.tag, 'a build', 'steps.build')] : []
    case 'task':
      if (Object.hasOwn(tasks, task)) return []
      return [
        {
          ...absent(release.tag, `a task ${task}`.trimEnd(), `tasks.${task || '<name>'}`),
          ...(names.length === 0 ? {} : { next: `Name one that it has: ${names.join(', ')}.` }),
        },
      ]
    case 'deploy':
      return wish.reset === true && steps.reset == null ? [absent(release.tag, 'a reset', 'steps.reset')] : []
    case 'redeploy':
      return wish.reset === true ? [servesAlready(release.tag)] : []
    case 'rollback':
    case 'restart':
      return []
  }
}

const absent = (tag: string, what: string, key: string): ProblemWords => ({
  code: 'input-invalid',
  what: `The config of ${tag} does not have ${what}.`,
  why: `What is run comes with the release: at its commit the config has no ${key}.`,
  next: `Add ${key} to the config, and deploy a release that has it. Nothing was changed.`,
})

const servesAlready = (tag: string): ProblemWords => ({
  code: 'input-invalid',
  what: `The input reset is true, and ${tag} serves already.`,
  why: 'A reset takes the place of the migration of a release that comes; what serves already does not migrate again.',
  next: 'Make the reset a task of the release, and run that. Nothing was changed.',
})
