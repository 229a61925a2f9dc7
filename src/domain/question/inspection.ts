import type { Standing } from '../journal/standing.ts'
import type { Plan } from '../plan/plan.ts'
import type { Step } from '../step/step.ts'
import { question } from './asking.ts'
import type { Question } from './pause.ts'
import { wayBackWithheld, waysBack } from './ways-back.ts'

type Inspection = Extract<Question, { kind: 'inspection' }>
type RevertInspection = Extract<Question, { kind: 'revert-inspection' }>

/** Asks people who look at the changed side. Visitors are on the stand-in, and stay there until the answer. */
export function askAboutInspection(
  plan: Plan,
  now: Standing,
  step: Step,
  about: Pick<Inspection, 'failure' | 'links' | 'since'>,
): Inspection {
  const withheld = wayBackWithheld(plan, now)
  const backs = waysBack(plan, now).filter((way) => !(way in withheld))
  return {
    ...question(plan, now, step),
    kind: 'inspection',
    ...about,
    options: ['complete', ...backs, 'abandon'],
    withheld,
  }
}

/** Asks people who look at the older release, back at home. Visitors are on the stand-in until the answer. */
export const askAboutReversion = (
  plan: Plan,
  now: Standing,
  step: Step,
  about: Pick<RevertInspection, 'links' | 'since'>,
): RevertInspection => ({
  ...question(plan, now, step),
  kind: 'revert-inspection',
  ...about,
  options: ['complete', 'abandon'],
  withheld: {},
})
