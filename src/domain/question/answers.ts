import type { Event, Journal } from '../journal/journal.ts'
import type { Decision } from './decision.ts'

/** An answer that a person gave, whether it ended its question or not. */
export interface PersonsAnswer {
  readonly at: string
  readonly pause: string
  readonly decision: Decision
  /** The instances that it is for; none means all that the question named. */
  readonly instances: readonly string[]
  readonly by: string
  readonly reason: string
}

/** Returns every answer in a deployment, oldest first: approvals of which several are needed and withdrawals as well. */
export const answersIn = (journal: Journal): PersonsAnswer[] =>
  journal.flatMap((event) => {
    const given = answerOf(event)
    if (given === null) return []
    const { at, by, reason, pause } = given.event
    return [{ at, pause, decision: given.decision, instances: given.instances, by, reason }]
  })

type AnswerEvent = Extract<Event, { kind: 'decided' | 'approved' | 'withdrawn' }>

interface AnswerRead extends Pick<PersonsAnswer, 'decision' | 'instances'> {
  readonly event: AnswerEvent
}

function answerOf(event: Event): AnswerRead | null {
  switch (event.kind) {
    case 'decided':
      return { event, decision: event.decision, instances: event.instances }
    case 'approved':
      return { event, decision: 'approve', instances: [] }
    case 'withdrawn':
      return { event, decision: 'withdraw', instances: [] }
    default:
      return null
  }
}
