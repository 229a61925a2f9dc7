import type { Event } from '../journal/journal.ts'
import { chooseWork } from '../journal/next.ts'
import { advance, type Standing, standing } from '../journal/standing.ts'
import type { Underway } from '../ledger/underway.ts'
import type { Plan } from '../plan/plan.ts'
import type { Step } from '../step/step.ts'
import { traitsOf } from '../step/traits.ts'
import { askAboutApproval, askAboutRest } from './asking.ts'
import type { Pause } from './pause.ts'

/**
 * Returns the question that a person may answer: the open one; or, for a deployment that its run has left,
 * the question with which the next run would begin, and if that run would simply resume, the question if it
 * should. While named people have yet to approve the deployment, their approval is the question, even if its
 * run was lost early: nothing of the release runs before their answer.
 */
export function questionOf({ plan, journal }: Underway, nextRun: Extract<Event, { kind: 'resumed' }>): Pause {
  const now = standing(plan, journal)
  if (now.pause !== null) return now.pause
  const approve = yetToApprove(plan, now)
  if (approve !== null) return askAboutApproval(plan, now, approve)
  const move = chooseWork(plan, advance(plan, now, nextRun))
  if (move.kind === 'pause') return move.pause
  const step = 'step' in move ? move.step : plan.steps.at(-1)
  if (step === undefined) throw new Error('a plan has steps')
  return askAboutRest(plan, now, step)
}

function yetToApprove({ steps }: Plan, { approvedBy }: Standing): Step | null {
  const asked = steps.find((step) => traitsOf(step).asks(step) === 'before')
  return approvedBy === null ? (asked ?? null) : null
}
