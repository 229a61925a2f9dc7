import type { StoredFile, StoredRelease } from '../../pipeline/ports.ts'
import type { GitHub } from './connection.ts'

/** A release as GitHub answers it. */
export type Answered = Awaited<ReturnType<GitHub['rest']['repos']['getRelease']>>['data']

export function toRelease(answered: Answered): StoredRelease {
  const { id, tag_name: tag, target_commitish: target, draft, prerelease, body, html_url: url } = answered
  const immutable = answered.immutable ?? false
  return {
    id,
    tag,
    target,
    draft,
    prerelease,
    immutable,
    text: body ?? '',
    url,
    files: answered.assets.map(toFile),
  }
}

export function toFile({ id, name, size, digest, state }: Answered['assets'][number]): StoredFile {
  const [algorithm, sha256 = null] = digest?.split(':') ?? []
  return { id, name, size, sha256: algorithm === 'sha256' ? sha256 : null, whole: state === 'uploaded' }
}
