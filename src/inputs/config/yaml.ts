import { isScalar, LineCounter, parseDocument } from 'yaml'
import { type Finding, startOf } from './finding.ts'
import type { Path, Place, Source } from './source.ts'
import type { Tree } from './tree.ts'
import { toTree } from './yaml-tree.ts'
import { yamlWords } from './yaml-words.ts'

/** Far more than a config needs, and little enough that no file can exhaust the run. */
const longestFile = 64 * 1024

/** What a text says, or no tree where it cannot be read; a tree, too, may come with findings. */
export interface Reading {
  readonly tree: Tree | null
  readonly findings: readonly Finding[]
}

export function readYaml(source: Source, longest = longestFile): Reading {
  if (source.text.length > longest)
    return unreadable(source, `the text is longer than ${Math.round(longest / 1024)} KiB`)
  const lines = new LineCounter()
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number, path: Path): Place => {
    const { line, col } = lines.linePos(offset)
    return { source, line, column: col, path }
  }
  const onlyTwice =
    document.errors.length > 0 && document.errors.every(({ code }) => code === 'DUPLICATE_KEY')
  const findings = [...document.errors, ...document.warnings].map((error) => ({
    place: place(error.pos[0], []),
    words: yamlWords(error, source.text),
  }))
  if (findings.length > 0 && !onlyTwice) {
    return { tree: null, findings: firstOfEachLine(findings) }
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return unreadable(source, 'the file is empty: begin it with `version: 1`')
  }
  const { tree, findings: more } = toTree(document, place)
  return { tree, findings: [...findings, ...more] }
}

/** What the parser says after its first stumble in a line is mostly about the stumble. */
function firstOfEachLine(findings: readonly Finding[]): Finding[] {
  return [...Map.groupBy(findings, ({ place }) => place.line).values()].flatMap((line) => line.slice(0, 1))
}

function unreadable(source: Source, words: string): Reading {
  return { tree: null, findings: [{ place: startOf(source), words }] }
}
