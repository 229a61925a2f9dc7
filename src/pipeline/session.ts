import { describeOverridden } from '../domain/freeze-words.ts'
import type { Event, Happening, Journal } from '../domain/journal.ts'
import { type Ledger, remember, type Underway } from '../domain/ledger.ts'
import { Problem } from '../domain/problem.ts'
import { advance, type Standing, standing } from '../domain/standing.ts'
import type { Kept, Ports } from './ports.ts'

/** A run's hold on a ledger: what happens is noted in memory, and saved where it must not be lost. */
export interface Session {
  readonly ledger: Ledger
  readonly deployment: Underway
  readonly journal: Journal
  /** What the journal comes to. */
  readonly standing: Standing
  /** As the ledger has it, for whoever goes on: without what was noted and never saved. */
  readonly kept: { readonly ledger: Ledger; readonly deployment: Underway }
  /** What came about and is not saved, in words. What had only begun is left out: it may not even have been tried. */
  readonly unsaved: readonly string[]
  /** Remembers in memory. Progress that a fresh look would find again need not be saved. */
  note(happening: Happening): void
  /**
   * Saves what was noted. Resolves when it is kept for good, so that an effect which must not happen twice can
   * follow. Throws `lock-lost` when somebody else has written since: this run must then do nothing more.
   */
  save(): Promise<void>
  /**
   * Saves in the background when the last time is a while ago. What goes wrong is tried again, and shows at the next
   * `save`; but once the ledger is lost to somebody else, this throws `lock-lost` as well.
   */
  saveInPassing(): void
}

const inPassing = 20_000

export function openSession(
  kept: Kept,
  { ledgers, clock, narrator }: Pick<Ports, 'ledgers' | 'clock' | 'narrator'>,
): Session {
  let { head, ledger } = kept
  if (ledger.deployment === null) throw new Error('no deployment is under way')
  // An ended deployment has left the ledger, but whoever drove it still asks for it.
  let deployment = ledger.deployment
  let now = standing(deployment.plan, deployment.journal)
  let saved = { ledger, deployment }
  let unsaved: Event[] = []
  let lost: Problem | null = null
  let savedAt = clock.now().getTime()
  let saving: Promise<void> = Promise.resolve()

  async function append(): Promise<void> {
    const [events, snapshot] = [unsaved, { ledger, deployment }]
    if (events.length === 0) return
    unsaved = []
    try {
      const appended = await ledgers.append(head, snapshot.ledger, headline(deployment, events))
      if (appended === null) {
        lost = lockLost(snapshot.ledger.environment)
        throw lost
      }
      head = appended
      saved = snapshot
      savedAt = clock.now().getTime()
    } catch (failure) {
      unsaved = [...events, ...unsaved]
      throw failure
    }
  }

  return {
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
  if (event.kind === 'paused') return `waits at ${event.pause.step}`
  if (event.kind === 'ended') return `ended, ${event.outcome.kind}`
  return words
}

const lockLost = (environment: string): Problem =>
  new Problem('lock-lost', {
    what: `Another run has taken over the deployment of ${environment}.`,
    why: 'This run was held up for so long that it was taken for dead, or somebody wrote the ledger by hand.',
    next: 'Do nothing here: this run has stopped. Look at the run that is named in the ledger.',
  })
