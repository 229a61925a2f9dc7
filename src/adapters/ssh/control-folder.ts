import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Leftovers } from '../shell/leftovers.ts'

/** A private folder for the sockets of open connections. */
export interface ControlFolder {
  /** A path that was not given out before. */
  next(): string
  remove(): void
}

/** A socket's path takes 104 bytes on the systems that take the least, and ssh makes one 17 longer while it binds it. */
const LONGEST_PATH = 104 - 17
const LONGEST_NAME = '/rollgate-XXXXXX/9999'

/**
 * Creates the folder and remembers it for the next run: ssh removes its socket when it is ended, but not the
 * folder.
 */
export function createControlFolder(
  leftovers: Pick<Leftovers, 'addFolder' | 'removeFolder'>,
  temp: string = tmpdir(),
): ControlFolder {
  let folder: string | null = null
  let given = 0
  const make = () => {
    const fits = Buffer.byteLength(temp) + LONGEST_NAME.length <= LONGEST_PATH
    const made = mkdtempSync(join(fits ? temp : '/tmp', 'rollgate-'))
    leftovers.addFolder(made)
    return made
  }
  return {
    next() {
      folder ??= make()
      given += 1
      return join(folder, String(given))
    },
    remove() {
      if (folder === null) return
      rmSync(folder, { recursive: true, force: true })
      leftovers.removeFolder(folder)
      folder = null
    },
  }
}
