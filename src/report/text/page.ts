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
 * and the page says so. A page that is too long nevertheless is cut at the end of a line.
 */
export function onePage(parts: readonly Part[], most = limit): string {
  const kept = [...parts]
  const dropped: string[] = []
  while (size(composed(kept, dropped)) > most) {
    const last = kept.findLastIndex(({ optional }) => optional !== undefined)
    if (last < 0) break
    for (const { optional } of kept.splice(last, 1)) if (optional !== undefined) dropped.unshift(optional)
  }
  return cut(composed(kept, dropped), most)
}

const composed = (parts: readonly Part[], dropped: readonly string[]): string =>
  `${blocks(
    ...parts.map(({ text }) => text),
    dropped.length === 0
      ? null
      : `_Left out, because this page would be too long for GitHub: ${dropped.join(', ')}._`,
  )}\n`

function cut(page: string, most: number): string {
  if (size(page) <= most) return page
  const lines: string[] = []
  let fence: string | null = null
  let left = most - 500
  for (const line of page.split('\n')) {
    left -= size(line) + 1
    if (left < 0) break
    lines.push(line)
    const [run] = /^`{3,}/.exec(line) ?? []
    if (fence === null) fence = run ?? null
    else if (line === fence) fence = null
  }
  const close = fence === null ? [] : [fence]
  return [...lines, ...close, '', '_Cut here, because this page would be too long for GitHub._', ''].join(
    '\n',
  )
}

const size = (page: string): number => Buffer.byteLength(page, 'utf8')
