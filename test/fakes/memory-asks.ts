import { asksText, parseAsks } from '../../src/adapters/github/asks/text.ts'
import { asksRef } from '../../src/adapters/github/ledger/ref.ts'
import { asProblem, type ProblemWords } from '../../src/domain/problem.ts'
import { absent, known, type Reading, unknown } from '../../src/domain/reading.ts'
import { type Ask, describeAsk, withAsk } from '../../src/domain/signal/ask.ts'
import type { AskStore } from '../../src/pipeline/ports.ts'

export interface MemoryAsks extends AskStore {
  /** Puts a text in the place of asks, whatever was there. */
  plant(app: string, environment: string, text: string | null): void
  /** First lines of the commits, oldest first. */
  messages(app: string, environment: string): readonly string[]
  /** The commit of the asks, or null without one. */
  head(app: string, environment: string): string | null
  /** Makes every reading unknown from here on, until it is shown again. */
  hide(why: ProblemWords | null): void
  /** The number of readings so far. */
  readonly reads: number
}

/** Asks as text, like those in git: a read never returns the added object. */
export function createMemoryAsks(): MemoryAsks {
  const texts = new Map<string, string | null>()
  const lines = new Map<string, readonly string[]>()
  let hidden: ProblemWords | null = null
  let reads = 0
  const placeOf = (app: string, environment: string) => ({
    ref: asksRef(app, environment),
    app,
    environment,
  })
  const now = (app: string, environment: string): Reading<readonly Ask[]> => {
    if (hidden !== null) return unknown(hidden)
    const place = placeOf(app, environment)
    return texts.has(place.ref) ? parseAsks(texts.get(place.ref) ?? null, place) : absent
  }
  const write = (app: string, environment: string, asks: readonly Ask[], line: string): void => {
    const place = placeOf(app, environment)
    texts.set(place.ref, asksText(place, asks))
    lines.set(place.ref, [...(lines.get(place.ref) ?? []), line])
  }
  return {
    async read(app, environment) {
      reads += 1
      return now(app, environment)
    },
    async at(app, environment) {
      return now(app, environment)
    },
    head: (app, environment) =>
      texts.has(asksRef(app, environment))
        ? `asks-${lines.get(asksRef(app, environment))?.length ?? 0}`
        : null,
    async add(app, environment, ask) {
      if (hidden !== null) throw asProblem(hidden)
      const before = known(now(app, environment)) ?? []
      const after = withAsk(before, ask)
      if (after.length !== before.length) write(app, environment, after, describeAsk(ask))
    },
    async take(app, environment, ids, why) {
      const before = known(now(app, environment)) ?? []
      const taken = before.filter(({ id }) => ids.includes(id))
      if (taken.length > 0)
        write(
          app,
          environment,
          before.filter(({ id }) => !ids.includes(id)),
          why,
        )
      return taken
    },
    plant: (app, environment, text) => void texts.set(asksRef(app, environment), text),
    messages: (app, environment) => lines.get(asksRef(app, environment)) ?? [],
    hide: (why) => {
      hidden = why
    },
    get reads() {
      return reads
    },
  }
}
