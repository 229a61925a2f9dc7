import { type Entry, type Mapping, type Tree, withEntry } from './tree.ts'

/** Keys by which a probe asks: an overlay that asks another way takes the place of all of them. */
const commandKeys = ['run', 'shell', 'env', 'working-directory']

/**
 * Lays what an environment says of one service over what the recipe says: mappings are merged, all else is
 * replaced. Instances are replaced too when they are a mapping, for that is a list whose names carry variables:
 * merged, production would be rolled together with the recipe's own instances.
 */
export function layOver(base: Tree, over: Tree): Tree {
  if (base.kind !== 'mapping' || over.kind !== 'mapping') return over
  return [...over.entries].reduce<Tree>(
    (merged, [key, entry]) => withEntry(merged, key, laidEntry(base, key, entry)),
    withoutOtherQuestion(base, over),
  )
}

function laidEntry(base: Mapping, key: string, over: Entry): Entry {
  const below = base.entries.get(key)
  if (below === undefined || key === 'instances') return over
  const value = key === 'env' ? mergeVariables(below.value, over.value) : layOver(below.value, over.value)
  return { key: over.key, value }
}

function withoutOtherQuestion(base: Mapping, over: Mapping): Mapping {
  const gone = [
    ...(over.entries.has('http') ? commandKeys : []),
    ...(over.entries.has('run') ? ['http'] : []),
  ]
  return { ...base, entries: new Map([...base.entries].filter(([key]) => !gone.includes(key))) }
}

/** Variables may have any name, `http` and `instances` too. */
function mergeVariables(base: Tree, over: Tree): Tree {
  if (base.kind !== 'mapping' || over.kind !== 'mapping') return over
  return { ...base, entries: new Map([...base.entries, ...over.entries]) }
}
