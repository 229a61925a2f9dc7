import { createWriteStream, mkdtempSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ProblemWords } from '../domain/problem.ts'
import { absent, found, unknown } from '../domain/reading.ts'
import type { Depot } from '../pipeline/ports.ts'
import { follow } from './checkout-files.ts'
import { digestOfFile } from './digest.ts'

export interface DepotOptions {
  /** The folder that others are seen from. */
  readonly cwd: string
  /** The folder for bytes from elsewhere, until the job ends. */
  readonly temp: string
}

export const createDepot = ({ cwd, temp }: DepotOptions): Depot => ({
  async find(folder, path) {
    const followed = follow(resolve(cwd, folder), path)
    switch (followed.kind) {
      case 'missing':
        return absent
      case 'outside':
        return unknown(outside(path))
      case 'file':
        return found({ file: followed.path, sha256: await digestOfFile(followed.path) })
    }
  },
  async keep(name, content) {
    const file = join(mkdtempSync(join(temp, 'rollgate-artifact-')), name)
    await pipeline(Readable.fromWeb(content.stream() as never), createWriteStream(file, { mode: 0o600 }))
    return { file, sha256: await digestOfFile(file) }
  },
})

const outside = (path: string): ProblemWords => ({
  code: 'artifact-missing',
  what: `${path} leads out of the checkout, so it is sent to no host.`,
  why: 'A link out of the checkout may lead to files of the runner that must not be sent.',
  next: 'Have the build put the file itself into the checkout, not a link to it.',
})
