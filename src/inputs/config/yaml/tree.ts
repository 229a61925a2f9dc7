import type { Path, TextPlace } from './source.ts'

/**
 * The content of a YAML document, each part with its place. Parts of two files can stand in one tree, and
 * keep their own places.
 */
export type Tree = Mapping | List | Scalar

export interface Mapping {
  readonly kind: 'mapping'
  readonly place: TextPlace
  readonly entries: ReadonlyMap<string, Entry>
}

export interface Entry {
  readonly key: TextPlace
  readonly value: Tree
}

export interface List {
  readonly kind: 'list'
  readonly place: TextPlace
  readonly items: readonly Tree[]
}

export interface Scalar {
  readonly kind: 'scalar'
  readonly place: TextPlace
  readonly value: string | number | boolean | null
}

export function mappingAt(tree: Tree | undefined, path: Path): Mapping | undefined {
  const found = nodeAt(tree, path)
  return found?.kind === 'mapping' ? found : undefined
}

export function nodeAt(tree: Tree | undefined, path: Path): Tree | undefined {
  return path.reduce<Tree | undefined>((node, part) => node && child(node, part), tree)
}

/** The same tree with another value under `key`; unchanged where it is no mapping. */
export function withEntry(tree: Tree, key: string, entry: Entry): Tree {
  if (tree.kind !== 'mapping') return tree
  return { ...tree, entries: new Map(tree.entries).set(key, entry) }
}

/** Keys in the order they are written, which an object does not keep for names such as `2`. */
export function keysAt(tree: Tree, path: Path): string[] {
  return [...(mappingAt(tree, path)?.entries.keys() ?? [])]
}

export function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'mapping':
      return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, plain(entry.value)]))
    case 'list':
      return tree.items.map(plain)
    case 'scalar':
      return tree.value
  }
}

function child(tree: Tree, part: string | number): Tree | undefined {
  if (tree.kind === 'mapping') return tree.entries.get(String(part))?.value
  if (tree.kind === 'list') return tree.items[Number(part)]
  return undefined
}
