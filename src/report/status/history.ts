import { duration } from '../../domain/durations.ts'
import { describeOutcome } from '../../domain/journal/outcome.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Past } from '../../domain/ledger/past.ts'
import { deedInWords } from '../history/view.ts'
import { throughFreezes } from '../outcome/overridden.ts'
import { markOf } from '../outcome/state-in-words.ts'
import { link, shorten, table, text } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'

/** The number of ended deployments to show, newest first. */
const shown = 5
const longestOutcome = 120

export const lastDeployments = ({ history }: Ledger): readonly Past[] => history.slice(0, shown)

/** Null where none has ended yet. */
export function historyTable(ledger: Ledger): string | null {
  const last = lastDeployments(ledger)
  if (last.length === 0) return null
  return table(
    ['', 'deployment', 'release', 'outcome', 'who', 'ended', 'took'],
    last.map((past) => {
      const { number, release, outcome, by, run, startedAt, endedAt, overridden } = past
      return [
        markOf({ kind: 'ended', outcome }),
        `${run === '' ? number : link(String(number), run)} ${text(deedInWords(past))}`,
        text(release.tag),
        text(shorten(`${describeOutcome(outcome)}${throughFreezes(overridden)}`, longestOutcome)),
        by.map(text).join(', '),
        moment(endedAt),
        duration(between(startedAt, endedAt)),
      ]
    }),
  )
}
