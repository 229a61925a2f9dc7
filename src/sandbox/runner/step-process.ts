import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { InForce } from '../rules/in-force.ts'

/** The waits of GitHub's runner between the signals of a cancelled step, in milliseconds. */
export interface CancelPace {
  readonly afterInterrupt: number
  readonly afterTerminate: number
}

export const githubsPace: CancelPace = { afterInterrupt: 7_500, afterTerminate: 2_500 }

/** The pace by the rules: where the rule is off, a step is killed at once. */
export const paceBy = (inForce: InForce, pace: CancelPace): CancelPace | 'at once' =>
  inForce('cancel-by-signals') ? pace : 'at once'

export interface SpawnedStep {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly cancelled: AbortSignal
  readonly pace: CancelPace | 'at once'
  readonly hear: (line: string) => void
}

export interface StepProcessEnd {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly log: readonly string[]
}

/** Runs the process of one step to its end. A cancellation sends it SIGINT, then SIGTERM, then kills it. */
export async function runProcess(step: SpawnedStep): Promise<StepProcessEnd> {
  const child = spawn(step.command, step.args, {
    cwd: step.cwd,
    env: { ...step.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  const read = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      log.push(line)
      step.hear(line)
    }
  })
  const exited = once(child, 'exit')
  const end = (): void => void endBySignals(child, exited, step.pace)
  step.cancelled.addEventListener('abort', end, { once: true })
  const [code] = (await exited) as [number | null]
  step.cancelled.removeEventListener('abort', end)
  await Promise.all(read)
  return { code, log }
}

/** Ends a process as GitHub does at a cancellation: it is asked, then told, then killed. */
export async function endBySignals(
  child: ChildProcess,
  exited: Promise<unknown>,
  pace: CancelPace | 'at once',
): Promise<void> {
  const ends = (ms: number): Promise<boolean> => {
    const stop = new AbortController()
    const late = delay(ms, true, { signal: stop.signal }).catch(() => false)
    return Promise.race([exited.then(() => false), late]).finally(() => stop.abort())
  }
  if (pace === 'at once') {
    child.kill('SIGKILL')
    return
  }
  child.kill('SIGINT')
  if (!(await ends(pace.afterInterrupt))) return
  child.kill('SIGTERM')
  if (await ends(pace.afterTerminate)) child.kill('SIGKILL')
}
