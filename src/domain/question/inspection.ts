import type { Standing } from '../journal/standing.ts'
import type { Plan } from '../plan/plan.ts'
import type { Step } from '../step/step.ts'
import { question } from './asking.ts'
import type { Question } from './pause.ts'

type Inspection = Extract<Question, { kind: 'inspection' }>

/** Asks people who look at the changed side. Visitors are on the stand-in, and stay there until the answer. */
export const askAboutInspection = (
  _plan: Plan,
  now: Standing,
  step: Step,
  about: Pick<Inspection, 'failure' | 'links' | 'since'>,
): Inspection => ({
  ...question(now, step),
  kind: 'inspection',
  ...about,
  options: ['complete', 'abandon'],
  withheld: {},
})
