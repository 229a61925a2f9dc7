import { bestShare } from './best.ts'
import type { Goal, JudgeRow } from './rows.ts'
import { judgeRows } from './rows.ts'
import { shares } from './trials.ts'

const seed = 20_261_130

/** Rows of the table by their numbers, the first one being 1. */
export interface Rows {
  readonly from: number
  readonly to: number
}

/** The number of rows of the whole table. */
export const allRows = judgeRows.length

/** Prints what the judge says of releases that are known to be alike, or not. Returns true if all goals are met. */
export function printJudge(trials: number, { from, to }: Rows): boolean {
  console.log(`${trials.toLocaleString('en')} trials a row, 20 readings of an instance, seed ${seed}\n`)
  console.log('| what | worse | inconclusive | goal | met |\n| --- | --- | --- | --- | --- |')
  return judgeRows
    .slice(from - 1, to)
    .map((row) => printRow(row, trials))
    .every((met) => met)
}

/** Returns true if each goal of the row is met, or is beyond what any test reaches. */
function printRow(row: JudgeRow, trials: number): boolean {
  const found = shares(row.conditions, trials, seed)
  const missed = row.goals.filter((goal) => !isMet(goal, found[goal.verdict]))
  const best = missed.map((goal) => ({ goal, share: bestShare(row, goal) }))
  const words = best.map(
    ({ goal, share }) =>
      `${share !== null && !isMet(goal, share) ? 'no test can' : 'NO'}${share === null ? '' : `: at best ${percent(share)}`}`,
  )
  const goals = row.goals.map(inWords).join(', ')
  console.log(
    `| ${row.what} | ${percent(found.worse)} | ${percent(found.inconclusive)} | ${goals} | ${words.join(', ') || 'yes'} |`,
  )
  return best.every(({ goal, share }) => share !== null && !isMet(goal, share))
}

const isMet = ({ at, share }: Goal, found: number): boolean =>
  at === 'most' ? found <= share : found >= share

const inWords = ({ verdict, at, share }: Goal): string =>
  `${verdict} ${at === 'most' ? '≤' : '≥'} ${Math.round(share * 100)} %`

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`
