import { readFileSync } from 'node:fs'

/**
 * The release installed here, as `bin/install` wrote it. An instance knows its release from its own folder
 * alone: the intention of a deployment proves nothing.
 */
export const release = JSON.parse(readFileSync(new URL('release.json', import.meta.url), 'utf8'))

/** The release that is really served. */
export const served = release.quirk === 'self-test-lies' ? release.previous : release.tag
