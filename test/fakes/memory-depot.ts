import { mapped, readingOf } from '../../src/domain/reading.ts'
import { sha256Of } from '../../src/domain/release/manifest.ts'
import type { Depot } from '../../src/pipeline/ports.ts'

/**
 * Keeps the files of a map, by their paths: those below a folder, and `kept/` and the name for files from
 * elsewhere.
 */
export const createMemoryDepot = (files: Map<string, string>): Depot => ({
  async find(folder, path) {
    const file = `${folder}/${path}`
    return mapped(readingOf(files.get(file)), (text) => ({ file, sha256: sha256Of(text) }))
  },
  async keep(name, content) {
    const file = `kept/${name}`
    const text = await content.text()
    files.set(file, text)
    return { file, sha256: sha256Of(text) }
  },
})
