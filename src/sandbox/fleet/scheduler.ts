import { spawn } from 'node:child_process'
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shopSource } from './releases.ts'

/** Milliseconds between two starts, and milliseconds that a job takes. */
export interface Jobs {
  every?: number
  last?: number
}

export interface SchedulerState {
  suspended: boolean
  /** The running jobs, as `bin/scheduler running` prints them. */
  running: string[]
  /** The release of the present job set; undefined before the first deployment. */
  release: string | undefined
  history: SchedulerEvent[]
}

/** `at` is in milliseconds since the epoch. */
export interface SchedulerEvent {
  at: number
  what: 'started' | 'ended' | 'killed'
  job: string
}

export interface Scheduler {
  state(): SchedulerState
  /** Itself and its running jobs. */
  pids(): number[]
}

/** Starts the scheduler of the shop in `home`: a process that ends with this one. */
export function startScheduler(home: string, { every = 250, last = 300 }: Jobs = {}): Scheduler {
  const control = join(home, 'scheduler')
  const runningFolder = join(control, 'running')
  mkdirSync(runningFolder, { recursive: true })
  copyFileSync(join(shopSource, 'scheduler', 'jobs'), join(control, 'jobs'))
  const log = openSync(join(control, 'log'), 'a')
  const child = spawn(process.execPath, [join(shopSource, 'scheduler', 'scheduler.mjs')], {
    env: { PATH: process.env.PATH, SHOP_HOME: home, JOB_MS: String(last), JOB_EVERY_MS: String(every) },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)

  return {
    state() {
      return {
        suspended: existsSync(join(control, 'suspended')),
        running: readdirSync(runningFolder),
        release: read(join(control, 'release'))?.trim(),
        history: lines(join(control, 'history.log')).map(toEvent),
      }
    },

    pids() {
      const jobs = readdirSync(runningFolder).map((job) => Number(read(join(runningFolder, job))))
      return [child.pid ?? 0, ...jobs].filter((pid) => pid > 0)
    },
  }
}

function toEvent(line: string): SchedulerEvent {
  const [at, what, job] = line.split(' ')
  return { at: Number(at), what: what as SchedulerEvent['what'], job: job ?? '' }
}

function lines(file: string): string[] {
  return (read(file) ?? '').split('\n').filter((line) => line !== '')
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
