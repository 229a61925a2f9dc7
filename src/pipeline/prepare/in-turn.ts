/** Answers in the order of the items; no more than so many are under way at once, and the next begins when one ends. */
export async function inTurn<Item, Answer>(
  most: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers = new Map<number, Answer>()
  const waiting = items.entries()
  const worker = async () => {
    for (const [at, item] of waiting) answers.set(at, await work(item))
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return items.flatMap((_, at) => (answers.has(at) ? [answers.get(at) as Answer] : []))
}
