import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printColumns } from './bench/columns.ts'
import { firstAnswers } from './bench/first-answers.ts'
import { rollOfTen } from './bench/roll-of-ten.ts'
import { thousandInstances } from './bench/thousand-instances.ts'

/** Prints how Rollgate does, each figure beside its floor from the same run. */
interface Row {
  readonly what: string
  readonly figure: string
  readonly floor: string
  readonly goal: string
  readonly met: boolean
}

const folder = mkdtempSync(join(tmpdir(), 'rollgate-bench-'))
try {
  const start = await firstAnswers(mkdtempSync(join(folder, 'answers-')), 15)
  const bytes = readdirSync('dist')
    .filter((file) => file.endsWith('.js'))
    .reduce((sum, file) => sum + statSync(join('dist', file)).size, 0)
  const ten = await rollOfTen(folder)
  const many = await thousandInstances()
  const rows: Row[] = [
    {
      what: 'a refused config: rollgate check, from its start to its end',
      figure: `${ms(start.refused)} (${(start.refused / start.node).toFixed(1)} x)`,
      floor: `${ms(start.node)}, node printing a line`,
      goal: 'under 6 x',
      met: start.refused < 6 * start.node,
    },
    {
      what: 'a printed plan: the step that plans, with its requests',
      figure: `${ms(start.planned)} (${(start.planned / start.node).toFixed(1)} x)`,
      floor: `${ms(start.node)}, node printing a line`,
      goal: 'under 15 x',
      met: start.planned < 15 * start.node,
    },
    {
      what: 'bundle',
      figure: `${bytes.toLocaleString('en')} bytes`,
      floor: 'peers 0.47 to 5.9 MB',
      goal: 'at most 1,606,000',
      met: bytes <= 1_606_000,
    },
    {
      what: 'requests to GitHub, plan and deployment of 10 instances',
      figure: `${ten.requests} (${ten.planRequests} of them for the plan)`,
      floor: 'peers 3 to 35 for less',
      goal: `at most ${ten.bound}: 30, 5 a saved state, 2 a batch`,
      met: ten.requests <= ten.bound,
    },
    {
      what: 'of them while instances are changed',
      figure: String(ten.requestsWhileRolling),
      floor: '9: the lock is read before each further batch',
      goal: 'at most 20, two a batch',
      met: ten.requestsWhileRolling <= 2 * 10,
    },
    {
      what: 'overhead of an instance over its own work',
      figure: ms((ten.rolled - ten.byHand) / 10),
      floor: `${ms(ten.byHand / 10)}, the same scripts by hand`,
      goal: 'under 20 ms',
      met: (ten.rolled - ten.byHand) / 10 < 20,
    },
    {
      what: 'before the first instance: a look at each, and what is kept',
      figure: ms(ten.beforehand),
      floor: '-',
      goal: '-',
      met: true,
    },
    {
      what: 'requests of visitors meanwhile',
      figure: `${ten.visitors.count} made, ${ten.visitors.failures} failed`,
      floor: '0 failed',
      goal: '0 failed',
      met: ten.visitors.failures === 0,
    },
    {
      what: 'roll of 1,000 simulated instances, one by one',
      figure: `${ms(many.took)} (${ms(many.took / 1000)} an instance)`,
      floor: '0 ms: their own work takes no time',
      goal: 'under 20 ms an instance',
      met: many.took / 1000 < 20,
    },
    {
      what: 'memory at its peak in that roll',
      figure: `${Math.round(many.peak / 1e6)} MB`,
      floor: `${Math.round(many.before / 1e6)} MB, the process before it`,
      goal: 'under 200 MB',
      met: many.peak < 200e6,
    },
  ]
  print(rows)
  if (!rows.every(({ met }) => met)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
}

function print(rows: readonly Row[]): void {
  printColumns([
    ['what', 'here', 'floor', 'goal', 'met'],
    ...rows.map(({ what, figure, floor, goal, met }) => [what, figure, floor, goal, met ? 'yes' : 'NO']),
  ])
}
