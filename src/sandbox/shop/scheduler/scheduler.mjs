/**
 * Starts a job every $JOB_EVERY_MS, those of the job set in turn, none of them twice at a time; each is a process that takes $JOB_MS.
 * Obeys the files in $SHOP_HOME/scheduler: `jobs` is the job set, `suspended` keeps new jobs from starting, `kill` ends those
 * that run. `running/` has a file for each running job (its pid), `history.log` a line for each start and end.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const control = join(process.env.SHOP_HOME, 'scheduler')
const JOB_MS = Number(process.env.JOB_MS)
const JOB_EVERY_MS = Number(process.env.JOB_EVERY_MS)
const KILL_CHECK_MS = 20

const running = new Map()
let turn = 0
let runs = 0

const starting = setInterval(startNext, JOB_EVERY_MS)
setInterval(killOnRequest, KILL_CHECK_MS)
process.once('SIGTERM', stop)
// Ends with the parent, even if the parent had no time to say so.
process.once('disconnect', stop)

function startNext() {
  const jobs = readFileSync(join(control, 'jobs'), 'utf8').split('\n').filter(Boolean)
  const job = jobs[turn++ % jobs.length]
  if (job === undefined || running.has(job)) return
  const run = `${job}-${runs + 1}`
  const mark = join(control, 'running', run)
  // A suspended scheduler writes no mark: a reader could take it for a job, even for a moment.
  if (isSuspended()) return
  // The mark comes before the check: a script that suspends and then reads an empty `running/` can be sure that
  // no further job starts.
  writeFileSync(mark, '')
  if (isSuspended()) return rmSync(mark)
  runs += 1
  const child = spawn('sleep', [String(JOB_MS / 1000)], { stdio: 'ignore' })
  running.set(job, child)
  writeFileSync(mark, `${child.pid}\n`)
  note(`started ${run}`)
  child.once('exit', (code) => {
    running.delete(job)
    note(`${code === 0 ? 'ended' : 'killed'} ${run}`)
    rmSync(mark, { force: true })
  })
}

const isSuspended = () => existsSync(join(control, 'suspended'))

function killOnRequest() {
  const request = join(control, 'kill')
  if (!existsSync(request)) return
  if (running.size === 0) rmSync(request)
  else killAll()
}

function killAll() {
  for (const child of running.values()) child.kill()
}

/** Ends after its jobs, so that none of them is left without a parent. */
async function stop() {
  clearInterval(starting)
  killAll()
  await Promise.all([...running.values()].map((child) => once(child, 'exit')))
  process.exit(0)
}

function note(line) {
  appendFileSync(join(control, 'history.log'), `${Date.now()} ${line}\n`)
}
