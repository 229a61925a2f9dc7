import type { Event, Happening, Journal } from '../../domain/journal/journal.ts'
import { advance, type Standing, standing } from '../../domain/journal/standing.ts'
import { type Ledger, remember } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { Problem } from '../../domain/problem.ts'
import { absent, type Reading, readingOf, unknown } from '../../domain/reading.ts'
import { describeOverridden } from '../../domain/schedule/freeze-words.ts'
import type { Kept, Ports } from '../ports.ts'

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

/**
 * The longest time that a run continues without GitHub. GitHub gives up a runner without contact after about
 * as long.
 */
const lease = 10 * 60_000

/** The waits before further requests once that time is over: one failed request after a long step proves little. */
const waits = [2_000, 5_000, 10_000, 30_000, 60_000]

export function openSession(
  kept: Kept,
  { ledgers, clock, narrator }: Pick<Ports, 'ledgers' | 'clock' | 'narrator'>,
): Session {
  let { head, ledger } = kept
  if (ledger.deployment === null) throw new Error('no deployment is under way')
  // An ended deployment has left the ledger, but its driver still reads it.
  let deployment = ledger.deployment
  let now = standing(deployment.plan, deployment.journal)
  let saved = { ledger, deployment }
  let unsaved: Event[] = []
  let lost: Problem | null = null
  let savedAt = clock.now().getTime()
  let reachedAt = savedAt
  let asks: Reading<string> = absent
  let saving: Promise<void> = Promise.resolve()
  /** Every commit of this run, oldest first: a commit whose answer was lost may stand at the ref. */
  const ours = head === null ? [] : [head]

  async function append(): Promise<void> {
    const [events, snapshot] = [unsaved, { ledger, deployment }]
    if (events.length === 0) return
    unsaved = []
    try {
      head = await appended(snapshot.ledger, headline(deployment, events))
      saved = snapshot
      savedAt = reachedAt = clock.now().getTime()
    } catch (failure) {
      unsaved = [...events, ...unsaved]
      throw failure
    }
  }

  /** The new head. An earlier append of this run may have landed although its answer was lost. */
  async function appended(written: Ledger, words: string): Promise<string> {
    for (;;) {
      const made = await ledgers.append(head, written, words, (commit) => ours.push(commit))
      if (made !== null) {
        if (!ours.includes(made)) ours.push(made)
        return made
      }
      const { ledger: now } = await ledgers.tips(written.app, written.environment)
      const newer = ours.slice(head === null ? 0 : ours.indexOf(head) + 1)
      if (now === null || !newer.includes(now)) throw loseTo(written)
      head = now
    }
  }

  function loseTo({ environment }: Ledger): Problem {
    lost = lockLost(environment)
    return lost
  }

  /** The tip of the ref; a problem where it is not known. A ref that is not shown is no other run's. */
  async function tip({ app, environment }: Ledger): Promise<string | Problem> {
    try {
      const tips = await ledgers.tips(app, environment)
      if (tips.ledger !== null) asks = readingOf(tips.asks)
      return tips.ledger ?? notShown(environment)
    } catch (failure) {
      if (failure instanceof Problem) return failure
      throw failure
    }
  }

  async function stillLocked(fresh = 0): Promise<void> {
    if (lost !== null) throw lost
    if (clock.now().getTime() - reachedAt < fresh) return
    for (const wait of [...waits, null]) {
      const now = await tip(ledger)
      if (typeof now === 'string') {
        reachedAt = clock.now().getTime()
        if (ours.includes(now)) return
        throw loseTo(ledger)
      }
      asks = unknown(now.words)
      const silent = clock.now().getTime() - reachedAt
      if (silent < lease) return
      if (wait === null) throw notReached(ledger.environment, silent, now)
      await clock.sleep(wait)
    }
  }

  return {
    stillLocked,
    get ledger() {
      return ledger
    },
    get deployment() {
      return deployment
    },
    get journal() {
      return deployment.journal
    },
    get standing() {
      return now
    },
    get kept() {
      return saved
    },
    get asks() {
      return asks
    },
    get unsaved() {
      return unsaved.filter(({ kind }) => !kind.endsWith('-started') && kind !== 'interrupted').map(describe)
    },
    note(happening) {
      const event: Event = { at: clock.now().toISOString(), ...happening }
      unsaved.push(event)
      ledger = remember(ledger, event)
      deployment = ledger.deployment ?? { ...deployment, journal: [...deployment.journal, event] }
      now = advance(deployment.plan, now, event)
      narrator.heard(deployment, now)
    },
    save() {
      saving = saving.catch(() => {}).then(append)
      return saving
    },
    saveInPassing() {
      if (lost !== null) throw lost
      if (clock.now().getTime() - savedAt < inPassing) return
      savedAt = clock.now().getTime()
      saving = saving.catch(() => {}).then(append)
      saving.catch(() => {})
    },
  }
}

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

const lockLost = (environment: string): Problem =>
  new Problem('lock-lost', {
    what: `Another run has taken over the deployment of ${environment}.`,
    why: 'This run was held up for so long that it counted as dead, or the ledger was written by hand.',
    next: 'Do nothing here: this run has stopped. Look at the run that is named in the ledger.',
  })

const notShown = (environment: string): Problem =>
  new Problem('github-unavailable', {
    what: `GitHub does not show the ledger of ${environment}.`,
    why: 'Its reference was deleted, or the token may not read it any more.',
    next: 'Look at the references of the repository, and run it again.',
  })

const notReached = (environment: string, silent: number, { words }: Problem): Problem =>
  new Problem('github-unavailable', {
    what: `The ledger of ${environment} could not be read for ${Math.round(silent / 60_000)} minutes. ${words.what}`,
    why: 'Another run may have taken this deployment over by now, so this run changes nothing more.',
    next: 'Run it again when GitHub answers: it finishes only what is not done.',
  })
