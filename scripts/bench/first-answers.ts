import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStage } from '../../src/sandbox/stage.ts'
import { median } from './median.ts'

/** Milliseconds from the start of a process to its end: medians, measured by turns. */
export interface FirstAnswers {
  /** Node, which prints a line. */
  readonly node: number
  /** `rollgate check`, for a config with one misspelt key. */
  readonly refused: number
  /** A step that plans a deployment of three instances, with every request to a GitHub on this machine. */
  readonly planned: number
}

const misspelt = `environments:
  production: { class: production }
steps: { migrat: { run: bin/migrate, phase: expand } }
`

export async function firstAnswers(folder: string, runs: number): Promise<FirstAnswers> {
  await using stage = await openStage({ folder, instances: 3, jobs: { every: 600_000, last: 100 } })
  await stage.release('v1.0.0')
  const config = join(folder, 'misspelt.yml')
  writeFileSync(config, misspelt)
  const node: number[] = []
  const refused: number[] = []
  const planned: number[] = []
  for (let run = 0; run < runs; run += 1) {
    node.push(await timed(['--eval', "console.log('a line')"], 0))
    refused.push(await timed(['dist/cli.js', 'check', config], 1))
    planned.push(await timedPlan(stage))
  }
  return { node: median(node), refused: median(refused), planned: median(planned) }
}

async function timed(args: readonly string[], wanted: number): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { env: {}, stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  if (code !== wanted) throw new Error(`${args.join(' ')} ended with ${code}`)
  return performance.now() - started
}

async function timedPlan(stage: Awaited<ReturnType<typeof openStage>>): Promise<number> {
  const run = stage.run('dora')
  let started = performance.now()
  const job = await run.start(
    { command: 'plan', mode: 'deploy', release: 'v1.0.0' },
    {
      arrange: () => {
        started = performance.now()
      },
    },
  )
  const { code, outputs } = await job.ended
  const took = performance.now() - started
  run.end()
  if (code !== 0 || outputs.outcome !== 'planned') throw new Error(`the plan ended with ${code}`)
  return took
}
