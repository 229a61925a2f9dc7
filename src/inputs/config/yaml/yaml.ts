import { isScalar, LineCounter, parseDocument } from 'yaml'
import { type Finding, startOf } from '../finding.ts'
import { blameFor } from './blame.ts'
import type { Blame, YamlReading } from './reading.ts'
import type { Path, Source, TextPlace } from './source.ts'
import { textFaults } from './text-faults.ts'
import { toTree } from './to-tree.ts'

/** The longest text in KiB: three services with a thousand hosts each, and variables of their own. A run can bear it. */
const longest = 512

export function readYaml(source: Source): YamlReading {
  if (source.text.length > longest * 1024) return unreadable(source, `the text is longer than ${longest} KiB`)
  const lines = new LineCounter()
  const faults = textFaults(source.text)
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number, path: Path): TextPlace => {
    const { line, col } = lines.linePos(offset)
    return { source, line, column: col, path }
  }
  const at = ({ offset, words }: Blame): Finding => ({ place: place(offset, []), words })
  if (faults.length > 0) return { tree: null, findings: faults.map(at) }
  const errors = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0])
  const [twice, others] = [
    errors.filter(({ code }) => code === 'DUPLICATE_KEY'),
    errors.filter(({ code }) => code !== 'DUPLICATE_KEY'),
  ]
  const [first] = others
  if (first !== undefined) {
    const tabs = first.code === 'TAB_AS_INDENT' ? others.filter(({ code }) => code === first.code) : [first]
    return { tree: null, findings: [at(withCount(blameFor(document, first, source.text), tabs.length - 1))] }
  }
  const findings = twice.map((error) => at(blameFor(document, error, source.text)))
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return unreadable(source, 'the file is empty: begin it with `version: 1`')
  }
  const { tree, findings: more } = toTree(document, place)
  return { tree, findings: [...findings, ...more] }
}

/** Errors after the first one are usually caused by it; equal ones are only counted. */
const withCount = (first: Blame, more: number): Blame =>
  more === 0 ? first : { ...first, words: `${first.words}; the same at ${counted(more)} below` }

const counted = (places: number): string => (places === 1 ? 'one place' : `${places} places`)

function unreadable(source: Source, words: string): YamlReading {
  return { tree: null, findings: [{ place: startOf(source), words }] }
}
