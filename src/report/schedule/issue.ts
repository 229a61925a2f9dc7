import { wholeMinutes } from '../../domain/durations.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { momentInWords } from '../../domain/schedule/freeze-words.ts'
import { type EndedSchedule, followersOf } from '../../domain/schedule/schedule.ts'
import { whyNotBegun } from '../../domain/schedule/schedule-words.ts'
import { blocks, code, link, plain, shorten, table, text } from '../text/markdown.ts'
import { mention } from '../text/mention.ts'
import { moment } from '../text/moments.ts'
import { problemAlert } from '../text/problem-text.ts'
import { inPlaceOf, spoiltAlert } from './in-words.ts'

/** A schedule that did not become a deployment, for the people who are mentioned. */
export interface NotBegunView {
  readonly schedule: EndedSchedule
  /** The ledger after that. */
  readonly ledger: Pick<Ledger, 'app' | 'environment' | 'serving' | 'schedules'>
  /** The address of the run that found it. */
  readonly run: string
}

/** Returns one line without Markdown. */
export const notBegunTitle = ({ schedule: { release, end }, ledger }: NotBegunView): string =>
  shorten(
    plain(`${ledger.app}: scheduled deploy of ${release.tag} to ${ledger.environment} was ${end.kind}`),
    250,
  )

/** An ID is given once in a ledger; the time of the request tells the schedules of two ledgers apart. */
export const notBegunKey = ({ schedule: { id, asked, end } }: NotBegunView): string =>
  `schedule ${id} of ${asked}, ${end.kind}`

/**
 * Returns the text of an issue, or of a comment on it: the schedule, its time, the reason why it did not
 * start, and the requester.
 */
export function notBegunText({ schedule, ledger, run }: NotBegunView): string {
  const { id, release, at, maxLateness, by, reason, asked, handed, end } = schedule
  const why = whyNotBegun(schedule, ledger.environment)
  return `${blocks(
    `## 🕘 Deploy ${text(release.tag)} to ${text(ledger.environment)}, scheduled as ${id}: ${end.kind}`,
    why === null ? null : problemAlert(why),
    `${mention(by)}, you asked for it.`,
    table(
      ['release', `**${text(release.tag)}** (${code(release.sha.slice(0, 7))})`],
      [
        ['in place of', inPlaceOf(schedule)],
        ['wanted at', `${text(momentInWords(at))}, at most ${wholeMinutes(maxLateness)} late`],
        ['asked for', link(moment(asked), schedule.run)],
        ['why', text(reason)],
        ...(handed === undefined ? [] : [['to be started by', link(`run ${handed.id}`, handed.url)]]),
      ],
    ),
    ...followersOf(ledger, schedule).map(spoiltAlert),
    [serves(ledger), link('run', run)].join(' · '),
  )}\n`
}

const serves = ({ serving, environment }: NotBegunView['ledger']): string =>
  serving === null
    ? `Nothing was changed: nothing serves ${code(environment)} yet`
    : `Nothing was changed: ${text(serving.release.tag)} serves ${code(environment)}`
