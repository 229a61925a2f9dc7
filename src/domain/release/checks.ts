import { Problem } from '../problem.ts'

/** The newest judgement of a system on a commit. */
export interface Check {
  readonly name: string
  readonly state: 'green' | 'pending' | 'red'
  /** The workflow run of the check, if it has one. */
  readonly run: number | null
}

export interface ChecksWanted {
  /** Names of checks, `*` for any letters; none for all. */
  readonly named: readonly string[]
  /** The run that asks: its own jobs cannot have ended yet. */
  readonly run: number
}

/** The checks that count. */
export const counting = (checks: readonly Check[], { named, run }: ChecksWanted): Check[] =>
  checks.filter(
    (check) =>
      check.run !== run && (named.length === 0 || named.some((pattern) => fits(pattern, check.name))),
  )

/** Throws `checks-not-green` for a failed, unfinished or missing check. */
export function requireGreen(commit: string, checks: readonly Check[], wanted: ChecksWanted): void {
  const counted = counting(checks, wanted)
  const red = namesOf(counted, 'red')
  const pending = namesOf(counted, 'pending')
  const absent = wanted.named.filter((pattern) => !counted.some(({ name }) => fits(pattern, name)))
  const wrong = [
    ...(red.length > 0 ? [`failed: ${red.join(', ')}`] : []),
    ...(pending.length > 0 ? [`not ended: ${pending.join(', ')}`] : []),
    ...(absent.length > 0 ? [`not there: ${absent.join(', ')}`] : []),
  ]
  if (wrong.length === 0) return
  throw new Problem('checks-not-green', {
    what: `The checks of ${commit} are not green; ${wrong.join('; ')}.`,
    why: 'A release is made from a commit that was built and tested. Nothing was created.',
    next:
      red.length === 0 && absent.length === 0
        ? 'Wait until they have ended, and run this again.'
        : 'Correct what failed and release the corrected commit; name the checks that count with the input checks.',
  })
}

const namesOf = (checks: readonly Check[], wanted: Check['state']): string[] => [
  ...new Set(checks.filter(({ state }) => state === wanted).map(({ name }) => name)),
]

function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}
