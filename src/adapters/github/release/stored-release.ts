import type { StoredFile, StoredRelease } from '../../../pipeline/ports.ts'
import type { GitHub } from '../connection.ts'

/** A release as GitHub answers it. */
export type GitHubRelease = Awaited<ReturnType<GitHub['rest']['repos']['getRelease']>>['data']

export const toRelease = (answered: GitHubRelease): StoredRelease => ({
  id: answered.id,
  tag: answered.tag_name,
  target: answered.target_commitish,
  draft: answered.draft,
  prerelease: answered.prerelease,
  immutable: answered.immutable ?? false,
  text: answered.body ?? '',
  url: answered.html_url,
  uploads: answered.upload_url,
  files: answered.assets.map(toFile),
})

export function toFile({ id, name, size, digest, state }: GitHubRelease['assets'][number]): StoredFile {
  const [algorithm, sha256 = null] = digest?.split(':') ?? []
  return { id, name, size, sha256: algorithm === 'sha256' ? sha256 : null, whole: state === 'uploaded' }
}
