import type { Ledger, Past, Serving } from '../domain/ledger.ts'
import { bringsRelease } from '../domain/mode.ts'
import { Problem } from '../domain/problem.ts'
import type { Doer } from './hold.ts'
import type { Ports, ShownRecord, Status } from './ports.ts'
import { endOf, whyInactive } from './settle.ts'
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
  // Where nothing was ever deployed there is nothing to correct.
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

/** A token that may not read records keeps nobody from watching the rest. */
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

/** Null where it is right. */
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
  if (isOpen(state)) return { ...endOf(past.outcome), run, url }
  if (state !== 'success' || serving === null || !isInactive(past, serving)) return null
  return { state: 'inactive', description: whyInactive(past.mode, serving.release), run, url: null }
}

const isOpen = (state: ShownRecord['state']): boolean =>
  state === null || state === 'queued' || state === 'pending' || state === 'in_progress'

/** Superseded, or never what shows what serves. */
const isInactive = ({ mode, number }: Past, { deployment }: Serving): boolean =>
  !bringsRelease(mode) || deployment > number
