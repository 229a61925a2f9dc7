import { describeOutcome, type Outcome } from '../domain/outcome.ts'
import type { Run } from '../domain/release.ts'
import type { Context } from './context.ts'
import type { Ending } from './execute.ts'
import type { RecordState } from './ports.ts'

/** Makes the record say what is true now. Only a success makes the older record inactive. */
export async function settle(context: Context, ending: Ending, { url: run }: Run): Promise<void> {
  const { ports, session, plan } = context
  const { record } = session.deployment
  if (record === null) return
  await ports.record.say(record, { ...spoken(context, ending), run, url: plan.environment.url })
  const older =
    ending.kind === 'ended' && ending.outcome.kind === 'succeeded' ? supersededBy(context, record) : null
  if (older !== null)
    await ports.record.say(older, {
      state: 'inactive',
      description: `superseded by ${plan.release.tag}`,
      run,
      url: null,
    })
}

function spoken({ plan }: Context, ending: Ending): { state: RecordState; description: string } {
  switch (ending.kind) {
    case 'waiting': {
      const { failure, step } = ending.pause
      return { state: 'pending', description: `waiting: ${failure?.what ?? step}` }
    }
    case 'interrupted':
      return { state: 'error', description: `interrupted: ${plan.mode} ${plan.release.tag} is not finished` }
    case 'ended':
      return { state: stateOf(ending.outcome), description: describeOutcome(ending.outcome) }
  }
}

/** The record that showed what served before. */
const supersededBy = ({ session }: Context, record: number): number | null =>
  session.ledger.history.find((past) => past.outcome.kind === 'succeeded' && past.record !== record)
    ?.record ?? null

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
