import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'

/** A rule by its title; it throws where it is broken. */
export type Rules<Told> = Readonly<Record<string, (told: Told) => void>>

/**
 * Makes a test of each rule, and tells each story once for all of them, since telling takes most of the time.
 * For a broken rule the same stories are drawn again, so that fast-check can shrink the first one that breaks
 * it.
 */
export function holdInEveryStory<Drawn, Told>(
  drawn: fc.Arbitrary<Drawn>,
  tellOf: (drawn: Drawn) => Told,
  rules: Rules<Told>,
  numRuns: number,
): void {
  const { seed } = fc.check(
    fc.property(fc.nat(), () => {}),
    { numRuns: 1 },
  )
  const broken = new Set<string>()

  beforeAll(() => {
    const all = fc.property(drawn, (one) => {
      const told = tellOf(one)
      for (const [title, rule] of Object.entries(rules)) if (breaks(rule, told)) broken.add(title)
    })
    fc.assert(all, { numRuns, seed })
  })

  test.each(Object.entries(rules))('%s', (title, rule) => {
    if (!broken.has(title)) return
    const alone = fc.property(drawn, (one) => rule(tellOf(one)))
    fc.assert(alone, { numRuns, seed })
    expect.fail(`broken once with the seed ${seed}, and then no more`)
  })
}

function breaks<Told>(rule: (told: Told) => void, told: Told): boolean {
  try {
    rule(told)
    return false
  } catch {
    return true
  }
}
