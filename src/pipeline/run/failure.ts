import { inSeconds } from '../../domain/durations.ts'
import { Problem } from '../../domain/problem.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Answer, Finished } from '../ports.ts'

/** Returns the failure of a command in one sentence, or null for a success. */
export function failureOf(subject: string, finished: Finished): Failure | null {
  const { tail } = finished
  switch (finished.kind) {
    case 'exited':
      return finished.code === 0
        ? null
        : { code: 'command-failed', what: `${subject} exited with ${finished.code}.`, tail }
    case 'signalled':
      return { code: 'command-failed', what: `${subject} was ended by ${finished.signal}.`, tail }
    case 'timed-out':
      return finished.unconfirmed === true
        ? givenUp(subject, finished)
        : {
            code: 'command-timed-out',
            what: `${subject} did not end within ${inSeconds(finished.after)} and was ended with all it had started.`,
            tail,
          }
    case 'not-found':
      return {
        code: 'command-not-found',
        what: `${subject} needs ${finished.name}, which is not there.`,
        tail,
      }
    case 'stopped':
      return { code: 'interrupted', what: `${subject} was ended because the run was cancelled.`, tail }
    case 'unreachable':
      return finished.failure
  }
}

/** The command is no longer watched, which does not mean that it has failed. */
const givenUp = (subject: string, { after, tail }: { after: number; tail: readonly string[] }): Failure => ({
  code: 'outcome-unknown',
  what: `${subject} did not end within ${inSeconds(after)}, and its host does not confirm its end: it is no longer watched, and may still be at work.`,
  tail,
  next: 'Check there if it still runs, and end it or wait for it before you decide to try again. Until a person decides, nothing else begins here.',
})

/** Returns the reason why a probe did not succeed. */
export function answerInWords(answer: Exclude<Answer, { kind: 'yes' }>): string {
  switch (answer.kind) {
    case 'no':
      return answer.why
    case 'absent':
    case 'unknown':
      return `no answer (${answer.why})`
    case 'timed-out':
      return `no answer within ${inSeconds(answer.after)}`
  }
}

/** Anything thrown on the way, as a failure that a journal can keep. */
export function failureFrom(thrown: unknown): Failure {
  if (thrown instanceof Problem)
    return { code: thrown.code, what: `${thrown.what} ${thrown.why}`, tail: [], next: thrown.next }
  return { code: 'unexpected', what: thrown instanceof Error ? thrown.message : String(thrown), tail: [] }
}
