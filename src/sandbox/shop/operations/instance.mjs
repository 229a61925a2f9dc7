import { join } from 'node:path'

/** Returns the folder of the instance that a script is called for. */
export function instance() {
  const name = required('ROLLGATE_INSTANCE')
  const folder = join(required('SHOP_HOME'), 'instances', name)
  return {
    name,
    folder,
    current: join(folder, 'current'),
    pidFile: join(folder, 'pid'),
    logFile: join(folder, 'log'),
  }
}

/** The value of an environment variable that a script cannot do without. */
export function required(variable) {
  const value = process.env[variable]
  if (!value) throw new Error(`${variable} is not set`)
  return value
}
