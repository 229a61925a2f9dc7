import { digestOfText, manifestsOf, type PlannedManifest } from '../../domain/engine/manifests.ts'
import { stepsAhead, type WishAhead } from '../../domain/plan/planned-anew.ts'
import type { Repository } from '../ports.ts'

/** Reads the manifests that a deployment would apply, from the commit of the release. Nothing is asked of an engine. */
export async function manifestsThere(repository: Repository, ahead: WishAhead): Promise<PlannedManifest[]> {
  const { sha } = ahead.world.release
  return Promise.all(
    manifestsOf(stepsAhead(ahead)).map(async ({ service, path }) => ({
      service,
      path,
      found: await foundAt(repository, path, sha),
    })),
  )
}

async function foundAt(repository: Repository, path: string, sha: string): Promise<PlannedManifest['found']> {
  const read = await repository.file(path, sha)
  switch (read.kind) {
    case 'found':
      return { sha256: digestOfText(read.value) }
    case 'absent':
      return { why: 'it is not in the commit' }
    case 'unknown':
      return { why: 'GitHub did not give it' }
  }
}
