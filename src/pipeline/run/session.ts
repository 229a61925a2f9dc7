import type { Event, Happening, Journal } from '../../domain/journal/journal.ts'
import { advance, type Standing, standing } from '../../domain/journal/standing.ts'
import { type Ledger, remember } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import type { Reading } from '../../domain/reading.ts'
import { describeOverridden } from '../../domain/schedule/freeze-words.ts'
import type { Kept, Ports } from '../ports.ts'
import { type HeldRef, holdRef } from './held-ref.ts'

/** A run's lock on a ledger: events are noted in memory, and saved when they must not be lost. */
export interface Session {
  readonly ledger: Ledger
  readonly deployment: Underway
  readonly journal: Journal
  /** The state that follows from the journal. */
  readonly standing: Standing
  /** The saved ledger and deployment, for the next run: without events that were noted and never saved. */
  readonly kept: { readonly ledger: Ledger; readonly deployment: Underway }
  /**
   * The commit of people's asks, as the last `stillLocked` found it. Absent without one; unknown where GitHub did not
   * answer, which stops a run only after the length of a lease.
   */
  readonly asks: Reading<string>
  /** The unsaved results, in words. A step that had only begun is left out: it may not even have been tried. */
  readonly unsaved: readonly string[]
  /** Notes an event in memory. Progress that a fresh look would find again need not be saved. */
  note(happening: Happening): void
  /**
   * Saves the noted events. Resolves when they are durable, so that an effect which must not happen twice can
   * follow. Throws `lock-lost` if another run has written since: this run must then stop.
   */
  save(): Promise<void>
  /**
   * Saves in the background if the last save is a while ago. A failure is retried, and appears at the next
   * `save`; but once the lock is lost to another run, this throws `lock-lost` as well.
   */
  saveInPassing(): void
  /**
   * Resolves while this run still holds the ledger. Called before each change of the world. Throws `lock-lost` when
   * another run moved the ref, and `github-unavailable` when GitHub was not reached for the length of a lease: another
   * run may have taken over by then. `fresh`: milliseconds for which the last answer is good enough.
   */
  stillLocked(fresh?: number): Promise<void>
}

const inPassing = 20_000

/** The state of a session: all that was noted, and the part of it that is saved. */
interface SessionState {
  ledger: Ledger
  /** An ended deployment has left the ledger, but its driver still reads it. */
  deployment: Underway
  standing: Standing
  kept: { readonly ledger: Ledger; readonly deployment: Underway }
  /** The noted events that are not saved yet. */
  pending: Event[]
  savedAt: number
  saving: Promise<void>
}

/** The means by which a session keeps its events. */
interface SessionMeans extends Pick<Ports, 'clock' | 'narrator'> {
  readonly ref: HeldRef
}

export function openSession(
  { head, ledger }: Kept,
  { ledgers, clock, narrator }: Pick<Ports, 'ledgers' | 'clock' | 'narrator'>,
): Session {
  const means = { ref: holdRef(head, { ledgers, clock }), clock, narrator }
  const state = stateOf(ledger, clock.now())
  return {
    get ledger() {
      return state.ledger
    },
    get deployment() {
      return state.deployment
    },
    get journal() {
      return state.deployment.journal
    },
    get standing() {
      return state.standing
    },
    get kept() {
      return state.kept
    },
    get asks() {
      return means.ref.asks
    },
    get unsaved() {
      return inWords(state.pending)
    },
    note: (happening) => note(state, means, happening),
    save: () => save(state, means),
    saveInPassing: () => saveInPassing(state, means),
    stillLocked: (fresh = 0) => means.ref.stillLocked(state.ledger, fresh),
  }
}

function stateOf(ledger: Ledger, now: Date): SessionState {
  const { deployment } = ledger
  if (deployment === null) throw new Error('no deployment is under way')
  return {
    ...{ ledger, deployment, standing: standing(deployment.plan, deployment.journal) },
    ...{ kept: { ledger, deployment }, pending: [] },
    ...{ savedAt: now.getTime(), saving: Promise.resolve() },
  }
}

function note(state: SessionState, { clock, narrator }: SessionMeans, happening: Happening): void {
  const event: Event = { at: clock.now().toISOString(), ...happening }
  const { deployment } = state
  state.pending.push(event)
  state.ledger = remember(state.ledger, event)
  state.deployment = state.ledger.deployment ?? { ...deployment, journal: [...deployment.journal, event] }
  state.standing = advance(state.deployment.plan, state.standing, event)
  narrator.heard(state.deployment, state.standing)
}

/** Appends after the append before it, which may have failed. */
function save(state: SessionState, means: SessionMeans): Promise<void> {
  state.saving = state.saving.catch(() => {}).then(() => append(state, means))
  return state.saving
}

function saveInPassing(state: SessionState, means: SessionMeans): void {
  means.ref.refuseIfLost()
  const now = means.clock.now().getTime()
  if (Math.abs(now - state.savedAt) < inPassing) return
  state.savedAt = now
  save(state, means).catch(() => {})
}

/** Appends the noted events as one commit; a failure leaves them to the next save. */
async function append(state: SessionState, { ref, clock }: SessionMeans): Promise<void> {
  const { pending: events, ledger, deployment } = state
  if (events.length === 0) return
  state.pending = []
  try {
    await ref.append(ledger, headline(deployment, events))
    state.kept = { ledger, deployment }
    state.savedAt = clock.now().getTime()
  } catch (failure) {
    state.pending = [...events, ...state.pending]
    throw failure
  }
}

/** A step that had only begun is left out: it may not even have been tried. */
const inWords = (events: readonly Event[]): string[] =>
  events.filter(({ kind }) => !kind.endsWith('-started') && kind !== 'interrupted').map(describe)

/** The message of the commit that keeps these events: one readable line. */
function headline({ number, plan }: Underway, events: readonly Event[]): string {
  const last = events.at(-1)
  if (last === undefined) return `deployment ${number}`
  const more = events.length > 1 ? ` (and ${events.length - 1} before)` : ''
  const overridden = events.flatMap((event) => {
    if (event.kind === 'opened') return plan.overridden ?? []
    return event.kind === 'decided' ? (event.overridden ?? []) : []
  })
  return [`deployment ${number}: ${describe(last)}${more}`, ...overridden.map(describeOverridden)].join(', ')
}

function describe(event: Event): string {
  const words = event.kind.replaceAll('-', ' ')
  if ('instance' in event) return `${event.instance} ${words}`
  if ('step' in event) return `${event.step} ${words}`
  if (event.kind === 'decided') return `${event.by} decided ${event.decision}`
  if (event.kind === 'approved') return `${event.by} approved, as one of ${event.needed}`
  if (event.kind === 'withdrawn') return `${event.by} took the approval back`
  if (event.kind === 'paused') return `waits at ${event.pause.step}`
  if (event.kind === 'ended') return `ended, ${event.outcome.kind}`
  return words
}
