import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import type { Reading } from '../../../domain/reading.ts'

/** One look for the result of a verb. */
export type VerbResult =
  | { readonly kind: 'shown'; readonly evidence: DetourEvidence }
  | { readonly kind: 'not-shown'; readonly why: string }

type PrintedValue = string | number | boolean

/** A condition on a reading, by the key that the command prints. */
export interface Condition {
  readonly key: string
  readonly reading: Reading<PrintedValue>
  /** The values that hold, where null stands for absent; `any` is every value that was found. */
  readonly wanted: 'any' | readonly (PrintedValue | null)[]
}

export const wants = (
  key: string,
  reading: Reading<PrintedValue>,
  ...wanted: (PrintedValue | null)[]
): Condition => ({
  key,
  reading,
  wanted,
})

export const wantsAny = (key: string, reading: Reading<PrintedValue>): Condition => ({
  key,
  reading,
  wanted: 'any',
})

/** Shown where every condition holds: the readings are the evidence. */
export function allOf(conditions: readonly Condition[]): VerbResult {
  const why = brokenIn(conditions)
  if (why !== null) return { kind: 'not-shown', why }
  const evidence = Object.fromEntries(conditions.map(({ key, reading }) => [key, inWords(reading)]))
  return { kind: 'shown', evidence }
}

/** Returns the sentence of the first condition that does not hold, or null. */
export function brokenIn(conditions: readonly Condition[]): string | null {
  const broken = conditions.find((condition) => !holds(condition))
  return broken === undefined ? null : sentence(broken)
}

const holds = ({ reading, wanted }: Condition): boolean =>
  wanted === 'any'
    ? reading.kind === 'found'
    : reading.kind !== 'unknown' && wanted.includes(reading.kind === 'found' ? reading.value : null)

const sentence = ({ key, reading, wanted }: Condition): string => {
  const should = wanted === 'any' ? 'any value' : wanted.map((value) => value ?? 'none').join(' or ')
  return `\`${key}\` is ${inWords(reading)} and not ${should}`
}

/** Returns a reading as a person reads it. */
export function inWords(reading: Reading<PrintedValue>): string {
  switch (reading.kind) {
    case 'found':
      return String(reading.value)
    case 'absent':
      return 'none'
    case 'unknown':
      return `unknown (${reading.why.what.replace(/\.$/, '')})`
  }
}
