import { readFileSync } from 'node:fs'

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8').trim()

/**
 * The release installed here, as `bin/install` wrote it. An instance knows its release from its own folder
 * alone: the intention of a deployment proves nothing.
 */
export const release = {
  ...JSON.parse(read('release.json')),
  tag: read('tag'),
  previous: read('previous'),
  schema: Number(read('schema')),
}

/** The release that is really served. */
export const served = release.quirk === 'self-test-lies' ? release.previous : release.tag
