import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { median } from './median.ts'

/** Milliseconds from the start of a process to its first byte of output: medians, measured by turns. */
export async function firstLine(runs: number): Promise<{ bundle: number; floor: number }> {
  const floor: number[] = []
  const bundle: number[] = []
  for (let run = 0; run < runs; run += 1) {
    floor.push(await timed(['--eval', "console.log('a line')"]))
    bundle.push(await timed(['dist/index.js']))
  }
  return { bundle: median(bundle), floor: median(floor) }
}

async function timed(args: readonly string[]): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { env: {}, stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  const took = performance.now() - started
  child.stdout.resume()
  if (child.exitCode === null) await once(child, 'exit')
  return took
}
