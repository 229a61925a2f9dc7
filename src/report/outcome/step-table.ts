import { duration } from '../../domain/durations.ts'
import type { Standing, StepStanding } from '../../domain/journal/standing.ts'
import type { Step } from '../../domain/step/step.ts'
import { repeatable } from '../../domain/step/traits.ts'
import { isRoutine } from '../plan/steps-in-words.ts'
import { blocks, code, counted, details, shorten, table, text } from '../text/markdown.ts'
import { spans, waits, worked } from './timeline.ts'
import { type State, stateOf, type View } from './view.ts'

const longestNote = 300

/** Shows every step of the plan with its end, those that tell nothing folded. Times leave out waits for a person. */
export function stepTable(view: View, now: Standing): string {
  const { steps } = view.plan
  const quiet = steps.filter((step) => isRoutine(step) && isQuiet(now.steps.get(step.id)))
  const telling = steps.filter((step) => !quiet.includes(step))
  const names = quiet.map(({ id }) => text(id)).join(', ')
  return blocks(
    telling.length === 0 ? null : tableOf(view, now, telling),
    quiet.length === 0
      ? null
      : details(`${counted(quiet.length, 'step')} without a command: ${names}`, tableOf(view, now, quiet)),
  )
}

/** True if a step did what it always does, or was not reached. */
const isQuiet = (step: StepStanding | undefined): boolean =>
  (step?.state === 'succeeded' || step?.state === 'pending') && step.undo === 'none' && step.note === null

function tableOf(view: View, now: Standing, steps: readonly Step[]): string {
  const state = stateOf(view, now)
  const seconds = stepTimes(view)
  return table(
    ['', 'step', 'state', 'time', 'note'],
    steps.map((step) => {
      const standing = now.steps.get(step.id)
      const took = seconds.get(step.id)
      return [
        String(view.plan.steps.indexOf(step) + 1),
        code(step.id),
        standing === undefined ? '' : stepState(step, standing, state),
        took === undefined || took === 0 ? '' : duration(took),
        noteOf(standing),
      ]
    }),
  )
}

/** Milliseconds worked on each step, all its tries together, by the step's id. */
export function stepTimes(view: View): Map<string, number> {
  const idle = waits(view)
  const times = new Map<string, number>()
  for (const span of spans(view))
    if (span.what === 'step') times.set(span.name, (times.get(span.name) ?? 0) + worked(span, idle))
  return times
}

function stepState(step: Step, standing: StepStanding, state: State): string {
  const words = stateWords(step, standing, state)
  switch (standing.undo) {
    case 'none':
      return words
    case 'running':
      return `${words}, being taken back`
    case 'done':
      if (standing.undoForced) return `${words}, **counted as taken back**`
      return standing.state === 'running' ? 'begun, then taken back' : `${words}, then taken back`
    case 'failed':
      return `${words}, **taking it back failed**`
    case 'doubtful':
      return `${words}, **unknown if it was taken back**`
  }
}

function stateWords(step: Step, { state, unsure }: StepStanding, now: State): string {
  if (now.kind === 'waiting' && now.pause.step === step.id && state !== 'failed')
    return '⏸️ **waits for an answer**'
  switch (state) {
    case 'succeeded':
      return 'done'
    case 'skipped':
      return 'skipped'
    case 'forced':
      return '**counted as done**'
    case 'failed':
      return '❌ **failed**'
    case 'running':
      if (now.kind === 'running') return 'at work'
      return (unsure || now.kind === 'interrupted') && !repeatable(step)
        ? '**outcome unknown**'
        : '**not finished**'
    case 'pending':
      return now.kind === 'ended' ? 'not reached' : 'to come'
  }
}

const noteOf = (step: StepStanding | undefined): string =>
  text(shorten(step?.failure?.what ?? step?.note ?? '', longestNote))
