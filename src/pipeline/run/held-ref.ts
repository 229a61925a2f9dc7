import type { Ledger } from '../../domain/ledger/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import { absent, type Reading, readingOf, unknown } from '../../domain/reading.ts'
import type { Ports } from '../ports.ts'

/** The ref of a ledger that this run holds: it alone moves the ref, and it looks before each change of the world. */
export interface HeldRef {
  /** See `Session.asks`. */
  readonly asks: Reading<string>
  /** Throws once the lock is known to be lost to another run. */
  refuseIfLost(): void
  /** Moves the ref to a new commit with this ledger. Throws `lock-lost` if another run moved it. */
  append(ledger: Ledger, words: string): Promise<void>
  /** See `Session.stillLocked`. */
  stillLocked(ledger: Ledger, fresh: number): Promise<void>
}

/**
 * The longest time that a run continues without GitHub. GitHub gives up a runner without contact after about
 * as long.
 */
const lease = 10 * 60_000

/** The waits before further requests once that time is over: one failed request after a long step proves little. */
const waits = [2_000, 5_000, 10_000, 30_000, 60_000]

type RefPorts = Pick<Ports, 'ledgers' | 'clock'>

/** The knowledge that a run has of its ref. */
interface RefKnown {
  head: string | null
  /** Every commit of this run, oldest first: a commit whose answer was lost may stand at the ref. */
  readonly ours: string[]
  /** The time at which GitHub answered last. */
  reachedAt: number
  asks: Reading<string>
  lost: Problem | null
}

export function holdRef(head: string | null, ports: RefPorts): HeldRef {
  const known: RefKnown = {
    ...{ head, ours: head === null ? [] : [head], reachedAt: timeOf(ports) },
    ...{ asks: absent, lost: null },
  }
  const refuseIfLost = (): void => {
    if (known.lost !== null) throw known.lost
  }
  return {
    get asks() {
      return known.asks
    },
    refuseIfLost,
    async append(ledger, words) {
      known.head = await appended(known, ports, ledger, words)
      known.reachedAt = timeOf(ports)
    },
    async stillLocked(ledger, fresh) {
      refuseIfLost()
      // A clock that was set back tells nothing of the last look.
      if (Math.abs(timeOf(ports) - known.reachedAt) >= fresh) await lookAt(known, ports, ledger)
    },
  }
}

const timeOf = ({ clock }: RefPorts): number => clock.now().getTime()

/** Returns the new head. An earlier append of this run may have landed although its answer was lost. */
async function appended(
  known: RefKnown,
  { ledgers }: RefPorts,
  written: Ledger,
  words: string,
): Promise<string> {
  const { ours } = known
  for (;;) {
    const made = await ledgers.append(known.head, written, words, (commit) => ours.push(commit))
    if (made !== null) {
      if (!ours.includes(made)) ours.push(made)
      return made
    }
    const { ledger: tip } = await ledgers.tips(written.app, written.environment)
    const newer = ours.slice(known.head === null ? 0 : ours.indexOf(known.head) + 1)
    if (tip === null || !newer.includes(tip)) throw loseTo(known, written)
    known.head = tip
  }
}

/** Asks for the ref until it answers, or the lease is over. */
async function lookAt(known: RefKnown, ports: RefPorts, ledger: Ledger): Promise<void> {
  for (const wait of [...waits, null]) {
    const tip = await tipOf(known, ports, ledger)
    if (typeof tip === 'string') {
      known.reachedAt = timeOf(ports)
      if (known.ours.includes(tip)) return
      throw loseTo(known, ledger)
    }
    known.asks = unknown(tip.words)
    const silent = timeOf(ports) - known.reachedAt
    if (silent < lease) return
    if (wait === null) throw notReached(ledger.environment, silent, tip)
    await ports.clock.sleep(wait)
  }
}

/** Returns the tip of the ref; a problem where it is unknown. A ref that is not shown is no other run's. */
async function tipOf(
  known: RefKnown,
  { ledgers }: RefPorts,
  { app, environment }: Ledger,
): Promise<string | Problem> {
  try {
    const tips = await ledgers.tips(app, environment)
    if (tips.ledger !== null) known.asks = readingOf(tips.asks)
    return tips.ledger ?? notShown(environment)
  } catch (failure) {
    if (failure instanceof Problem) return failure
    throw failure
  }
}

function loseTo(known: RefKnown, { environment }: Ledger): Problem {
  known.lost = lockLost(environment)
  return known.lost
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
