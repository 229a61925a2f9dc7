import { startOf } from './finding.ts'
import { readDocument } from './yaml/document.ts'
import type { Source, TextPlace } from './yaml/source.ts'
import { nodeAt, type Tree } from './yaml/tree.ts'

/**
 * Returns the place of a key like `services.web.fleet.stop`, as an environment sees it: in its own part where that has
 * more of the key, else in the recipe. The nearest part above stands for a key that is not written.
 */
export function placeOfKey(source: Source, key: string, environment: string): TextPlace {
  const { tree } = readDocument(source)
  if (tree === null) return startOf(source)
  const path = key.split('.')
  const own = ['environments', environment, ...path]
  const [written, laid] = [deepest(tree, path), deepest(tree, own)]
  return (laid.length - 2 >= written.length && laid.length > 2 ? laid : written).place
}

/** The place of the deepest part of a path that is written, and how many of its keys are. */
function deepest(
  tree: Tree,
  path: readonly string[],
): { readonly length: number; readonly place: TextPlace } {
  for (let length = path.length; length > 0; length--) {
    const owner = nodeAt(tree, path.slice(0, length - 1))
    const name = path[length - 1] ?? ''
    const entry = owner?.kind === 'mapping' ? owner.entries.get(name) : undefined
    if (entry !== undefined) return { length, place: entry.key }
  }
  return { length: 0, place: tree.place }
}
