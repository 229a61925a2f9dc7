/**
 * The two built-ins of ECMAScript 2024 that the command line meets and that Node.js 20 lacks. The actions run on Node.js 24,
 * which has both. A library for them would be larger than all of this and replace more than these.
 */
const { Map: map, Promise: promise } = globalThis as {
  readonly Map: Partial<Pick<MapConstructor, 'groupBy'>>
  readonly Promise: Partial<Pick<PromiseConstructor, 'withResolvers'>>
} & object

map.groupBy ??= <Key, Item>(
  items: Iterable<Item>,
  keyOf: (item: Item, index: number) => Key,
): Map<Key, Item[]> => {
  const groups = new Map<Key, Item[]>()
  for (const [index, item] of [...items].entries()) {
    const key = keyOf(item, index)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}

promise.withResolvers ??= <Value>(): PromiseWithResolvers<Value> => {
  let settle: Pick<PromiseWithResolvers<Value>, 'resolve' | 'reject'> | undefined
  const settled = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject }
  })
  if (settle === undefined) throw new Error('A promise runs its executor at once.')
  return { promise: settled, ...settle }
}
