import type { Goal, JudgeRow } from './rows.ts'
import { judgeRows } from './rows.ts'
import { shares } from './trials.ts'

const seed = 20_261_130

/** Prints what the judge says of releases that are known to be alike, or not. Returns true if all goals are met. */
export function printJudge(trials: number): boolean {
  console.log(`${trials.toLocaleString('en')} trials a row, 20 readings of an instance, seed ${seed}\n`)
  console.log('| what | worse | inconclusive | goal | met |\n| --- | --- | --- | --- | --- |')
  return judgeRows.map((row) => printRow(row, trials)).every((met) => met)
}

function printRow({ what, conditions, goals }: JudgeRow, trials: number): boolean {
  const found = shares(conditions, trials, seed)
  const met = goals.every((goal) => isMet(goal, found[goal.verdict]))
  const words = goals.map(inWords).join(', ')
  console.log(
    `| ${what} | ${percent(found.worse)} | ${percent(found.inconclusive)} | ${words} | ${met ? 'yes' : 'NO'} |`,
  )
  return met
}

const isMet = ({ at, share }: Goal, found: number): boolean =>
  at === 'most' ? found <= share : found >= share

const inWords = ({ verdict, at, share }: Goal): string =>
  `${verdict} ${at === 'most' ? '≤' : '≥'} ${Math.round(share * 100)} %`

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`
