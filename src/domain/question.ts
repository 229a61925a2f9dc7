import type { Pause } from './decision.ts'
import type { Event } from './journal.ts'
import type { Underway } from './ledger.ts'
import { chooseWork } from './next.ts'
import { askAboutRest } from './pause.ts'
import { advance, standing } from './standing.ts'

/**
 * What a person may answer: the question that waits; or, of a deployment that its run has left, the one that the next
 * run would begin with, and where that would simply go on whether it should.
 */
export function questionOf({ plan, journal }: Underway, nextRun: Extract<Event, { kind: 'resumed' }>): Pause {
  const now = standing(plan, journal)
  if (now.pause !== null) return now.pause
  const move = chooseWork(plan, advance(plan, now, nextRun))
  if (move.kind === 'pause') return move.pause
  const step = 'step' in move ? move.step : plan.steps.at(-1)
  if (step === undefined) throw new Error('a plan has steps')
  return askAboutRest(plan, now, step)
}
