import type { Verdict } from './verdict.ts'

/** The figures of an instance by name, of which less is better. */
export type Figures = Readonly<Record<string, number>>

/** Returns the numbers at the top of a JSON object; null for any other text, or without numbers. */
export function readFigures(text: string): Figures | null {
  try {
    const said: unknown = JSON.parse(text)
    if (said === null || typeof said !== 'object' || Array.isArray(said)) return null
    const numbers = Object.entries(said).filter((entry): entry is [string, number] =>
      Number.isFinite(entry[1]),
    )
    return numbers.length === 0 ? null : Object.fromEntries(numbers)
  } catch {
    return null
  }
}

/**
 * The mean of the test bed against the mean of the others, figure by figure. Worse is whatever exceeds the others by
 * more than `tolerance` (0.1 is a tenth of theirs); a figure that only one side has decides nothing.
 */
export function compareFigures(
  testBed: readonly Figures[],
  others: readonly Figures[],
  tolerance: number,
): Verdict {
  const names = Object.keys(testBed[0] ?? {}).filter((name) =>
    [...testBed, ...others].every((figures) => name in figures),
  )
  if (names.length === 0 || others.length === 0)
    return { kind: 'inconclusive', what: 'No figure is known of the test bed and of the others.', tail: [] }
  const compared = names.map((name) => {
    const [here, there] = [mean(testBed, name), mean(others, name)]
    return { name, here, there, worse: here > there + Math.abs(there) * tolerance }
  })
  const tail = compared.map(({ name, here, there }) => `${name}: ${short(here)}, the others ${short(there)}`)
  const worse = compared.filter((figure) => figure.worse)
  if (worse.length === 0)
    return { kind: 'better-or-equal', what: `Not worse than the others in ${names.join(', ')}.`, tail }
  const what = worse.map(
    ({ name, here, there }) => `${name} is ${short(here)}, the others have ${short(there)}`,
  )
  return { kind: 'worse', what: `The test bed is worse: ${what.join('; ')}.`, tail }
}

const mean = (all: readonly Figures[], name: string): number =>
  all.reduce((sum, figures) => sum + (figures[name] ?? 0), 0) / all.length

/** Four digits are enough to compare by eye. */
const short = (value: number): string => String(Number(value.toPrecision(4)))
