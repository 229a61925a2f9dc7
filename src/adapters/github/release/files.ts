import { createHash } from 'node:crypto'
import { Problem } from '../../../domain/problem.ts'
import type { NewFile, StoredFile, StoredRelease } from '../../../pipeline/ports.ts'
import { afterLoss } from '../after-loss.ts'
import { ask } from '../answer.ts'
import type { GitHub } from '../connection.ts'
import { everyPage } from '../pages.ts'
import { type GitHubRelease, toFile } from './stored-release.ts'

/** An answer was lost: the request may have been done. */
export const isLost = (failure: unknown): boolean =>
  failure instanceof Problem && failure.code === 'github-unavailable'

/** Never retried blindly: after a lost answer the file, or a part of it, may already exist. */
export async function attachFile(
  github: GitHub,
  release: StoredRelease,
  file: NewFile,
  tries = 3,
): Promise<void> {
  try {
    return await upload(github, release, file)
  } catch (failure) {
    if (!isLost(failure)) throw failure
    const isThere = ({ name }: StoredFile) => name === file.name
    const there = await afterLoss(github, async () => (await filesOf(github, release)).find(isThere) ?? null)
    if (there?.whole && there.sha256 === file.sha256) return
    if (there !== null) await remove(github, there)
    if (tries === 1) throw failure
    return attachFile(github, release, file, tries - 1)
  }
}

async function upload(github: GitHub, release: StoredRelease, file: NewFile): Promise<void> {
  const asking = { doing: `upload ${file.name}`, needs: 'contents: write' } as const
  const stored = await ask<GitHubRelease['assets'][number]>(
    asking,
    github.rest.repos.uploadReleaseAsset({
      ...github.place,
      // Files go to a server of their own, which only the release itself names.
      baseUrl: release.uploads.slice(0, release.uploads.indexOf('/repos/')),
      release_id: release.id,
      name: file.name,
      headers: { 'content-type': file.mediaType },
      data: file.content as never,
    }),
  )
  const { name, sha256, size } = toFile(stored)
  if (name === file.name && size === file.content.size && (sha256 ?? file.sha256) === file.sha256) return
  throw new Problem('artifact-differs', {
    what: `GitHub stored ${file.name} as ${name} with ${size} bytes and the digest ${sha256 ?? 'unknown'}; it has ${file.content.size} bytes and ${file.sha256}.`,
    why: 'It was changed while it was read, or on its way.',
    next: 'Run this again: it resumes with the draft, and replaces the file.',
  })
}

async function filesOf(github: GitHub, { id, tag }: StoredRelease): Promise<StoredFile[]> {
  const asking = { doing: `list the files of ${tag}`, needs: 'contents: read' } as const
  const found = await everyPage((page) =>
    ask(
      asking,
      github.rest.repos.listReleaseAssets({ ...github.place, release_id: id, per_page: 100, page }),
    ),
  )
  return found.map(toFile)
}

async function remove(github: GitHub, { id, name }: StoredFile): Promise<void> {
  await ask(
    { doing: `replace ${name}`, needs: 'contents: write' },
    github.rest.repos.deleteReleaseAsset({ ...github.place, asset_id: id }),
  )
}

/** Throws `release-tampered` for bytes with another digest than `wanted`, if that is known. */
export async function downloadFile(
  github: GitHub,
  { tag }: StoredRelease,
  file: StoredFile,
  wanted: string | null,
): Promise<{ content: Blob; sha256: string }> {
  const body: unknown = await ask(
    { doing: `download ${file.name} of ${tag}`, needs: 'contents: read' },
    github.rest.repos.getReleaseAsset({
      ...github.place,
      asset_id: file.id,
      headers: { accept: 'application/octet-stream' },
      // Octokit would decode by type a file that must come byte for byte. So it hands on the body, which the transport has read.
      request: { parseSuccessResponseBody: false },
    }),
  )
  const bytes = new Uint8Array(body as ArrayBuffer)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (wanted === null || sha256 === wanted) return { content: new Blob([bytes]), sha256 }
  throw new Problem('release-tampered', {
    what: `${file.name} of the release ${tag} has the digest ${sha256}; it was ${wanted}.`,
    why: 'The file was replaced, or broke on its way. A release never changes.',
    next: 'Run it again; if it stays so, find out who changed it, and make a new release with a new tag.',
  })
}

export const noSuchFile = ({ tag }: StoredRelease, name: string) =>
  new Problem('release-tampered', {
    what: `The release ${tag} has no file ${name} any more; its manifest names it.`,
    why: 'It was removed. A release never changes.',
    next: 'Find out who did that, and make a new release with a new tag. Turn on immutable releases in the settings.',
  })
