import { duration } from '../../domain/durations.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { expectedTime } from '../../domain/plan/expected-time.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Step } from '../../domain/step/step.ts'
import { staysDone, traitsOf } from '../../domain/step/traits.ts'
import { code, counted, text } from '../text/markdown.ts'

/** Names the steps that cannot be undone, those with the same reason together; null without one. */
export function permanentInWords(plan: Plan): string | null {
  const stays = plan.steps.filter((step) => staysDone(plan, step))
  if (stays.length === 0) return null
  const reasons = Map.groupBy(stays, (step) => reasonOf(plan, step))
  const lines = [...reasons].map(([reason, steps]) => `- ${few(steps)}: ${text(reason)}`)
  return `**${counted(stays.length, 'step')} cannot be undone:**\n\n${lines.join('\n')}`
}

function reasonOf(plan: Plan, step: Step): string {
  const undo = traitsOf(step).undo(step, plan)
  return undo.kind === 'nothing-to-undo' ? '' : undo.words
}

const named = 6

function few(steps: readonly Step[]): string {
  const names = steps.slice(0, named).map(({ id }) => code(id))
  const rest = steps.length - names.length
  return `${names.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}`
}

/** Says who asks, how long it will take, and how much of it users may notice. */
export function askedInWords(plan: Plan, by: readonly string[], ledger: Ledger | undefined): string {
  const felt = plan.steps.filter((step) => traitsOf(step).impact).length
  const words = [
    by.length === 0 ? '' : `Asked for by **${by.map(text).join(', ')}**`,
    ledger === undefined ? '' : timeInWords(plan, ledger),
    `users may notice ${felt} of ${counted(plan.steps.length, 'step')}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

function timeInWords({ mode }: Plan, { history }: Ledger): string {
  const expected = expectedTime(mode, history)
  if (expected.kind === 'known') {
    const basis =
      expected.from === 1 ? 'the time of the last one' : `the median of ${expected.from} earlier ones`
    return `takes about ${duration(expected.milliseconds)} (${basis})`
  }
  return expected.because === 'none-before'
    ? 'time unknown: none succeeded here before'
    : 'time unknown: every earlier one waited for a person'
}
