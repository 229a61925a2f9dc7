import { stateOf } from '../../domain/journal/deployment-standing.ts'
import { standing } from '../../domain/journal/standing.ts'
import { overriddenBy } from '../../domain/ledger/past-of.ts'
import { describeOverridden, type Overridden } from '../../domain/schedule/freeze-words.ts'
import { slowWarning } from '../../domain/step/slow.ts'
import { singleSteps } from '../../domain/step/steps-in.ts'
import { warningsBox } from '../text/markdown.ts'
import type { View } from './view.ts'

/** The warnings that every page of a deployment carries: those of its plan, and the freezes overridden since; null without. */
export function warningsAlert(view: Pick<View, 'plan' | 'journal'>): string | null {
  const overridden = overriddenBy(view).map((one) => `${describeOverridden(one)}.`)
  return warningsBox([...new Set([...overridden, ...slowSteps(view), ...view.plan.warnings])])
}

function slowSteps({ plan, journal }: Pick<View, 'plan' | 'journal'>): string[] {
  const now = standing(plan, journal)
  return singleSteps(plan.steps).flatMap(
    (step) => slowWarning(step, stateOf(now, step), plan.slowAfter) ?? [],
  )
}

/** `, through year-end by alice` */
export const throughFreezes = (all: readonly Overridden[] = []): string =>
  all.map(({ freezes, windows, by }) => `, through ${[...freezes, ...windows].join(', ')} by ${by}`).join('')
