import { endsInWords } from '../../domain/detour/each-end.ts'
import type { Failure } from '../../domain/question/decision.ts'

/** The end of a deed at one instance. */
interface InstanceEnd {
  /** `web/web-1` */
  readonly name: string
  readonly failure: Failure | null
}

/** Returns the failure of a deed at all instances, which tells of each of them how it ended; null if all ended well. */
export function failureOfAll(ends: readonly InstanceEnd[]): Failure | null {
  const first = ends.find(({ failure }) => failure !== null)?.failure ?? null
  if (first === null || ends.length === 1) return first
  return {
    ...first,
    what: endsInWords(ends.map(({ name, failure }) => ({ name, fault: failure?.what ?? null }))),
  }
}
