import { readTextInside } from '../git/text-inside.ts'
import type { ManifestFiles } from './kubernetes/means.ts'

/** Reads a file of the release. */
export type ReleaseFiles = ManifestFiles

/** The longest manifest of an engine. */
const LONGEST = 1024 * 1024

/** The files of the release, in the checkout of the run. */
export const releaseFiles = (folder: string): ReleaseFiles => ({
  read(path) {
    const read = readTextInside(folder, path, LONGEST)
    if (read.kind === 'found') return read
    return { why: read.kind === 'absent' ? 'there is no such file' : read.why }
  },
})
