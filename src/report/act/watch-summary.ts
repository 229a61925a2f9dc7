import { blocks, code, counted, table, text } from '../text/markdown.ts'
import type { WatchView } from './watch-view.ts'
import { overdueIn, watchInWords } from './watch-words.ts'

/** Returns the page of a watch: a line an environment, with its deeds. */
export function watchSummary(all: readonly WatchView[], now: string): string {
  const rows = all.map((watched) => {
    const { state, did, open } = watchInWords(watched, now)
    return [code(watched.environment), text(state), lines(did), lines(open)]
  })
  return `${blocks(
    `## ${headline(all, now)}`,
    all.length === 0
      ? 'The config has no environments.'
      : table(['environment', 'now', 'was done', 'is left'], rows),
  )}\n`
}

function headline(all: readonly WatchView[], now: string): string {
  const done = all.reduce((sum, { deeds, corrected }) => sum + deeds.length + corrected.length, 0)
  const late = all.filter(({ ledger }) => ledger !== null && overdueIn(ledger, now).length > 0).length
  if (late > 0) return `🚨 Watch: ${counted(late, 'detour')} open for too long`
  const left = all.filter(({ due, problem }) => due !== null || problem !== null).length
  if (left > 0) return `👀 Watch: ${counted(left, 'environment')} with something left to do`
  return done === 0 ? '👀 Watch: nothing to do' : `👀 Watch: ${counted(done, 'thing')} put right`
}

const lines = (words: readonly string[]): string => (words.length === 0 ? '–' : words.map(text).join('<br>'))
