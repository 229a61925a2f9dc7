import { printJudge } from './bench/judge/table.ts'

/** `npm run bench:judge -- 2000`: the judge's table with fewer trials than the 20,000 of its goals. */
const trials = Number(process.argv[2] ?? 20_000)
if (!printJudge(trials)) process.exitCode = 1
