import { blocks } from './markdown.ts'

/** A part of a page. `optional` names a part that may be left out, in the words that then say so. */
export interface Part {
  readonly text: string
  readonly optional?: string
}

/** GitHub takes 1 MiB for the summary of a step, and nothing at all of a longer one; some is left for others. */
const limit = 1024 * 1024 - 64 * 1024

/**
 * Returns one page within GitHub's limit. Optional parts are dropped first, the last one before the others,
 * and the page says so.
 */
export function onePage(parts: readonly Part[], most = limit): string {
  const kept = [...parts]
  const dropped: string[] = []
  while (size(composed(kept, dropped)) > most) {
    const last = kept.findLastIndex(({ optional }) => optional !== undefined)
    if (last < 0) break
    for (const { optional } of kept.splice(last, 1)) if (optional !== undefined) dropped.unshift(optional)
  }
  return composed(kept, dropped)
}

const composed = (parts: readonly Part[], dropped: readonly string[]): string =>
  `${blocks(
    ...parts.map(({ text }) => text),
    dropped.length === 0
      ? null
      : `_Left out, because this page would be too long for GitHub: ${dropped.join(', ')}._`,
  )}\n`

const size = (page: string): number => Buffer.byteLength(page, 'utf8')
