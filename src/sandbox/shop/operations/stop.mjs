/** Ends the instance's process: it may finish what it does for five seconds. */
import { rmSync } from 'node:fs'
import { instance } from './instance.mjs'
import { isRunning, runningProcess } from './process.mjs'
import { until } from './until.mjs'

const GRACE_MS = 5000
const { name, pidFile } = instance()
const pid = runningProcess(pidFile)

if (pid === undefined) {
  console.log(`${name} was not running`)
} else {
  process.kill(pid, 'SIGTERM')
  const gone = () => !isRunning(pid)
  if (await until(gone, GRACE_MS)) {
    console.log(`${name} stopped`)
  } else {
    process.kill(pid, 'SIGKILL')
    await until(gone, GRACE_MS)
    console.log(`${name} killed`)
  }
}
rmSync(pidFile, { force: true })
