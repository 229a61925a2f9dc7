import type { Standing } from '../../domain/journal/deployment-standing.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { modes } from '../../domain/plan/modes.ts'
import { awaits } from '../../domain/question/pause.ts'
import type { HaltPolicy } from '../../domain/signal/halt-policy.ts'
import { isHeldBySignals } from '../../domain/signal/held.ts'
import { type Signal, type Signals, signalsOf } from '../../domain/signal/signal.ts'
import type { Kept, Ports } from '../ports.ts'
import type { Stop } from '../run/context.ts'
import { openSession } from '../run/session.ts'
import { alarmSources, isNew } from './read-signals.ts'
import type { AheadPorts } from './signals-ahead.ts'
import { askSource, issueSource } from './sources.ts'
import { lookOnce } from './until-known.ts'

/** The place of signals, and the labels that halt there. */
interface SignalPlace {
  readonly app: string
  readonly environment: string
  readonly labels: readonly string[]
  /** The number of the deployment under way; null without one. */
  readonly deployment: number | null
  /** True if halts for the environment count, beside those that name the deployment. */
  readonly standing: boolean
}

/** Looks once at the issues and asks of an environment, to show them. What is unknown waits for nothing. */
export async function signalsNow(
  { asks, issues, clock }: AheadPorts,
  { app, environment, labels, deployment, standing: counts }: SignalPlace,
): Promise<Signals> {
  const sources = [
    askSource(() => asks.read(app, environment), deployment, counts),
    ...(labels.length === 0 ? [] : [issueSource({ issues }, { labels })]),
  ]
  return signalsOf(await lookOnce(clock, sources))
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
  const watched = watchedIn(ledger)
  if (watched === null) return null
  const { number, plan } = watched.underway
  const labels = watched.halt?.labels ?? []
  const { app, environment } = ledger
  const place = { app, environment, labels, deployment: number, standing: isHeldBySignals(plan) }
  return newIn(watched, await signalsNow(ports, place))
}

/** Reads the alarms of the policy in the same time: their command needs a job that may run commands. */
export async function alarmedWait(ports: Ports, kept: Kept, stop: Stop): Promise<HaltedWait | null> {
  const watched = watchedIn(kept.ledger)
  if (watched === null || watched.halt === null) return null
  const { plan } = watched.underway
  const sources = alarmSources({ ports, plan, session: openSession(kept, ports), stop }, watched.halt)
  const seen = await lookOnce(ports.clock, sources)
  return stop.asked.aborted ? null : newIn(watched, signalsOf(seen))
}

/** A deployment that only waits for a time, with the policy that may end the wait. */
interface WatchedWait {
  readonly underway: Underway
  readonly now: Standing
  readonly halt: HaltPolicy | null
}

function watchedIn({ deployment: underway }: Ledger): WatchedWait | null {
  if (underway === null || underway.holder !== null) return null
  const { plan, journal } = underway
  const now = standing(plan, journal)
  if (now.pause === null || awaits(now.pause) !== 'time' || modes[plan.mode].heldBy !== 'signals') return null
  return { underway, now, halt: isHeldBySignals(plan) ? plan.environment.halt : null }
}

function newIn({ underway, now }: WatchedWait, seen: Signals): HaltedWait | null {
  if (seen.kind !== 'open') return null
  const signals = seen.signals.filter((signal) => signal.kind !== 'unknown' && isNew(signal, now))
  return signals.length > 0 ? { underway, signals } : null
}
