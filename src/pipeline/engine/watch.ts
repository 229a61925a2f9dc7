import type { EngineSeen } from '../../domain/engine/engine-seen.ts'
import { changed } from '../../domain/engine/progress.ts'
import {
  type Awaited,
  type EngineVerdict,
  isComplete,
  judgeRollout,
  lastingIn,
  type Patience,
} from '../../domain/engine/verdict.ts'
import { rolloutFailure } from '../../domain/engine/verdict-words.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Reading } from '../../domain/reading.ts'
import type { Context } from '../run/context.ts'
import { isFailure, look, lookEvery, stopped } from './look.ts'

/** A rollout that is watched to its end. */
export interface Watching {
  readonly service: string
  readonly awaited: Awaited
  /** Milliseconds since the epoch. */
  readonly handedAt: number
  state(signal: AbortSignal): Promise<Reading<EngineSeen>>
  /** Takes each look that tells something new. */
  news(seen: EngineSeen): void
  /** Asked after each look. The failure with which the watch ends because of a halt; null to watch on. */
  halted(): Promise<Failure | null>
}

/** Watches a rollout until it has a verdict. Null is done: it was seen, for as long as the config wants. */
export async function watchRollout(context: Context, watching: Watching): Promise<Failure | null> {
  const { clock } = context.ports
  const { session, stop } = context
  let [complete, troubled, lookedAt]: [number | null, number, number] = [null, 0, clock.now().getTime()]
  const tell = telling(context, watching)
  for (;;) {
    const begun = clock.now().getTime()
    const seen = await look(context, watching.service, watching.state)
    if (seen === null) return gone(watching.service)
    if (isFailure(seen)) return seen
    const now = clock.now().getTime()
    if (now - lookedAt > longestGap) complete = null
    lookedAt = now
    complete = isComplete(seen, watching.awaited.images) ? (complete ?? now) : null
    troubled = lastingIn(seen).length > 0 ? troubled + 1 : 0
    const verdict = judgeRollout(seen, watching.awaited, patienceAt(now, watching, complete, troubled))
    tell(seen, isEnd(verdict))
    if (verdict.kind === 'done') return null
    if (isEnd(verdict)) return rolloutFailure(verdict, { ...watching, seen })
    if (stop.asked.aborted) return stopped
    const halted = await watching.halted()
    if (halted !== null) return halted
    session.saveInPassing()
    await session.stillLocked(60_000)
    const healthy = complete === null ? Number.POSITIVE_INFINITY : complete + watching.awaited.minHealthyTime
    await clock.sleep(restUntil(Math.min(begun + lookEvery, healthy), clock.now()), stop.asked)
  }
}

/** The milliseconds for which an engine is left alone between two looks, however long one takes. */
const shortestRest = 200

/** The last look is not later than the time for which the replicas must stay ready. */
const restUntil = (then: number, now: Date): number => Math.max(shortestRest, then - now.getTime())

/** The longest time between two looks of which the replicas count as ready throughout: nothing was seen in between. */
const longestGap = 10_000

const patienceAt = (
  now: number,
  { handedAt }: Watching,
  complete: number | null,
  troubled: number,
): Patience => ({ since: now - handedAt, complete: complete === null ? null : now - complete, troubled })

const isEnd = (verdict: EngineVerdict): verdict is Exclude<EngineVerdict, { kind: 'rolling' | 'settling' }> =>
  verdict.kind !== 'rolling' && verdict.kind !== 'settling'

/** Returns a function that passes a look on where it tells something new. */
function telling({ ports: { clock } }: Context, { news }: Watching) {
  let last: { readonly seen: EngineSeen; readonly at: number } | null = null
  return (seen: EngineSeen, atTheEnd: boolean): void => {
    const at = clock.now().getTime()
    if (last !== null && !changed(last.seen, seen, atTheEnd || at - last.at >= countsEvery)) return
    last = { seen, at }
    news(seen)
  }
}

/** Returns the news of a watch for the journal of a step. */
export const notedBy =
  ({ session }: Pick<Context, 'session'>, step: string, of: 'service' | 'test-bed'): Watching['news'] =>
  (seen) =>
    session.note({ kind: 'engine-observed', step, of, seen: brief(seen) })

/** The milliseconds after which other numbers of replicas are worth a note. */
const countsEvery = 5_000

const mostTroubles = 3
const mostLines = 20

/** Returns a look as the journal keeps it: of many troubles a few, with the ends of their logs. */
const brief = (seen: EngineSeen): EngineSeen => ({
  ...seen,
  troubles: seen.troubles
    .slice(0, mostTroubles)
    .map((trouble) => ({ ...trouble, tail: trouble.tail.slice(-mostLines) })),
})

export const gone = (service: string): Failure => ({
  code: 'engine-failed',
  what: `The engine has no ${service} any more, while it was to roll it.`,
  tail: [],
  next: 'Look who removed it. retry hands the release over once more, where the engine creates what is not there.',
})
