import { changesByItself } from '../../domain/config/fleet.ts'
import type { Service } from '../../domain/config/service.ts'
import { type Direction, releaseOf } from '../../domain/journal/direction.ts'
import { Problem } from '../../domain/problem.ts'
import { knownArtifacts } from '../../domain/pull/desired.ts'
import { known } from '../../domain/reading.ts'
import type { Artifact } from '../../domain/release/manifest.ts'
import type { Release } from '../../domain/release/release.ts'
import { freezeArtifact } from '../roll/cargo.ts'
import type { Context } from '../run/context.ts'

/**
 * Notes which bytes the instances of a service get, before one of them is changed: the file that is brought to them, or
 * those that their agents fetch.
 */
export async function freezeFiles(context: Context, service: Service, direction: Direction): Promise<void> {
  await freezeArtifact(context, service, direction)
  await freezePulled(context, service, direction)
}

/** Going back must work when GitHub does not answer: then the digests that the ledger knows count. */
async function freezePulled(context: Context, { fleet }: Service, direction: Direction): Promise<void> {
  const { session, plan } = context
  const release = releaseOf(plan, direction)
  if (!changesByItself(fleet) || release.manifest === undefined || areKnown(context, release)) return
  for (const { name, sha256 } of await read(context, release, direction))
    session.note({ kind: 'artifact-frozen', sha: release.sha, path: name, sha256, from: 'manifest' })
}

const areKnown = ({ session }: Context, { sha }: Release): boolean =>
  Object.keys(knownArtifacts(session.ledger.pulled, session.journal, sha)).length > 0

async function read(context: Context, release: Release, { to }: Direction): Promise<readonly Artifact[]> {
  try {
    return await artifactsOf(context, release)
  } catch (thrown) {
    if (to === 'new' || !(thrown instanceof Problem)) throw thrown
    context.ports.voice.warning('Manifest not read', `${thrown.what} The agents get no digest of its files.`)
    return []
  }
}

async function artifactsOf({ ports }: Context, release: Release): Promise<readonly Artifact[]> {
  const stored = known(await ports.releases.published(release.tag))
  const kept = stored === null ? null : await ports.releases.manifest(stored)
  if (kept !== null && kept.sha256 === release.manifest) return kept.manifest.artifacts
  throw new Problem('release-tampered', {
    what: `The manifest of ${release.tag} is not what it was when it was planned.`,
    why: 'It was changed or removed. A release never changes.',
    next: 'Find out who changed it, and make a new release with a new tag.',
  })
}
