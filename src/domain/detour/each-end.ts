/** The end of a deed at one of several places. */
interface EachEnd {
  /** `web/web-1` */
  readonly name: string
  /** A sentence; null if it ended well. */
  readonly fault: string | null
}

/** Returns the faults of a deed at several places, each once, and how it ended at each of them. */
export function endsInWords(ends: readonly EachEnd[]): string {
  const faults = [...new Set(ends.flatMap(({ fault }) => fault ?? []))]
  const each = ends.map(({ name, fault }) => `${name} ${fault === null ? 'is done' : 'is stuck'}`)
  return [...faults, `${each.join('; ')}.`].join(' ')
}
