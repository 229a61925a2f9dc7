import { readFileSync } from 'node:fs'
import { Problem } from '../../src/domain/problem.ts'
import { readPolicy, readRecipe, type Source } from '../../src/inputs/config/read.ts'

export function source(text: string, commit = 'main'): Source {
  return { path: '.github/rollgate.yml', text, commit }
}

/** A config that uses every key there is. */
export const everything = readFileSync(new URL('fixtures/everything.yml', import.meta.url), 'utf8')

/** Reads one text as policy and as recipe, as for a release of the default branch itself. */
export function readBoth(text: string, environment = 'production') {
  const read = source(text)
  return {
    policy: readPolicy(read, environment),
    recipe: readRecipe(read, { source: read, environment }),
  }
}

/** Returns the problem of `act`; any other error is passed on, so that a test shows it. */
export function problemOf(act: () => unknown): Problem {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was accepted')
}

/** Findings without the name of the file: `3:5  services.web: …`. */
export function findingsOf(act: () => unknown): string[] {
  const problem = problemOf(act)
  if (problem.code !== 'config-invalid') throw problem
  const lines = problem.what.split('\n').filter((line) => !line.endsWith(':'))
  return lines.map((line) => line.replace('.github/rollgate.yml:', ''))
}
