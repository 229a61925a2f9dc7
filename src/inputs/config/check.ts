import * as z from 'zod/mini'
import type { Finding } from './finding.ts'
import { code, nearest } from './wording.ts'
import type { Path, TextPlace } from './yaml/source.ts'
import { nodeAt, plain, type Tree } from './yaml/tree.ts'

export type Checked<T> =
  | { readonly kind: 'good'; readonly value: T; readonly findings: readonly Finding[] }
  | { readonly kind: 'bad'; readonly findings: readonly Finding[] }

/** Holds a tree against a schema. Every word of a finding comes from the schema; places come from the tree. */
export function check<S extends z.ZodMiniType>(schema: S, tree: Tree): Checked<z.output<S>> {
  const result = z.safeParse(schema, plain(tree))
  if (result.success) return { kind: 'good', value: result.data, findings: [] }
  return { kind: 'bad', findings: allFindings(result.error.issues, [], tree) }
}

/** A key that is missing, and that a misspelt key beside it means, is one finding. */
function allFindings(issues: readonly z.core.$ZodIssue[], above: Path, tree: Tree): Finding[] {
  const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys')
  const isMeant = ({ code, path }: z.core.$ZodIssue) =>
    code !== 'unrecognized_keys' &&
    nodeAt(tree, [...above, ...path.map(part)]) === undefined &&
    unknown.some(
      ({ keys, path: at }) =>
        at.join('\n') === path.slice(0, -1).join('\n') &&
        keys.some((key) => nearest(key, [String(path.at(-1))]) !== null),
    )
  return issues.filter((issue) => !isMeant(issue)).flatMap((issue) => findingsOf(issue, above, tree))
}

function findingsOf(issue: z.core.$ZodIssue, above: Path, tree: Tree): Finding[] {
  const path = [...above, ...issue.path.map(part)]
  if (issue.code === 'unrecognized_keys') {
    const lines = issue.message.split('\n')
    return issue.keys.map((key, index) => {
      const place = keyPlace(tree, [...path, key])
      return { place: { ...place, path: place.path.slice(0, -1) }, words: lines[index] ?? '' }
    })
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ place: keyPlace(tree, path), words: message }))
  }
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.filter((branch) => !branch.some(isOtherKind))
    const [meant] = branches.toSorted((one, other) => unknownKeys(one) - unknownKeys(other))
    if (meant !== undefined) return allFindings(meant, path, tree)
  }
  if (issue.code === 'custom') return [{ place: writtenPlace(tree, above, issue), words: issue.message }]
  const node = nodeAt(tree, path)
  if (node !== undefined) return [{ place: node.place, words: issue.message }]
  return [
    {
      place: nearestPlace(tree, path.slice(0, -1)),
      words: `${code(String(path.at(-1)))} is missing: ${issue.message}`,
    },
  ]
}

/** Counts the keys that a branch does not know: a value is meant for the branch that knows most of them. */
const unknownKeys = (branch: readonly z.core.$ZodIssue[]): number =>
  branch.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : []))
    .length

/** A branch of a union that the value was never meant for: it is a list, say, and the branch wants text. */
function isOtherKind(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
}

/** A rule about several keys is reported at the first of them in the file, not at a default. */
function writtenPlace(tree: Tree, above: Path, issue: z.core.$ZodIssueCustom): TextPlace {
  const { own = [], orAt = [] }: { own?: string[]; orAt?: string[][] } = issue.params ?? {}
  const owner = issue.path.slice(0, issue.path.length - own.length)
  const paths = [issue.path, ...orAt.map((path) => [...owner, ...path])].map((path) => [
    ...above,
    ...path.map(part),
  ])
  const written = paths.find((path) => nodeAt(tree, path) !== undefined)
  return nearestPlace(tree, written ?? paths[0] ?? above)
}

function nearestPlace(tree: Tree, path: Path): TextPlace {
  if (path.length === 0) return tree.place
  return nodeAt(tree, path) === undefined ? nearestPlace(tree, path.slice(0, -1)) : keyOrItemPlace(tree, path)
}

function keyOrItemPlace(tree: Tree, path: Path): TextPlace {
  const node = nodeAt(tree, path)
  const isValue = node?.kind === 'mapping' && typeof path.at(-1) === 'string'
  return isValue ? keyPlace(tree, path) : (node?.place ?? tree.place)
}

function keyPlace(tree: Tree, path: Path): TextPlace {
  const owner = nodeAt(tree, path.slice(0, -1))
  const entry = owner?.kind === 'mapping' ? owner.entries.get(String(path.at(-1))) : undefined
  return entry?.key ?? owner?.place ?? tree.place
}

function part(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key
}
