import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLMap } from 'yaml'
import type { ArtifactPattern } from '../domain/check/artifact-patterns.ts'

/** Reads the patterns of release files from a workflow. A file that is no YAML has none: GitHub itself refuses it. */
export function artifactPatterns(workflow: string, text: string): ArtifactPattern[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const patterns: ArtifactPattern[] = []
  visit(document, {
    Map(_, map, above) {
      if (!/(?:^|\/)(?:actions\/release|\.github\/workflows\/release\.yml)(?:@|$)/.test(textOf(map, 'uses')))
        return
      const given = map.get('with')
      const value = isMap(given) ? given.get('artifacts', true) : undefined
      if (!isScalar(value) || typeof value.value !== 'string') return
      const steps = above.findLast(isSeq)
      const before = steps === undefined ? null : steps.items.slice(0, steps.items.indexOf(map))
      const line = lines.linePos(value.range?.[0] ?? 0).line
      for (const pattern of value.value.split('\n').map((one) => one.trim()))
        if (pattern !== '' && !pattern.includes('${{'))
          patterns.push({ workflow, line, pattern, made: mayMake(before) })
    },
  })
  return patterns
}

/** A step that only checks the files out, or sets a tool up, makes none. Null for a job that is one call. */
const mayMake = (steps: readonly unknown[] | null): boolean =>
  steps === null ||
  steps.some((step) => isMap(step) && !/^actions\/(?:checkout|setup-)/.test(textOf(step, 'uses')))

const textOf = (map: YAMLMap, key: string): string => {
  const value = map.get(key)
  return typeof value === 'string' ? value : ''
}
