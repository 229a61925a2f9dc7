/** Answers in the order of the items; no more than so many are under way at once, because GitHub bounds that. */
export async function atATime<Item, Answer>(
  most: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let at = 0; at < items.length; at += most)
    answers.push(...(await Promise.all(items.slice(at, at + most).map(work))))
  return answers
}
