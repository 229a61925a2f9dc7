import type { Blame } from './reading.ts'

/** Finds faults of a text before it is YAML at all. The parser would report their consequences, line after line. */
export function textFaults(text: string): Blame[] {
  if (/^(?:ÿþ|þÿ|\uFFFE|\uFFFD{2})/.test(text) || /^.?\0|^\0/.test(text.slice(0, 2)))
    return [{ offset: 0, words: 'the file is not UTF-8: save it as UTF-8' }]
  const conflicts = conflictsIn(text)
  if (conflicts.length > 0) return conflicts
  if (text.includes('\r') && !text.includes('\n'))
    return [
      {
        offset: text.indexOf('\r'),
        words: 'lines end with a carriage return alone: save the file with line feeds',
      },
    ]
  return []
}

/** Returns one fault for each conflict that git left, at its first marker. */
function conflictsIn(text: string): Blame[] {
  return [...text.matchAll(/^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?\r?$/gm)]
    .filter(([marker], index, all) => marker.startsWith('<') || (index === 0 && all.length > 1))
    .map(({ index }) => ({
      offset: index,
      words:
        'a merge conflict is left here: keep one side, and remove the lines of <<<<<<<, ======= and >>>>>>>',
    }))
}
