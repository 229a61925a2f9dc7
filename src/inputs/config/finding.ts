import { Problem } from '../../domain/problem.ts'
import { type Source, showPath, type TextPlace } from './yaml/source.ts'

/** One mistake in a config. */
export interface Finding {
  readonly place: TextPlace
  readonly words: string
}

/** A config with mistakes: every one of them with its place. */
export class ConfigInvalid extends Problem {
  readonly findings: readonly Finding[]

  constructor(words: ConstructorParameters<typeof Problem>[1], findings: readonly Finding[]) {
    super('config-invalid', words)
    this.findings = findings
  }
}

/** Every finding at once, so that a file is corrected in one go. */
export function configInvalid(findings: readonly Finding[], next: string): ConfigInvalid {
  const sources = Map.groupBy(findings, ({ place }) => `${place.source.path} at ${place.source.commit}`)
  const parts = [...sources].map(([where, inOneFile]) => {
    const lines = [...new Set(inOneFile.toSorted(byPlace).map(showFinding))]
    const count = lines.length === 1 ? 'one mistake' : `${lines.length} mistakes`
    return [`${where} has ${count}:`, ...lines].join('\n')
  })
  const why =
    'A config is read strictly: a setting that was misspelt must never pass for one that was left out.'
  return new ConfigInvalid({ what: parts.join('\n'), why, next }, findings)
}

/** Returns the later findings that are not at the place of an earlier one, from which they follow. */
export function notAt(earlier: readonly Finding[], later: readonly Finding[]): Finding[] {
  const said = new Set(earlier.map(({ place }) => showPlace(place)))
  return later.filter(({ place }) => !said.has(showPlace(place)))
}

const showPlace = ({ source, line, column }: TextPlace): string =>
  `${source.commit} ${source.path}:${line}:${column}`

/** `file:line:column  key.path: words` */
export function showFinding(finding: Finding): string {
  const { source, line, column } = finding.place
  return `${source.path}:${line}:${column}  ${subjectOf(finding)}${finding.words}`
}

/** The key that a finding is about, before its words; empty for the whole file. */
export const subjectOf = ({ place: { path } }: Finding): string =>
  path.length === 0 ? '' : `${showPath(path)}: `

export function startOf(source: Source): TextPlace {
  return { source, line: 1, column: 1, path: [] }
}

function byPlace(a: Finding, b: Finding): number {
  return a.place.line - b.place.line || a.place.column - b.place.column
}
