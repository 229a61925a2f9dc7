import { describeOutcome, type Outcome } from '../domain/outcome.ts'
import type { Context } from './context.ts'
import type { Ending } from './execute.ts'
import type { RecordState } from './ports.ts'

/** Makes the record say what is true now. Only a success makes the older record inactive. */
export async function settle({ ports, session, plan }: Context, ending: Ending): Promise<void> {
  const { record } = session.deployment
  if (record === null) return
  switch (ending.kind) {
    case 'waiting':
      await ports.record.say(record, 'pending', `waiting: ${ending.pause.failure?.what ?? ending.pause.step}`)
      return
    case 'interrupted':
      await ports.record.say(record, 'error', `interrupted: ${plan.mode} ${plan.release.tag} is not finished`)
      return
    case 'ended':
      await ports.record.say(record, stateOf(ending.outcome), describeOutcome(ending.outcome))
      if (ending.outcome.kind === 'succeeded') await supersede(ports, session.ledger.history, record)
  }
}

/** The record that showed what served before. */
async function supersede(
  ports: Context['ports'],
  history: Context['session']['ledger']['history'],
  record: number,
): Promise<void> {
  const older = history.find((past) => past.outcome.kind === 'succeeded' && past.record !== record)?.record
  if (older != null) await ports.record.say(older, 'inactive', 'superseded')
}

function stateOf(outcome: Outcome): RecordState {
  switch (outcome.kind) {
    case 'succeeded':
      return 'success'
    case 'failed':
    case 'rolled-back':
    case 'abandoned':
      return 'failure'
    case 'rejected':
    case 'cancelled':
      return 'error'
  }
}
