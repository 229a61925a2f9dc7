import {
  type Document,
  isCollection,
  isScalar,
  type Node,
  visit,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml'
import { unclosedBracket } from './bracket.ts'
import { oddIndentation } from './indentation.ts'
import type { Blame } from './reading.ts'
import { yamlWords } from './words.ts'

export function blameFor(
  document: Document.Parsed,
  error: YAMLParseError | YAMLWarning,
  text: string,
): Blame {
  const stumble = error.pos[0]
  if (exact.has(error.code)) return { offset: stumble, words: yamlWords(error, text) }
  const quote = openQuote(document, error, text)
  if (quote !== null) return quote
  const bracket = openBracket(document, stumble, text)
  return bracket ?? oddIndentation(text, stumble) ?? { offset: stumble, words: yamlWords(error, text) }
}

/** Errors with an exact place and cause. */
const exact: ReadonlySet<string> = new Set([
  'DUPLICATE_KEY',
  'TAB_AS_INDENT',
  'TAG_RESOLVE_FAILED',
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
  'MULTIPLE_DOCS',
  'RESOURCE_EXHAUSTION',
])

/** A quoted text that continues to the line at which the parser failed, or that ends too early on this line. */
function openQuote(
  document: Document.Parsed,
  { pos: [stumble], message }: YAMLParseError | YAMLWarning,
  text: string,
): Blame | null {
  const quoted = nodesOf(document).filter((node) => isScalar(node) && /^QUOTE_/.test(node.type ?? ''))
  const last = quoted.filter((node) => startOf(node) < stumble).at(-1)
  if (last === undefined) return null
  const [start, end] = [startOf(last), last.range?.[1] ?? stumble]
  const between = text.slice(end, stumble)
  if (between.includes('\n') && end < text.trimEnd().length) return null
  const mark = text.charAt(start)
  if (
    /^Missing closing/.test(message) ||
    text.slice(start, end).includes('\n') ||
    end >= text.trimEnd().length
  )
    return {
      offset: start,
      words: `the quotation mark ${mark} that opens here is not closed on its line: close it`,
    }
  if (/^[ \t]*(?:[:,\]}#\r\n]|$)/.test(text.slice(end))) return null
  return {
    offset: start,
    words: `the text in quotes ends before the value does: put the whole value in quotes, and write each ${mark} of it ${mark === "'" ? 'twice' : 'with a backslash before it'}`,
  }
}

/** A list or mapping in brackets that the parser was still in, and that its own lines do not close. */
function openBracket(document: Document.Parsed, stumble: number, text: string): Blame | null {
  const around = nodesOf(document).find(
    (node) =>
      isCollection(node) &&
      node.flow === true &&
      startOf(node) < stumble &&
      (node.range?.[1] ?? 0) >= stumble,
  )
  const offset = around === undefined ? null : unclosedBracket(text, startOf(around))
  return offset === null
    ? null
    : {
        offset,
        words: `the bracket ${text.charAt(offset)} that opens here is not closed: close it, or put the value in quotes`,
      }
}

function nodesOf(document: Document.Parsed): Node[] {
  const nodes: Node[] = []
  visit(document, { Node: (_, node) => void nodes.push(node) })
  return nodes
}

const startOf = (node: Node): number => node.range?.[0] ?? 0
