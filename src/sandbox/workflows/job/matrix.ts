type Element = Readonly<Record<string, unknown>>

/** The elements of a matrix whose expressions are filled in, in GitHub's order. */
export function elementsOf(matrix: Element): Element[] {
  const { include = [], exclude = [], ...vectors } = matrix
  const combined = combine(Object.entries(vectors) as [string, readonly unknown[]][]).filter(
    (element) => !(exclude as readonly Element[]).some((left) => agrees(element, left, Object.keys(left))),
  )
  const names = Object.keys(vectors)
  const elements = names.length === 0 ? [] : combined
  for (const more of include as readonly Element[]) {
    const shared = Object.keys(more).filter((name) => names.includes(name))
    const matching = elements.filter((element) => names.length > 0 && agrees(element, more, shared))
    if (matching.length === 0) elements.push(more)
    for (const element of matching) Object.assign(element, more)
  }
  return elements
}

function combine(vectors: readonly (readonly [string, readonly unknown[]])[]): Element[] {
  return vectors.reduce<Element[]>(
    (made, [name, values]) =>
      made.flatMap((element) => values.map((value) => ({ ...element, [name]: value }))),
    [{}],
  )
}

const agrees = (one: Element, other: Element, names: readonly string[]): boolean =>
  names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]))
