import { describeOutcome, type Outcome, outcomeWord } from '../../domain/journal/outcome.ts'
import { awaits, endsByTime, type Pause } from '../../domain/question/pause.ts'
import { watchedBy } from '../../domain/question/wait-words.ts'
import type { State } from './view.ts'

/** Returns one word, for machines and for the start of a status line. */
export function stateWord(state: State): string {
  switch (state.kind) {
    case 'ended':
      return outcomeWord(state.outcome)
    case 'waiting':
    case 'interrupted':
    case 'running':
      return state.kind
  }
}

/** A few words for a headline, without the reason: `converged with 1 forced`. */
export function stateInWords(state: State): string {
  switch (state.kind) {
    case 'ended':
      return outcomeInWords(state.outcome)
    case 'waiting':
      return waitInWords(state.pause)
    case 'interrupted':
      if (state.cause === 'left') return 'interrupted'
      return state.cause === 'broke-off'
        ? 'interrupted, its run broke off'
        : `interrupted, its run was ${state.cause}`
    case 'running':
      return 'under way'
  }
}

function waitInWords(pause: Pause): string {
  if (endsByTime(pause)) return `watching ${watchedBy(pause)}`
  return awaits(pause) === 'approval' ? 'waiting for approval' : 'waiting for a decision'
}

function outcomeInWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'succeeded':
      if (outcome.afterwards === null) return describeOutcome(outcome)
      return `${describeOutcome({ ...outcome, afterwards: null })}, post-deploy failed`
    case 'rolled-back':
    case 'rejected':
    case 'abandoned':
      return describeOutcome(outcome)
    case 'failed':
    case 'cancelled':
      return outcome.kind
  }
}

/** The mark of a headline. */
export function markOf(state: State): string {
  switch (state.kind) {
    case 'ended':
      return outcomeMark(state.outcome)
    case 'waiting':
    case 'interrupted':
      return '⏸️'
    case 'running':
      return '⏳'
  }
}

function outcomeMark(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'succeeded':
      return outcomeWord(outcome) === 'succeeded' ? '✅' : '⚠️'
    case 'rolled-back':
      return '↩️'
    case 'failed':
    case 'rejected':
    case 'cancelled':
    case 'abandoned':
      return '❌'
  }
}
