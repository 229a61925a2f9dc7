import { stripVTControlCharacters } from 'node:util'
import type { Masker } from '../masking.ts'

/** Characters of one command's output that are shown. */
const SHOWN_LIMIT = 10 * 1024 * 1024
const TAIL_LINES = 20
const TAIL_WIDTH = 300

/** A command's output: shown line by line up to a limit, its end kept. */
export interface Output {
  /** An answer is kept, and shown by the caller. */
  take(line: string, cut: boolean, isShown?: boolean): void
  /** The last 20 lines, at most 300 characters each, masked, without colours and control characters. */
  tail(): string[]
}

export function createOutput(masker: Masker, show: (line: string) => void): Output {
  let size = 0
  const last: { line: string; cut: boolean }[] = []
  const masked = (line: string, cut: boolean) => (cut ? `${masker.maskCut(line)}… (cut)` : masker.mask(line))

  return {
    take(line, cut, isShown = true) {
      last.push({ line, cut })
      if (last.length > TAIL_LINES) last.shift()
      if (!isShown || size > SHOWN_LIMIT) return
      size += line.length + 1
      show(size > SHOWN_LIMIT ? '… output beyond 10 MiB is not shown' : masked(line, cut))
    },
    tail: () => last.map(({ line, cut }) => narrow(masker.mask(plain(masked(line, cut))))),
  }
}

/** Masked again by the caller: without its colours a text may show a secret that they had divided. */
function plain(line: string): string {
  return stripVTControlCharacters(line)
    .replaceAll('\t', ' ')
    .replace(/\p{Cc}/gu, '')
}

function narrow(line: string): string {
  return line.length > TAIL_WIDTH ? `${line.slice(0, TAIL_WIDTH - 1)}…` : line
}
