import { existsSync, readFileSync } from 'node:fs'

/** The process that a pid file names, if it runs. */
export function runningProcess(pidFile) {
  if (!existsSync(pidFile)) return undefined
  const pid = Number(readFileSync(pidFile, 'utf8'))
  return isRunning(pid) ? pid : undefined
}

export function isRunning(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  return !isZombie(pid)
}

/**
 * Ended, but not yet collected by its parent: in a container whose first process collects no children it
 * stays so for ever.
 */
function isZombie(pid) {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
