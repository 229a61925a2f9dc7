/**
 * The matrices are complete by `npm run test:matrix`. ROLLGATE_MATRIX_EVERY=n takes every nth case, and
 * ROLLGATE_MATRIX_SLICE=3/12 the third of twelve parts, which together are all of them. Both take always the same cases.
 * The log prints the selection, so that a part is not taken for the whole.
 */
const every = Number(process.env.ROLLGATE_MATRIX_EVERY ?? '1')
const slice = sliceOf(process.env.ROLLGATE_MATRIX_SLICE ?? '1/1')

export interface Slice {
  readonly part: number
  readonly parts: number
}

/** Reads `3/12`. Throws where it is no part of a whole: a run of no case would be green. */
export function sliceOf(text: string): Slice {
  const [part, parts] = (/^(\d+)\/(\d+)$/.exec(text)?.slice(1) ?? []).map(Number)
  if (part === undefined || parts === undefined || part < 1 || part > parts)
    throw new Error(`ROLLGATE_MATRIX_SLICE is ${text}, and no part of a whole as 3/12 is.`)
  return { part, parts }
}

/** Returns the cases of a slice, which lie all over the matrix. */
export const sliced = <Case>(cases: readonly Case[], { part, parts }: Slice): Case[] =>
  cases.filter((_, index) => index % parts === part - 1)

export interface Sampling {
  /** The answers that each case is given; where they are named, the log says how many there are. */
  readonly answers?: Readonly<Record<string, unknown>>
  /** A sample takes as many times fewer of long stories. */
  readonly thinner?: number
}

export function sampled<Case>(
  name: string,
  cases: readonly Case[],
  { answers, thinner = 1 }: Sampling = {},
): Case[] {
  const nth = every === 1 ? 1 : every * thinner
  const chosen = cases.filter((_, index) => index % nth === Math.floor(nth / 2))
  const taken = sliced(chosen, slice)
  const thinned = nth === 1 ? '' : `, every ${nth}th`
  const part = slice.parts === 1 ? '' : `, slice ${slice.part} of ${slice.parts}`
  const each = answers === undefined ? '' : `, each with ${Object.keys(answers).length} answers`
  console.log(`${name}: ${taken.length} of ${cases.length} cases${each}${thinned}${part}`)
  return taken
}
