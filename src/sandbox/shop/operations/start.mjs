/** Starts the installed release in a session of its own, and returns at once: whether it came up is for others to ask. */
import { spawn } from 'node:child_process'
import { openSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { instance, required } from './instance.mjs'
import { runningProcess } from './process.mjs'

const { name, current, pidFile, logFile } = instance()
const running = runningProcess(pidFile)
if (running !== undefined) throw new Error(`${name} runs already, as process ${running}`)

const folder = realpathSync(current)
const log = openSync(logFile, 'a')
const server = spawn(process.execPath, [join(folder, 'server.mjs')], {
  cwd: folder,
  // The server gets none of the deployment's environment: neither its secrets nor its name for the release.
  env: { PORT: required('PORT'), SHOP_HOME: required('SHOP_HOME'), PID_FILE: pidFile },
  stdio: ['ignore', log, log],
  detached: true,
})
writeFileSync(pidFile, `${server.pid}\n`)
server.unref()
console.log(`${name} started as process ${server.pid}`)
