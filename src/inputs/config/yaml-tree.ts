import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Scalar as YamlScalar,
} from 'yaml'
import type { Finding } from './finding.ts'
import type { Path, Place } from './source.ts'
import type { Entry, Tree } from './tree.ts'
import { code } from './wording.ts'
import type { Reading } from './yaml.ts'

/** Aliases make much of little: these bounds are asked after they were followed. */
const mostNodes = 10_000
const deepest = 50
/** What following an alias costs, for the parser looks through the whole document to find its anchor. */
const aliasCost = 20

type PlaceOf = (offset: number, path: Path) => Place

/** What a YAML document says, as a tree in which every part knows its place. */
export function toTree(document: Document.Parsed, placeOf: PlaceOf): Reading {
  const findings: Finding[] = []
  let nodes = 0

  /** `fallback` is the place of what is not written: the nothing after `key:`. */
  function toNode(node: Node | null, path: Path, fallback: Place, depth: number): Tree {
    const place = node?.range ? placeOf(node.range[0], path) : fallback
    nodes += isAlias(node) ? aliasCost : 1
    if (nodes > mostNodes) return nothing(place)
    if (depth > deepest)
      return report({ ...place, path: path.slice(0, 1) }, `is nested more than ${deepest} deep`)
    if (isAlias(node)) {
      const meant = node.resolve(document)
      if (meant === undefined)
        return report(place, `the alias ${code(`*${node.source}`)} names no anchor above it`)
      return toNode(meant, path, place, depth + 1)
    }
    if (isMap(node)) return { kind: 'mapping', place, entries: toEntries(node.items, path, place, depth) }
    if (isSeq(node)) {
      const items = node.items.map((item, index) => toNode(asNode(item), [...path, index], place, depth + 1))
      return { kind: 'list', place, items }
    }
    return isScalar(node) && node.value !== null ? toScalar(node, place) : nothing(fallback)
  }

  function toEntries(
    pairs: readonly { key: unknown; value: unknown }[],
    path: Path,
    at: Place,
    depth: number,
  ) {
    const entries = new Map<string, Entry>()
    for (const { key, value } of pairs) {
      const name = isAlias(key) ? key.resolve(document) : key
      const range = isNode(key) ? key.range : null
      if (!isScalar(name) || name.value === null) {
        report(range ? placeOf(range[0], path) : at, 'a key must be plain text')
        continue
      }
      const text = typeof name.value === 'string' ? name.value : (name.source ?? String(name.value))
      const under = [...path, text]
      const place = range ? placeOf(range[0], under) : { ...at, path: under }
      // Of a key that is written twice, the parser has spoken already.
      if (entries.has(text)) continue
      entries.set(text, { key: place, value: toNode(asNode(value), under, place, depth + 1) })
    }
    return entries
  }

  function toScalar({ value, source = '' }: YamlScalar, place: Place): Tree {
    if (typeof value === 'number' && String(value) !== source) {
      const words = `${code(source)} would be read as the number ${value}: write that, or put it in quotes`
      return { ...report(place, words), value: source }
    }
    if (typeof value === 'string' && value.includes('\0')) report(place, 'holds a NUL character')
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { kind: 'scalar', place, value }
    }
    return report(place, 'is neither text nor a number, true or false')
  }

  function report(place: Place, words: string) {
    findings.push({ place, words })
    return nothing(place)
  }

  const tree = toNode(asNode(document.contents), [], placeOf(0, []), 0)
  if (nodes <= mostNodes) return { tree, findings }
  const words = `says more than ${mostNodes} things once its aliases are followed, too many for a config`
  return { tree: null, findings: [{ place: placeOf(0, []), words: `the file ${words}` }] }
}

function nothing(place: Place) {
  return { kind: 'scalar', place, value: null } as const
}

function asNode(value: unknown): Node | null {
  return isNode(value) ? value : null
}
