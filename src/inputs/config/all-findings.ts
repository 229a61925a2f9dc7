import { ConfigInvalid, type Finding, showFinding, subjectOf } from './finding.ts'
import { readPolicies, readRecipe } from './read.ts'
import { readDocument } from './yaml/document.ts'
import type { Source } from './yaml/source.ts'
import { keysAt } from './yaml/tree.ts'

/**
 * Returns every finding of the reader about a file, as policy and as recipe of all its environments, each once. Their
 * words begin with the key that they are about.
 */
export function allFindings(source: Source): Finding[] {
  const { tree } = readDocument(source)
  const environments = tree === null ? [] : keysAt(tree, ['environments'])
  const found = [
    ...findingsOf(() => readPolicies(source)),
    ...environments.flatMap((environment) => findingsOf(() => readRecipe(source, { source, environment }))),
  ]
  const once = new Map(found.map((finding) => [showFinding(finding), finding]))
  return [...once.values()]
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map((finding) => ({ place: finding.place, words: `${subjectOf(finding)}${finding.words}` }))
}

function findingsOf(read: () => unknown): readonly Finding[] {
  try {
    read()
    return []
  } catch (thrown) {
    if (thrown instanceof ConfigInvalid) return thrown.findings
    throw thrown
  }
}
