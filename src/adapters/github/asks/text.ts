import * as z from 'zod/mini'
import type { ProblemWords } from '../../../domain/problem.ts'
import { absent, found, type Reading, unknown } from '../../../domain/reading.ts'
import type { Ask } from '../../../domain/signal/ask.ts'

export const asksFile = 'asks.json'

/** The place of asks, and who they should be for. */
export interface AsksPlace {
  readonly ref: string
  readonly app: string
  readonly environment: string
}

export const asksText = ({ app, environment }: AsksPlace, asks: readonly Ask[]): string =>
  `${JSON.stringify({ schema: 1, app, environment, asks }, null, 2)}\n`

/**
 * Reads asks as they stand in git. Absent where none is left. Unknown for a text that is not of this place, and for an
 * ask that this Rollgate does not know: its author waits for an answer.
 */
export function parseAsks(text: string | null, place: AsksPlace): Reading<readonly Ask[]> {
  const value = valueIn(text)
  const version = z.looseObject({ schema: z.number() }).safeParse(value).data?.schema
  if (version !== undefined && version > 1) return unknown(newer(place))
  const { data } = asksOf(place).safeParse(value)
  if (data === undefined) return unknown(foreign(place))
  return data.asks.length === 0 ? absent : found(data.asks as readonly Ask[])
}

function valueIn(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

const asked = {
  id: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
  run: z.string(),
  deployment: z.nullable(z.int()),
}

const said = { reason: z.string(), by: z.string(), at: z.string() }

const block = z.union([
  z.looseObject({ ...said, tag: z.string(), sha: z.string() }),
  z.looseObject({ ...said, commit: z.string(), fixedBy: z.nullable(z.string()) }),
])

const askKinds = z.discriminatedUnion('kind', [
  z.looseObject({ ...asked, kind: z.literal('halt') }),
  z.looseObject({ ...asked, kind: z.literal('block'), block, unblock: z.boolean() }),
  z.looseObject({ ...asked, kind: z.literal('withdraw'), question: z.string() }),
])

const asksOf = ({ app, environment }: AsksPlace) =>
  z.looseObject({
    schema: z.literal(1),
    app: z.literal(app),
    environment: z.literal(environment),
    asks: z.array(askKinds),
  })

const lookAt = ({ ref }: AsksPlace): string =>
  `\`git fetch origin ${ref} && git show FETCH_HEAD:${asksFile}\``

const foreign = (place: AsksPlace): ProblemWords => ({
  code: 'ledger-foreign',
  what: `The reference ${place.ref} does not hold asks for ${place.environment} as this Rollgate writes them.`,
  why: 'Something other than Rollgate wrote it, or a later Rollgate did.',
  next: `Look at it with ${lookAt(place)}, and delete or restore the reference. It was left as it is.`,
})

const newer = (place: AsksPlace): ProblemWords => ({
  code: 'ledger-newer',
  what: `The asks for ${place.environment} (${place.ref}) are of a later Rollgate than this one.`,
  why: 'Another workflow uses a later version.',
  next: 'Use that version in this workflow as well. The asks were left as they are.',
})
