import { allRows, printJudge } from './bench/judge/table.ts'

/**
 * Prints the judge's table:
 *
 *   npm run bench:judge -- [20000] [1-96]
 *
 * Fewer trials than the 20,000 of its goals, or some of its rows only.
 */
const [trials = '20000', rows = `1-${allRows}`] = process.argv.slice(2)
const [from, to] = rows.split('-').map(Number)
if (!printJudge(Number(trials), { from: from ?? 1, to: to ?? from ?? allRows })) process.exitCode = 1
