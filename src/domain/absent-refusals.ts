import type { ProblemWords } from './problem.ts'
import type { Mode } from './release.ts'
import type { Wish } from './wish.ts'

/** Something is asked for alone that the release does not have. */
export function absentRefusals(mode: Mode, { recipe, release, task = '' }: Wish): ProblemWords[] {
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
    case 'rollback':
    case 'redeploy':
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
