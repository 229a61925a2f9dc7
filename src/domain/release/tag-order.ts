/**
 * Sorts newest first, by names: numbers count as numbers, and `v1.2.0-rc.1` comes before `v1.2.0`. A
 * reference to a tag has no time, and reading each tag would cost a request.
 */
export const newestFirst = (one: string, other: string): number => compare(other, one)

const collator = new Intl.Collator('en', { numeric: true })

function compare(one: string, other: string): number {
  const [head, candidate] = divided(one)
  const [otherHead, otherCandidate] = divided(other)
  return (
    collator.compare(head, otherHead) ||
    // A final release has nothing after its number, and is the last one of that number.
    Number(candidate === '') - Number(otherCandidate === '') ||
    collator.compare(candidate, otherCandidate) ||
    (one < other ? -1 : Number(one > other))
  )
}

/** `v1.2.0` and `-rc.1`; a name without a version stays whole. */
function divided(tag: string): readonly [string, string] {
  const [, head, candidate] = /^(.*?\d+(?:\.\d+)+)(-.+)$/.exec(tag) ?? []
  return head === undefined || candidate === undefined ? [tag, ''] : [head, candidate]
}
