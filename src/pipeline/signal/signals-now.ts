import { standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { modes } from '../../domain/plan/modes.ts'
import { awaits } from '../../domain/question/pause.ts'
import { type Signal, type Signals, signalsOf } from '../../domain/signal/signal.ts'
import { isNew } from './read-signals.ts'
import type { AheadPorts } from './signals-ahead.ts'
import { askSource, issueSource } from './sources.ts'
import { untilKnown } from './until-known.ts'

/** The place of signals, and the labels that halt there. */
interface SignalPlace {
  readonly app: string
  readonly environment: string
  readonly labels: readonly string[]
  /** The number of the deployment under way; null without one. */
  readonly deployment: number | null
}

/** Looks once at the issues and asks of an environment, to show them. What is unknown waits for nothing. */
export async function signalsNow(
  { asks, issues, clock }: AheadPorts,
  { app, environment, labels, deployment }: SignalPlace,
): Promise<Signals> {
  const sources = [
    askSource(() => asks.read(app, environment), deployment, true),
    ...(labels.length === 0 ? [] : [issueSource({ issues }, { labels })]),
  ]
  return signalsOf(await untilKnown(clock, sources, AbortSignal.abort(), () => {}))
}

/** A deployment that is only watched at this time, and the open signals that end the wait early. */
export interface HaltedWait {
  readonly underway: Underway
  readonly signals: readonly Signal[]
}

/**
 * Reads the signals while a release is watched without a run. Null where nothing is watched, or nothing is open: an
 * unknown signal waits for the end of the watch, where it is asked for a minute.
 */
export async function haltedWait(ports: AheadPorts, ledger: Ledger): Promise<HaltedWait | null> {
  const { deployment: underway, app, environment } = ledger
  if (underway === null || underway.holder !== null) return null
  const { plan, journal, number } = underway
  const now = standing(plan, journal)
  if (now.pause === null || awaits(now.pause) !== 'time' || modes[plan.mode].heldBy !== 'signals') return null
  const labels = plan.overriddenHalt === null ? (plan.environment.halt?.labels ?? []) : []
  const seen = await signalsNow(ports, { app, environment, labels, deployment: number })
  if (seen.kind !== 'open') return null
  const signals = seen.signals.filter((signal) => signal.kind !== 'unknown' && isNew(signal, now))
  return signals.length > 0 ? { underway, signals } : null
}
