/** Has so many pieces of work done at once; the others wait, and come in the order in which they were given. */
export function atMost(limit: number): <Done>(work: () => Promise<Done>) => Promise<Done> {
  let free = limit
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
