/** A range to cover: from, and up to but without. */
export type MaskedSpan = readonly [from: number, to: number]

/** The least length of a form; the search index uses as many characters. */
export const SHORTEST_FORM = 4

/** Texts to look for, found in one pass however many they are. */
export interface Patterns {
  add(form: string): void
  /** Returns every place of one of the forms; they may overlap. */
  findIn(text: string): MaskedSpan[]
  /** Returns the longest beginning of a form at the end of a text, if it is as long as that. */
  begunIn(text: string, atLeast?: number): MaskedSpan[]
  /** Returns the longest end of a form at the beginning of a text, if it is as long as that, and four characters. */
  endedIn(text: string, atLeast: number): MaskedSpan[]
  /** Returns true if the text is the middle of a form. */
  spans(text: string): boolean
}

export function createPatterns(): Patterns {
  const all = new Set<string>()
  const byStart = new Map<string, string[]>()
  const byEnd = new Map<string, string[]>()
  const shortStarts = new Set<string>()
  /** Hashes of the first two characters: most places of a text are no beginning. */
  const begins = new Uint8Array(1 << 16)
  let longest = 0

  const pairAt = (text: string, at: number): number =>
    (text.charCodeAt(at) * 251 + text.charCodeAt(at + 1)) & 0xffff

  return {
    add(form) {
      if (form.length < SHORTEST_FORM || all.has(form)) return
      all.add(form)
      longest = Math.max(longest, form.length)
      begins[pairAt(form, 0)] = 1
      push(byStart, form.slice(0, SHORTEST_FORM), form)
      push(byEnd, form.slice(-SHORTEST_FORM), form)
      for (const length of [1, 2, 3]) shortStarts.add(form.slice(0, length))
    },
    findIn(text) {
      const spans: MaskedSpan[] = []
      for (let at = 0; at + SHORTEST_FORM <= text.length; at++) {
        if (begins[pairAt(text, at)] === 0) continue
        for (const form of byStart.get(text.slice(at, at + SHORTEST_FORM)) ?? [])
          if (text.startsWith(form, at)) spans.push([at, at + form.length])
      }
      return spans
    },
    begunIn(text, atLeast = 1) {
      for (let at = Math.max(0, text.length - longest); at + atLeast <= text.length; at++) {
        const rest = text.slice(at)
        const begun =
          rest.length < SHORTEST_FORM
            ? shortStarts.has(rest)
            : byStart.get(rest.slice(0, SHORTEST_FORM))?.some((form) => form.startsWith(rest))
        if (begun) return [[at, text.length]]
      }
      return []
    },
    endedIn(text, atLeast) {
      for (let to = Math.min(longest, text.length); to >= Math.max(atLeast, SHORTEST_FORM); to--) {
        const start = text.slice(0, to)
        if (byEnd.get(start.slice(-SHORTEST_FORM))?.some((form) => form.endsWith(start))) return [[0, to]]
      }
      return []
    },
    spans(text) {
      if (text.length > longest) return false
      for (const form of all) if (form.length > text.length && form.includes(text)) return true
      return false
    },
  }
}

function push(lists: Map<string, string[]>, key: string, form: string): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [form])
  else list.push(form)
}
