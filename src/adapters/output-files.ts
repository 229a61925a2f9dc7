import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutputFiles } from '../pipeline/ports.ts'

/** More than the outputs that are allowed need: a file beyond it is cut, and then found faulty. */
const LONGEST_BYTES = 1024 * 1024

/** Files in the folder of the runner for temporary files, which are gone with the job at the latest. */
export function createOutputFiles(temp: string): OutputFiles {
  return {
    async make() {
      const path = join(temp, `rollgate-${randomUUID()}.output`)
      // For this user alone: a build may write a secret by mistake.
      await (await open(path, 'wx', 0o600)).close()
      return { path, read: () => beginningOf(path), remove: () => rm(path, { force: true }) }
    },
  }
}

async function beginningOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(LONGEST_BYTES), 0, LONGEST_BYTES, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (failure) {
    // The build has taken it away, and so has no outputs.
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw failure
  }
}
