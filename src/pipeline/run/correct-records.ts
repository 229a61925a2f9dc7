import type { Ledger, Serving } from '../../domain/journal/ledger.ts'
import type { Past } from '../../domain/journal/past.ts'
import { standing } from '../../domain/journal/standing.ts'
import { hasBrought, modes } from '../../domain/plan/modes.ts'
import { Problem } from '../../domain/problem.ts'
import type { Run } from '../../domain/release/release.ts'
import type { Doer } from '../lock/doer.ts'
import type { Ports, ShownRecord, Status } from '../ports.ts'
import { endOf, spokenOf, whyInactive } from './drive.ts'
import { say } from './statement.ts'

/**
 * Makes the newest records of an environment say what its ledger knows: a run may have ended while GitHub took no
 * statuses. Answers what was corrected, in words.
 */
export async function correctRecords(
  ports: Pick<Ports, 'record' | 'voice'>,
  ledger: Ledger,
  url: string | null,
  { run }: Doer,
): Promise<string[]> {
  const corrected: string[] = []
  // Without a deployment there is nothing to correct.
  const shown = ledger.history.length === 0 ? [] : await recent(ports, ledger)
  for (const one of shown) {
    const status = shouldSay(ledger, one, { url, run: run.url })
    if (status === null) continue
    const unsaid = await say(ports, one.record, status)
    if (unsaid.length === 0)
      corrected.push(
        `record ${one.record}: it said ${one.state ?? 'nothing'}, now ${status.state} (${status.description})`,
      )
  }
  return corrected
}

/** A token that may not read records must not stop the watch of the rest. */
async function recent(
  { record, voice }: Pick<Ports, 'record' | 'voice'>,
  ledger: Ledger,
): Promise<readonly ShownRecord[]> {
  try {
    return await record.recent(ledger.app, ledger.environment)
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    voice.warning('The records were not looked at', failure.what)
    return []
  }
}

/**
 * Makes the records that a run may have left wrong say what the ledger knows: the one of the last deployment that has
 * ended, and the one of the release before it. Every run that works on an environment calls this first: the run before it
 * may have been killed between the end in the ledger and the status, or GitHub may have taken no status then.
 */
export async function putRecordsRight(
  ports: Pick<Ports, 'record' | 'voice'>,
  ledger: Ledger,
  url: string | null,
  { run }: Pick<Doer, 'run'>,
): Promise<void> {
  for (const { number, record } of lastRecorded(ledger)) {
    const state = await stateOf(ports, record)
    if (state === undefined) continue
    const status = shouldSay(ledger, { deployment: number, record, state }, { url, run: run.url })
    if (status !== null) await say(ports, record, status)
  }
  await putWaitingRight(ports, ledger, run)
}

/** The record of a deployment that waits for a person, which its run may have left as if it were at work. */
async function putWaitingRight(
  ports: Pick<Ports, 'record' | 'voice'>,
  { deployment, scheduler }: Ledger,
  run: Run,
): Promise<void> {
  if (deployment?.record == null || deployment.holder !== null) return
  const { plan, record } = deployment
  const { pause } = standing(plan, deployment.journal)
  if (pause === null) return
  const status = spokenOf(plan, { scheduler }, { kind: 'waiting', pause })
  const state = await stateOf(ports, record)
  if (state === undefined || state === status.state) return
  await say(ports, record, { ...status, run: run.url, url: null })
}

function lastRecorded({ history }: Ledger): { readonly number: number; readonly record: number }[] {
  const before = history.slice(1).find(hasBrought)
  return [history[0], before].flatMap((past) =>
    past?.record == null ? [] : [{ number: past.number, record: past.record }],
  )
}

/** Undefined if the record is gone, or could not be read. */
async function stateOf(
  { record: records, voice }: Pick<Ports, 'record' | 'voice'>,
  record: number,
): Promise<ShownRecord['state'] | undefined> {
  const reading = await records.state(record)
  if (reading.kind === 'found') return reading.value
  if (reading.kind === 'unknown')
    voice.warning('The last record was not looked at', `${reading.why.what} The ledger has it right.`)
  return undefined
}

/** Null where it is right. A record that is inactive was superseded, or a person ended it. */
function shouldSay(
  { history, deployment, serving }: Ledger,
  { deployment: number, record, state }: ShownRecord,
  { url, run }: { readonly url: string | null; readonly run: string },
): Status | null {
  if (number === deployment?.number || state === 'inactive') return null
  const past = history.find((one) => one.number === number && (one.record ?? record) === record)
  if (past === undefined)
    return isOpen(state)
      ? { state: 'error', description: `orphaned: the ledger knows no deployment ${number}`, run, url: null }
      : null
  if (past.outcome.kind === 'succeeded' && serving !== null && isInactive(past, serving))
    return { state: 'inactive', description: whyInactive(past.mode, serving.release), run, url: null }
  const end = endOf(past.outcome)
  return end.state === state ? null : { ...end, run, url }
}

const isOpen = (state: ShownRecord['state']): boolean =>
  state === null || state === 'queued' || state === 'pending' || state === 'in_progress'

/** Superseded, or never what shows what serves. */
const isInactive = ({ mode, number }: Past, { deployment }: Serving): boolean =>
  !modes[mode].bringsRelease || deployment > number
