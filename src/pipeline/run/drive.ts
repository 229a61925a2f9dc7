import { hasBrought, modes } from '../../domain/plan/modes.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import { Problem } from '../../domain/problem.ts'
import type { Release, Run } from '../../domain/release/release.ts'
import { takeBlocks } from '../lock/take-blocks.ts'
import { beginTelling } from '../notify/tell.ts'
import type { Context } from './context.ts'
import { brokeOff, execute, type RunEnding } from './execute.ts'
import { spokenOf } from './record-words.ts'
import type { Session } from './session.ts'
import { say, type Unsaid } from './statement.ts'

/** A run's work on a deployment, and the statuses that could not be written. */
export interface Concluded {
  readonly session: Session
  readonly ending: RunEnding
  readonly unsaid: readonly Unsaid[]
}

/** Executes as far as this run can, then writes that to the record. */
export async function conclude(context: Context, run: Run): Promise<Concluded> {
  const { ports, plan, session, stop } = context
  const teller = { ports, rules: plan.environment.notify, doer: { run }, stop }
  const telling = beginTelling(teller, session.kept.ledger)
  const ending = await execute(context)
  const unsaid = await settle(context, ending, run)
  await telling.finish()
  await takeBlocksLeft(context, run)
  return { session, ending, unsaid }
}

/** A block that was asked for meanwhile is no reason to fail a deployment: the next watch writes it down. */
async function takeBlocksLeft({ ports, session, plan }: Context, run: Run): Promise<void> {
  if (session.asks.kind === 'absent' || session.kept.deployment.holder !== null) return
  try {
    await takeBlocks(ports, plan.app, plan.environment.name, { run })
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    ports.voice.warning('A block is not written yet', `${failure.what} The next watch writes it down.`)
  }
}

/**
 * Writes the present state to the record, and returns the statuses that could not be written. Only a success
 * makes a record inactive. A run that broke off writes nothing: the run that closes it reads the ledger
 * first.
 */
async function settle(context: Context, ending: RunEnding, { url: run }: Run): Promise<Unsaid[]> {
  const { ports, session, plan } = context
  const { record } = session.deployment
  if (record === null || brokeOff(ending) !== null) return []
  const spoken = spokenOf(plan, session.ledger, ending)
  const unsaid = await say(ports, record, { ...spoken, run, url: plan.environment.url })
  if (ending.kind !== 'ended' || ending.outcome.kind !== 'succeeded') return unsaid
  const older = modes[plan.mode].bringsRelease ? supersededBy(context, record) : record
  if (older === null) return unsaid
  const description = whyInactive(plan.mode, plan.release)
  return [...unsaid, ...(await say(ports, older, { state: 'inactive', description, run, url: null }))]
}

/** A mode without a new release leaves the record of the serving release active, and so ends its own. */
export const whyInactive = (mode: Mode, { tag }: Pick<Release, 'tag'>): string =>
  modes[mode].bringsRelease ? `superseded by ${tag}` : `${tag} serves as before`

/** Returns the record of the release that served before. */
const supersededBy = ({ session }: Context, record: number): number | null =>
  session.ledger.history.find((past) => hasBrought(past) && past.record !== record)?.record ?? null
