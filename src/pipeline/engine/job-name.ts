import { createHash } from 'node:crypto'
import type { Direction } from '../../domain/journal/direction.ts'
import type { ProblemCode } from '../../domain/problem.ts'
import type { Context } from '../run/context.ts'

/** The code of a job of which nothing was heard. */
const unheard: ProblemCode = 'engine-unknown'

/** Characters of a name that every engine takes: ECS finds a task again by no more. */
const longest = 36

/**
 * Returns the name of the job of a step: the same for every run until the step has failed, so that a run after a lost one
 * follows its job and does not run the command twice. An engine that did not answer says nothing of the job: it may still
 * run, and is looked for under the same name.
 */
export function jobName({ session }: Context, step: string, { to }: Direction): string {
  const failed = session.journal.filter(
    (event) =>
      (event.kind === 'step-failed' || event.kind === 'undo-failed') &&
      event.step === step &&
      event.failure.code !== unheard,
  ).length
  const back = to === 'old' ? '-back' : ''
  return shortened(
    `rollgate-${session.deployment.number}-${step}${back}${failed === 0 ? '' : `-${failed + 1}`}`,
  )
}

/** Returns a name of letters, digits and `-`; a long one keeps its beginning and is told apart by a digest of the whole. */
export function shortened(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  if (plain.length <= longest && plain === name) return plain
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${plain.slice(0, longest - 9).replace(/-$/, '')}-${digest}`
}
