import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of nobody else's for the sockets of open connections. */
export interface ControlFolder {
  /** A path that was not given out before. */
  next(): string
  remove(): void
}

/** A socket's path takes 104 bytes on the systems that take the least, and ssh makes one 17 longer while it binds it. */
const LONGEST_PATH = 104 - 17
const LONGEST_NAME = '/rollgate-XXXXXX/9999'

export function createControlFolder(temp: string = tmpdir()): ControlFolder {
  let folder: string | null = null
  let given = 0
  const make = () => {
    const fits = Buffer.byteLength(temp) + LONGEST_NAME.length <= LONGEST_PATH
    return mkdtempSync(join(fits ? temp : '/tmp', 'rollgate-'))
  }
  return {
    next() {
      folder ??= make()
      given += 1
      return join(folder, String(given))
    },
    remove() {
      if (folder !== null) rmSync(folder, { recursive: true, force: true })
      folder = null
    },
  }
}
