import type { ProblemWords } from '../problem.ts'

/** The words for a front door that does not tell an instance's traffic. `why` follows a colon. */
export const unseen = (instance: string, why: string): ProblemWords => ({
  code: 'traffic-unknown',
  what: `It could not be seen whether ${instance} gets requests: ${why}.`,
  why: 'The balancer did not answer, or does not know this instance.',
  next: 'Look at the balancer, then run it again. Nothing is taken for granted until it answers.',
})
