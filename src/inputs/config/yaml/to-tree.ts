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
import type { Finding } from '../finding.ts'
import { code } from '../wording.ts'
import { oddCharacter, oddWords } from './odd-characters.ts'
import type { YamlReading } from './reading.ts'
import type { Path, TextPlace } from './source.ts'
import type { Entry, Tree } from './tree.ts'

/** YAML aliases can expand exponentially ("billion laughs"): limits count nodes after expansion. */
const mostNodes = 50_000
const deepest = 50
/** The cost of following an alias: the parser searches the whole document for its anchor. */
const aliasCost = 20

type PlaceOf = (offset: number, path: Path) => TextPlace

/** Reads a YAML document as a tree in which every part knows its place. */
export function toTree(document: Document.Parsed, placeOf: PlaceOf): YamlReading {
  const findings: Finding[] = []
  const odd: { readonly place: TextPlace; readonly character: string }[] = []
  /** The anchors whose aliases are being followed. */
  const followed = new Set<Node>()
  let nodes = 0

  /** `fallback` is the place of an empty value: the nothing after `key:`. */
  function toNode(node: Node | null, path: Path, fallback: TextPlace, depth: number): Tree {
    const place = node?.range ? placeOf(node.range[0], path) : fallback
    nodes += isAlias(node) ? aliasCost : 1
    if (nodes > mostNodes) return nothing(place)
    if (depth > deepest)
      return report({ ...place, path: path.slice(0, 1) }, `is nested more than ${deepest} deep`)
    if (isAlias(node)) {
      const meant = node.resolve(document)
      if (meant === undefined)
        return report(place, `the alias ${code(`*${node.source}`)} names no anchor above it`)
      if (followed.has(meant))
        return report(
          place,
          `the alias ${code(`*${node.source}`)} stands inside of what it names: write it out`,
        )
      followed.add(meant)
      const followedTo = toNode(meant, path, place, depth + 1)
      followed.delete(meant)
      return followedTo
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
    at: TextPlace,
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
      noteOdd(text, range ? placeOf(range[0], path) : at)
      if (text === '<<') {
        report(
          range ? placeOf(range[0], path) : at,
          'merge keys (`<<`) are not read here: write the keys out',
        )
        continue
      }
      const place = range ? placeOf(range[0], under) : { ...at, path: under }
      // The parser has already reported a duplicate key.
      if (entries.has(text)) continue
      entries.set(text, { key: place, value: toNode(asNode(value), under, place, depth + 1) })
    }
    return entries
  }

  function noteOdd(text: string, place: TextPlace): void {
    const character = oddCharacter(text)
    if (character !== null) odd.push({ place, character })
  }

  function toScalar({ value, source = '', type }: YamlScalar, place: TextPlace): Tree {
    if (type === 'PLAIN') noteOdd(source, place)
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

  function report(place: TextPlace, words: string) {
    findings.push({ place, words })
    return nothing(place)
  }

  const tree = toNode(asNode(document.contents), [], placeOf(0, []), 0)
  const [first, ...more] = odd
  // All other findings would follow from it.
  if (first !== undefined)
    return { tree: null, findings: [{ place: first.place, words: oddWords(first.character, more.length) }] }
  if (nodes <= mostNodes) return { tree, findings }
  const words = `says more than ${mostNodes} things once its aliases are followed, too many for a config`
  return { tree: null, findings: [{ place: placeOf(0, []), words: `the file ${words}` }] }
}

function nothing(place: TextPlace) {
  return { kind: 'scalar', place, value: null } as const
}

function asNode(value: unknown): Node | null {
  return isNode(value) ? value : null
}
