import type { Voice } from '../../src/pipeline/ports.ts'

export type Said =
  | { readonly kind: 'line' | 'quoted' | 'group'; readonly text: string }
  | { readonly kind: 'warning'; readonly title: string; readonly text: string }
  | { readonly kind: 'group-end' }

export interface FakeVoice extends Voice {
  /** Everything that was said, in that order. */
  readonly said: readonly Said[]
  /** The texts of one kind. */
  texts(kind: 'line' | 'quoted' | 'group' | 'warning'): string[]
  /** Quotations without an end: the runner obeys nothing after them. */
  openQuotes(): number
}

export function createFakeVoice(): FakeVoice {
  const said: Said[] = []
  let quotes = 0
  return {
    said,
    texts: (kind) => said.flatMap((entry) => (entry.kind === kind ? [entry.text] : [])),
    openQuotes: () => quotes,
    group: (title) => void said.push({ kind: 'group', text: title }),
    endGroup: () => void said.push({ kind: 'group-end' }),
    line: (text) => void said.push({ kind: 'line', text }),
    warning: (title, text) => void said.push({ kind: 'warning', title, text }),
    quote() {
      let open = true
      quotes += 1
      return {
        line: (text) => void said.push({ kind: 'quoted', text }),
        resume() {
          if (open) quotes -= 1
          open = false
        },
      }
    },
  }
}
