/** The kept characters of a line; the rest up to its end is dropped. */
export const LINE_LIMIT = 16 * 1024

/** The kept characters of a line that is an answer to read: more than an object of a cluster may have (1.5 MB). */
export const ANSWER_LINE_LIMIT = 2 * 1024 * 1024

const NEWLINE = '\n'.charCodeAt(0)
const RETURN = '\r'.charCodeAt(0)

export interface Lines {
  push(text: string): void
  /** Says the last line, if nothing ended it. */
  end(): void
}

/**
 * Makes lines of text that comes in pieces, in bounded memory. A line ends with `\n`, `\r\n` or, as progress
 * bars write it, with `\r` alone; empty ones of the latter are dropped.
 */
export function createLines(take: (line: string, cut: boolean) => void, limit: number = LINE_LIMIT): Lines {
  let line = ''
  let cut = false
  /** True if a `\r` has just ended a line, so that a `\n` right behind it ends nothing. */
  let returned = false

  function say(): void {
    take(line, cut)
    line = ''
    cut = false
  }

  function grow(text: string, from: number, to: number): void {
    if (from === to) return
    returned = false
    const room = limit - line.length
    line += text.slice(from, Math.min(to, from + room))
    cut ||= to - from > room
  }

  function onReturn(): void {
    if (line !== '') {
      say()
      returned = true
    }
  }

  function onNewline(): void {
    if (!returned) say()
    returned = false
  }

  return {
    push(text) {
      let from = 0
      while (from < text.length) {
        const end = nextEnd(text, from)
        grow(text, from, end)
        if (text[end] === '\n') onNewline()
        if (text[end] === '\r') onReturn()
        from = end + 1
      }
    },
    end() {
      if (line !== '') say()
    },
  }
}

/** Returns the place of the next `\n` or `\r`, or the text's end. */
function nextEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === NEWLINE || code === RETURN) return at
  }
  return text.length
}
