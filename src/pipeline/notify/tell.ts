import type { Ledger } from '../../domain/ledger/ledger.ts'
import {
  afterTries,
  describeUntold,
  dueIn,
  isSameNotice,
  mostTries,
  type Notice,
  type Tried,
} from '../../domain/notify/notice.ts'
import type { NoticeRule } from '../../domain/notify/notice-rule.ts'
import { Problem } from '../../domain/problem.ts'
import { isBusy } from '../lock/busy.ts'
import { trySwap } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import type { Stop } from '../run/context.ts'
import { type NoticePorts, sendNotice } from './send-notice.ts'

/** The means of a run that tells of a deployment. */
interface Teller {
  readonly ports: NoticePorts
  readonly rules: readonly NoticeRule[]
  readonly doer: Pick<Doer, 'run'>
  readonly stop: Stop
}

/** The notices of one run: what was sent in the background, and what is left for its end. */
export interface NoticeRun {
  /** Sends the rest, and notes in the ledger what was sent. Never throws; it takes two timeouts at most. */
  finish(): Promise<void>
}

type NoticePlace = Pick<Ledger, 'app' | 'environment'>

/**
 * Begins to send the notices that a ledger already has, beside the work of a run: a receiver that hangs holds up nothing.
 * Only what the ledger keeps is sent, so that a notice is never of something that was lost with its run.
 */
export function beginTelling(teller: Teller, ledger: NoticePlace & Pick<Ledger, 'notices'>): NoticeRun {
  const early = sendAll(teller, dueIn(ledger))
  return {
    async finish() {
      const sent = await early
      if (teller.rules.length === 0 && sent.length === 0) return
      try {
        await finishTelling(teller, ledger, sent)
      } catch (thrown) {
        if (!(thrown instanceof Problem)) throw thrown
        const then = 'They are sent again by the next watch, with the same ids.'
        teller.ports.voice.warning('Notices are behind', `${thrown.what} ${then}`)
      }
    },
  }
}

async function finishTelling(teller: Teller, place: NoticePlace, before: readonly Tried[]): Promise<void> {
  const { ledger } = await teller.ports.ledgers.read(place.app, place.environment)
  const left = dueIn(ledger).filter((notice) => !before.some((tried) => isSameNotice(tried.notice, notice)))
  const tried = [...before, ...(await sendAll(teller, left))]
  await note(teller, place, tried)
  for (const words of tried.filter(({ end }) => end.kind === 'failed').flatMap(triedInWords))
    teller.ports.voice.warning('A notice was not sent', `${words}. The outcome is not changed by it.`)
}

/**
 * Sends what an environment still has to tell: the duty of a watch. The policy of now says how; a notice whose way it no
 * longer has is dropped. Returns what was told and what was not, in words.
 */
export async function tellAgain(teller: Teller, ledger: Ledger): Promise<string[]> {
  const tried = await sendAll(teller, dueIn(ledger))
  await note(teller, ledger, tried)
  return tried.flatMap(triedInWords)
}

const sendAll = ({ ports, rules, stop }: Teller, notices: readonly Notice[]): Promise<Tried[]> =>
  Promise.all(notices.map(async (notice) => ({ notice, end: await sendNotice(ports, rules, notice, stop) })))

/** Writes nothing beside a live run, which would lose its lock: then the notices are sent once more later. */
async function note(
  { ports, doer }: Teller,
  { app, environment }: NoticePlace,
  tried: readonly Tried[],
): Promise<void> {
  if (tried.every(({ end }) => end.kind === 'cut-short')) return
  await trySwap(async () => {
    const { head, ledger } = await ports.ledgers.read(app, environment)
    if (await isBusy(ports, ledger, doer)) return 'left'
    return ports.ledgers.append(head, afterTries(ledger, tried), headline(tried))
  })
}

function headline(tried: readonly Tried[]): string {
  const sent = tried.filter(({ end }) => end.kind === 'sent').length
  return `${sent} of ${tried.length} notices sent`
}

function triedInWords({ notice, end }: Tried): string[] {
  const { point, facts, to } = notice
  switch (end.kind) {
    case 'sent':
      return [`told ${to} of deployment ${facts.deployment}: ${point}`]
    case 'no-way':
      return [`dropped ${point} of deployment ${facts.deployment}: the config no longer tells ${to}`]
    case 'failed': {
      const tries = notice.tries + 1
      const then = tries < mostTries ? 'the next watch tries again' : 'it is not tried again'
      return [`${describeUntold({ ...notice, tries, failure: end.why })}; ${then}`]
    }
    case 'cut-short':
      return []
  }
}
