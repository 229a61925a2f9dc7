import { basename } from 'node:path'
import { isOverSsh } from '../../domain/config/fleet.ts'
import type { Service } from '../../domain/config/service.ts'
import { type Direction, releaseOf } from '../../domain/journal/direction.ts'
import type { Event } from '../../domain/journal/journal.ts'
import { artifactServed } from '../../domain/ledger/artifact-served.ts'
import { Problem } from '../../domain/problem.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { known } from '../../domain/reading.ts'
import type { Artifact } from '../../domain/release/manifest.ts'
import type { Release } from '../../domain/release/release.ts'
import type { HeldFile, StoredRelease } from '../ports.ts'
import type { Context } from '../run/context.ts'
import type { Session } from '../run/session.ts'

/** The file that a service brings to its hosts in one direction, and the release that it is of. */
export interface WantedFile {
  readonly context: Context
  readonly service: Service
  readonly direction: Direction
  readonly release: Release
  /** The path in the checkout, and the name that it has in a release and on a host. */
  readonly path: string
  readonly name: string
}

export function wantedOf(context: Context, service: Service, direction: Direction): WantedFile | null {
  const { fleet } = service
  if (!isOverSsh(fleet) || fleet.upload === null) return null
  const release = releaseOf(context.plan, direction)
  return { context, service, direction, release, path: fleet.upload, name: basename(fleet.upload) }
}

/** The bytes in this run: they are fetched once, for all hosts. */
interface Bytes {
  got: Promise<HeldFile | Failure> | null
  /** True if a host was seen to have the frozen bytes. */
  onHosts: boolean
}

const runs = new WeakMap<Session, Map<string, Bytes>>()

export function bytesOf({ context: { session }, release, path }: WantedFile): Bytes {
  const known = runs.get(session) ?? new Map<string, Bytes>()
  runs.set(session, known)
  const key = `${release.sha} ${path}`
  const bytes = known.get(key) ?? { got: null, onHosts: false }
  known.set(key, bytes)
  return bytes
}

type Frozen = Extract<Event, { kind: 'artifact-frozen' }>

export function frozenIn({ context: { session }, release, path }: WantedFile): Frozen | null {
  const frozen = session.journal.filter((event) => event.kind === 'artifact-frozen')
  return frozen.findLast((event) => event.sha === release.sha && event.path === path) ?? null
}

/** A host may be got ready in the background when the deployment has ended already. */
export function freeze(
  { context: { session }, release, path }: WantedFile,
  sha256: string,
  from: Frozen['from'],
): void {
  if (session.standing.outcome !== null) return
  session.note({ kind: 'artifact-frozen', sha: release.sha, path, sha256, from })
}

export const servedBefore = ({ context: { session }, release, path }: WantedFile): string | null =>
  artifactServed(session.ledger, release, path)

/** Going back must work when GitHub does not answer: then the digest that each host recorded counts. */
export async function namedInManifest(wanted: WantedFile): Promise<Named | null> {
  try {
    return await readManifest(wanted)
  } catch (thrown) {
    if (wanted.direction.to === 'new' || !(thrown instanceof Problem)) throw thrown
    const { ports } = wanted.context
    ports.voice.warning(
      'Manifest not read',
      `${thrown.what} The copies of ${wanted.name} on the hosts count.`,
    )
    return null
  }
}

interface Named {
  readonly stored: StoredRelease
  readonly artifact: Artifact
}

async function readManifest({ context: { ports }, release, name }: WantedFile): Promise<Named | null> {
  if (release.manifest === undefined) return null
  const stored = known(await ports.releases.published(release.tag))
  const kept = stored === null ? null : await ports.releases.manifest(stored)
  if (stored === null || kept?.sha256 !== release.manifest)
    throw new Problem('release-tampered', {
      what: `The manifest of ${release.tag} is not what it was when it was deployed.`,
      why: 'It was changed or removed. A release never changes.',
      next: 'Find out who changed it, and make a new release with a new tag.',
    })
  const artifact = kept.manifest.artifacts.find((one) => one.name === name)
  if (artifact !== undefined) return { stored, artifact }
  ports.voice.warning(
    `${name} is not in the manifest`,
    `The manifest of ${release.tag} does not name ${name}: what is brought to the hosts is what was built, and nothing proves it.`,
  )
  return null
}

export async function inCheckout({
  context: { ports },
  release,
  path,
}: WantedFile): Promise<HeldFile | null> {
  const folder = await ports.workspace.checkout(release.sha)
  return folder.kind === 'found' ? known(await ports.depot.find(folder.value, path)) : null
}

export function warnOfOtherBytes({ context, name, release }: WantedFile, now: string, before: string): void {
  context.ports.voice.warning(
    'The build is not reproducible',
    `${name} of ${release.tag} has the SHA-256 ${now} now, and had ${before} when it was deployed here before. Every host that is changed gets the new bytes; one that is left alone keeps the older ones.`,
  )
}
