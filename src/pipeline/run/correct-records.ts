import { standing } from '../../domain/journal/standing.ts'
import { oldestIn } from '../../domain/ledger/history.ts'
import type { Ledger, Serving } from '../../domain/ledger/ledger.ts'
import type { Past } from '../../domain/ledger/past.ts'
import { hasBrought, modes } from '../../domain/plan/modes.ts'
import { Problem } from '../../domain/problem.ts'
import type { Run } from '../../domain/release/release.ts'
import type { RecordsSeen } from '../../domain/rolling/sight.ts'
import type { Doer } from '../lock/doer.ts'
import type { Ports, ShownRecord, Status } from '../ports.ts'
import { whyInactive } from './drive.ts'
import { endOf, spokenOf } from './record-words.ts'
import { say } from './statement.ts'

/**
 * Corrects the newest records of an environment by its ledger: a run may have ended while GitHub took no
 * statuses. Returns the corrections in words.
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
 * Corrects by the ledger the records that a run may have left wrong: that of the last ended deployment, and
 * that of the release before it. Every run that works on an environment calls this first: the last run may
 * have been killed between the end in the ledger and the status, or GitHub may have refused the status.
 */
export async function putRecordsRight(
  ports: Pick<Ports, 'record' | 'voice'>,
  ledger: Ledger,
  url: string | null,
  { run }: Pick<Doer, 'run'>,
): Promise<void> {
  const { behind, unknown } = await lookAtRecords(ports, ledger, url, run)
  for (const { record, status } of behind) await say(ports, record, status)
  for (const why of unknown)
    ports.voice.warning('The last record was not looked at', `${why} The ledger has it right.`)
}

/**
 * Runs the work of a run, and corrects the records if the work is refused: a refused run has opened the
 * ledger, too.
 */
export async function rightingRecords<T>(
  ports: Pick<Ports, 'record' | 'voice'>,
  recalled: () => Promise<{ readonly ledger: Ledger; readonly policy: { readonly url: string | null } }>,
  doer: Pick<Doer, 'run'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    // The problem that prevents reading the ledger was most likely thrown already.
    const known = thrown instanceof Problem ? await recalled().catch(() => null) : null
    if (known !== null) await putRecordsRight(ports, known.ledger, known.policy.url, doer)
    throw thrown
  }
}

/** Holds the last records of an environment against its ledger, in words. Says nothing to GitHub. */
export async function recordsSeen(
  ports: Pick<Ports, 'record'>,
  ledger: Ledger,
  { run }: Pick<Doer, 'run'>,
): Promise<RecordsSeen> {
  const { behind, unknown } = await lookAtRecords(ports, ledger, null, run)
  return { behind: behind.map(inWords), unknown }
}

const inWords = ({ deployment, state, status }: Behind): string =>
  `The record of deployment ${deployment} says ${state ?? 'nothing'}, and the ledger ${status.state} (${status.description}): the next run, or the watch, puts it right.`

/** A record that does not match the ledger, and its right state. */
interface Behind extends ShownRecord {
  readonly status: Status
}

/** Reads the last records, and that of a deployment that waits for a person: its run may have left it as if at work. */
async function lookAtRecords(
  { record: records }: Pick<Ports, 'record'>,
  ledger: Ledger,
  url: string | null,
  run: Run,
): Promise<{ readonly behind: readonly Behind[]; readonly unknown: readonly string[] }> {
  const waiting = waitingIn(ledger, run)
  const looks = [
    ...lastRecorded(ledger).map((one) => ({
      ...one,
      should: (shown: ShownRecord) => shouldSay(ledger, shown, { url, run: run.url }),
    })),
    ...(waiting === null
      ? []
      : [
          {
            ...waiting,
            should: ({ state }: ShownRecord) => (state === waiting.status.state ? null : waiting.status),
          },
        ]),
  ]
  const behind: Behind[] = []
  const unknown: string[] = []
  for (const { number, record, should } of looks) {
    const reading = await records.state(record)
    if (reading.kind === 'unknown') unknown.push(reading.why.what)
    if (reading.kind !== 'found') continue
    const shown = { deployment: number, record, state: reading.value }
    const status = should(shown)
    if (status !== null) behind.push({ ...shown, status })
  }
  return { behind, unknown }
}

function waitingIn({ deployment, leases }: Ledger, run: Run) {
  if (deployment?.record == null || deployment.holder !== null) return null
  const { plan, record, number } = deployment
  const { pause } = standing(plan, deployment.journal)
  if (pause === null) return null
  const status: Status = {
    ...spokenOf(plan, { leases }, { kind: 'waiting', pause }),
    run: run.url,
    url: null,
  }
  return { number, record, status }
}

function lastRecorded({ history }: Ledger): { readonly number: number; readonly record: number }[] {
  const before = history.slice(1).find(hasBrought)
  return [history[0], before].flatMap((past) =>
    past?.record == null ? [] : [{ number: past.number, record: past.record }],
  )
}

/** Null where it is right. A record that is inactive was superseded, or a person ended it. */
function shouldSay(
  { history, deployment, serving }: Ledger,
  { deployment: number, record, state }: ShownRecord,
  { url, run }: { readonly url: string | null; readonly run: string },
): Status | null {
  if (number === deployment?.number || state === 'inactive') return null
  const past = history.find((one) => one.number === number && (one.record ?? record) === record)
  if (past === undefined) {
    if (isOpen(state)) return { state: 'error', description: orphaned(number, history), run, url: null }
    // One that the ledger has forgotten is older than the serving one.
    return state === 'success' && serving !== null && number < serving.deployment
      ? { state: 'inactive', description: `superseded by ${serving.release.tag}`, run, url: null }
      : null
  }
  if (past.outcome.kind === 'succeeded' && serving !== null && isInactive(past, serving))
    return { state: 'inactive', description: whyInactive(past.mode, serving.release), run, url: null }
  const end = endOf(past.outcome)
  return end.state === state ? null : { ...end, run, url }
}

const orphaned = (number: number, history: readonly Past[]): string =>
  number < oldestIn(history)
    ? `orphaned: the ledger has forgotten deployment ${number}`
    : `orphaned: the ledger knows no deployment ${number}`

const isOpen = (state: ShownRecord['state']): boolean =>
  state === null || state === 'queued' || state === 'pending' || state === 'in_progress'

/** Superseded, or of a mode whose record never shows the serving release. */
const isInactive = ({ mode, number }: Past, { deployment }: Serving): boolean =>
  !modes[mode].bringsRelease || deployment > number
