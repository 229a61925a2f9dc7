import { passwordsIn } from '../domain/check/address-login.ts'
import { secretLines } from '../domain/config/secrets.ts'
import { byteForms } from './masking/byte-forms.ts'
import { createPatterns, type MaskedSpan, type Patterns } from './masking/patterns.ts'
import { textForms } from './masking/text-forms.ts'

/**
 * Keeps secrets out of everything that is shown or kept. Text that will be compared is not masked: an answer
 * that contains a secret's characters by chance would change.
 */
export interface Masker {
  add(secret: string): void
  /** The text with `***` in place of every secret, line by line. */
  mask(text: string): string
  /** For a line whose end was cut off: a secret that only begins there is masked too. */
  maskCut(line: string): string
}

const COVER = '***'

/**
 * Masks these secrets in every form that `text-forms.ts` and `byte-forms.ts` know, and the password of every address,
 * wherever it came from: a config that is written so is shown on pages.
 */
export function createMasker(secrets: Iterable<string> = []): Masker {
  const patterns = createPatterns()
  /** The forms that programs wrap at 60, 64 or 76 characters. */
  const wrapped = createPatterns()

  function add(secret: string): void {
    const lines = secretLines(secret)
    for (const text of lines.length > 1 ? [...lines, secret] : lines) {
      const { dense, spaced } = byteForms(text)
      for (const form of dense) wrapped.add(form)
      for (const form of [...dense, ...spaced]) patterns.add(form)
    }
    for (const line of lines) for (const form of textForms(line)) patterns.add(form)
  }

  const spansIn = (line: string): MaskedSpan[] => [
    ...patterns.findIn(line),
    ...fragmentsIn(line, wrapped),
    ...passwordsIn(line).map(({ from, to }): MaskedSpan => [from, to]),
  ]
  const maskLine = (line: string): string => cover(line, spansIn(line))

  for (const secret of secrets) add(secret)
  return {
    add,
    mask: (text) => (text.includes('\n') ? text.split('\n').map(maskLine).join('\n') : maskLine(text)),
    maskCut: (line) => cover(line, [...spansIn(line), ...patterns.begunIn(line)]),
  }
}

/** Matches a line of base64 or hexadecimal alone, with its surroundings. */
const dense = /^(\s*)([\w+/-]{4,}={0,2})\s*$/
/** A commit or a SHA-256, which end and begin as they do by chance. */
const digest = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
const widths: ReadonlySet<number> = new Set([60, 64, 76])
/** Shorter pieces are met by chance. */
const SHORTEST_PIECE = 6
/** Shorter lines cannot be the middle of a secret. */
const SHORTEST_MIDDLE = 16

/** Parts of a secret that a line break divided: its beginning at the end of a full line, its rest on the lines after it. */
function fragmentsIn(line: string, wrapped: Patterns): MaskedSpan[] {
  const [, margin = '', text] = dense.exec(line) ?? []
  if (text === undefined || digest.test(text)) return []
  const whole: MaskedSpan[] =
    text.length >= SHORTEST_MIDDLE && wrapped.spans(text)
      ? [[0, text.length]]
      : wrapped.endedIn(text, SHORTEST_PIECE)
  const begun = widths.has(text.length) ? wrapped.begunIn(text, SHORTEST_PIECE) : []
  return [...whole, ...begun].map(([from, to]) => [from + margin.length, to + margin.length])
}

/** Covers overlapping spans as one, so that no part of a secret shows because another one began inside it. */
function cover(text: string, spans: MaskedSpan[]): string {
  if (spans.length === 0) return text
  let covered = ''
  let shownTo = 0
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (from >= shownTo) covered += text.slice(shownTo, from) + COVER
    shownTo = Math.max(shownTo, to)
  }
  return covered + text.slice(shownTo)
}
