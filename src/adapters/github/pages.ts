/** Reads pages of 100, one after another, until one is not full. At most 2,000 entries, to bound the requests. */
export async function everyPage<T>(read: (page: number) => Promise<readonly T[]>): Promise<T[]> {
  const all: T[] = []
  for (let page = 1; page <= 20; page++) {
    const found = await read(page)
    all.push(...found)
    if (found.length < 100) break
  }
  return all
}
