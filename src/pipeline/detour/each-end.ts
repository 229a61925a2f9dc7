import type { Failure } from '../../domain/question/decision.ts'

/** The end of a deed at one instance. */
interface EachEnd {
  /** `web/web-1` */
  readonly name: string
  readonly failure: Failure | null
}

/** Returns the failure of a deed at all instances, which tells of each of them how it ended; null if all ended well. */
export function failureOfAll(ends: readonly EachEnd[]): Failure | null {
  const [first, ...more] = ends.flatMap(({ failure }) => failure ?? [])
  if (first === undefined) return null
  if (ends.length === 1) return first
  const others = more.filter(({ what }) => what !== first.what).map(({ what }) => what)
  return { ...first, what: [first.what, ...others, `${ends.map(inWords).join('; ')}.`].join(' ') }
}

const inWords = ({ name, failure }: EachEnd): string => `${name} ${failure === null ? 'is done' : 'is stuck'}`
