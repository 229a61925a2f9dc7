import type { StepOf } from '../step.ts'
import type { Traits } from '../step-traits.ts'
import { quiet } from './row.ts'

/** The traits of the steps before anything changes. */

export const source: Traits<StepOf<'source'>> = {
  ...quiet,
  what: () => 'verify that the checkout is the release commit',
  files: 'none',
  onFailure: 'end',
}

export const approve: Traits<StepOf<'approve'>> = {
  ...quiet,
  what: () => 'check the approval',
  files: 'none',
  asks: ({ rule }) => (rule.kind === 'named' ? 'before' : 'never'),
  onFailure: 'end',
}

export const build: Traits<StepOf<'build'>> = {
  ...quiet,
  what: () => 'build the artifact, unless it exists',
  files: 'made',
  onFailure: 'end',
}

export const prepare: Traits<StepOf<'prepare'>> = {
  ...quiet,
  what: ({ prepares }) => `bring the release to every instance of ${prepares}, which serves as before`,
  files: 'fleet',
  onFailure: 'end',
}
