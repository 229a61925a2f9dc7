import type { ProblemWords } from '../../domain/problem.ts'

/** `because` follows a colon: git's own words, or the finding in its place. */
export const checkoutUnknown = (folder: string, because: string): ProblemWords => ({
  code: 'checkout-unknown',
  what: `The commit that is checked out in ${folder} could not be told: ${because}.`,
  why: 'Commands run in this folder, and only those of the very release may. A checkout that cannot be read is not taken for right.',
  next: 'Check out the release with actions/checkout in the same job and container, where git is installed, and let working-directory name a folder of it.',
})
