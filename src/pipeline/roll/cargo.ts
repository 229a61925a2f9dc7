import { basename } from 'node:path'
import { type Instance, KEPT_RELEASES } from '../../domain/config/fleet.ts'
import type { BuildRecipe } from '../../domain/config/recipe.ts'
import type { Service } from '../../domain/config/service.ts'
import { type Direction, releaseOf } from '../../domain/journal/direction.ts'
import type { Event } from '../../domain/journal/journal.ts'
import { artifactServed } from '../../domain/ledger/ledger.ts'
import { neededReleases } from '../../domain/ledger/needed-releases.ts'
import { Problem } from '../../domain/problem.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { known } from '../../domain/reading.ts'
import type { Artifact } from '../../domain/release/manifest.ts'
import { type Release, sameCommit } from '../../domain/release/release.ts'
import { buildStep, rollSteps } from '../../domain/step/steps-in.ts'
import type { Cargo, HeldFile, StoredRelease } from '../ports.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import { failureFrom, failureOf } from '../run/failure.ts'
import { inFolder } from '../run/files.ts'
import { withOutputs } from '../run/outputs.ts'
import type { Session } from '../run/session.ts'

/** The file that a service brings to its hosts in one direction, and the release that it is of. */
interface WantedFile {
  readonly context: Context
  readonly service: Service
  readonly direction: Direction
  readonly release: Release
  /** The path in the checkout, and the name that it has in a release and on a host. */
  readonly path: string
  readonly name: string
}

function wantedOf(context: Context, service: Service, direction: Direction): WantedFile | null {
  const { fleet } = service
  if (fleet.kind !== 'ssh' || fleet.upload === null) return null
  const release = releaseOf(context.plan, direction)
  return { context, service, direction, release, path: fleet.upload, name: basename(fleet.upload) }
}

/**
 * Notes which bytes the instances of a service get, before one of them is changed: a run that resumes in a
 * fresh checkout must bring the same bytes. The file in the release's manifest comes first; then the bytes
 * built here; then those of the serving release.
 */
export async function freezeArtifact(
  context: Context,
  service: Service,
  direction: Direction,
): Promise<void> {
  const wanted = wantedOf(context, service, direction)
  if (wanted !== null && frozenIn(wanted) === null) await freezeFirst(wanted)
}

async function freezeFirst(wanted: WantedFile): Promise<void> {
  const served = servedBefore(wanted)
  const back = wanted.direction.to === 'old'
  if (back && served !== null) return freeze(wanted, served, 'ledger')
  const named = await namedInManifest(wanted)
  if (named !== null) return freeze(wanted, named.artifact.sha256, 'manifest')
  const built = back ? null : await inCheckout(wanted).catch(unread)
  if (built !== null && served !== null && built.sha256 !== served)
    warnOfOtherBytes(wanted, built.sha256, served)
  if (built !== null) return freeze(wanted, built.sha256, 'checkout')
  if (served !== null) freeze(wanted, served, 'ledger')
}

/** Returns the files for an instance. Null if its service brings no file. */
export function cargoFor(
  context: Context,
  service: Service,
  direction: Direction,
  instance: Instance,
): Cargo | null {
  const wanted = wantedOf(context, service, direction)
  if (wanted === null) return null
  return {
    wanted: () => frozenIn(wanted)?.sha256 ?? null,
    obtain: () => once(wanted, () => obtain(wanted, instance)),
    accepts(sha256) {
      if (frozenIn(wanted) === null) freeze(wanted, sha256, 'host')
      const same = (frozenIn(wanted)?.sha256 ?? sha256) === sha256
      if (same) bytesOf(wanted).onHosts = true
      return same
    },
    keeping: {
      keep: service.fleet.prepare?.keep ?? KEPT_RELEASES,
      needed: neededReleases(context.plan, context.session.ledger),
    },
  }
}

/** The bytes in this run: they are fetched once, for all hosts. */
interface Bytes {
  got: Promise<HeldFile | Failure> | null
  /** True if a host was seen to have the frozen bytes. */
  onHosts: boolean
}

const runs = new WeakMap<Session, Map<string, Bytes>>()

function bytesOf({ context: { session }, release, path }: WantedFile): Bytes {
  const known = runs.get(session) ?? new Map<string, Bytes>()
  runs.set(session, known)
  const key = `${release.sha} ${path}`
  const bytes = known.get(key) ?? { got: null, onHosts: false }
  known.set(key, bytes)
  return bytes
}

type Frozen = Extract<Event, { kind: 'artifact-frozen' }>

function once(wanted: WantedFile, work: () => Promise<HeldFile | Failure>): Promise<HeldFile | Failure> {
  const bytes = bytesOf(wanted)
  bytes.got ??= work().catch(failureFrom)
  return bytes.got
}

function frozenIn({ context: { session }, release, path }: WantedFile): Frozen | null {
  const frozen = session.journal.filter((event) => event.kind === 'artifact-frozen')
  return frozen.findLast((event) => event.sha === release.sha && event.path === path) ?? null
}

/** A host may be got ready in the background when the deployment has ended already. */
function freeze(
  { context: { session }, release, path }: WantedFile,
  sha256: string,
  from: Frozen['from'],
): void {
  if (session.standing.outcome !== null) return
  session.note({ kind: 'artifact-frozen', sha: release.sha, path, sha256, from })
}

const servedBefore = ({ context: { session }, release, path }: WantedFile): string | null =>
  artifactServed(session.ledger, release, path)

/** Going back must work when GitHub does not answer: then the digest that each host recorded counts. */
async function namedInManifest(wanted: WantedFile): Promise<Named | null> {
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

/** An unreadable file stops the instance that needs it, and not the deployment. */
function unread(thrown: unknown): null {
  if (thrown instanceof Problem) return null
  throw thrown
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

async function inCheckout({ context: { ports }, release, path }: WantedFile): Promise<HeldFile | null> {
  const folder = await ports.workspace.checkout(release.sha)
  return folder.kind === 'found' ? known(await ports.depot.find(folder.value, path)) : null
}

/** Gets the bytes again: from here, from the GitHub Release, by the build, or from a host that has them. */
async function obtain(wanted: WantedFile, instance: Instance): Promise<HeldFile | Failure> {
  const fits = (file: HeldFile | null): file is HeldFile => {
    const frozen = frozenIn(wanted)
    return file !== null && (frozen === null || frozen.sha256 === file.sha256)
  }
  const here = await inCheckout(wanted)
  if (fits(here)) return settled(wanted, here)
  const stored = await download(wanted)
  if (stored !== null) return stored
  const failure = await build(wanted)
  const built = failure === null ? await inCheckout(wanted) : here
  if (fits(built)) return settled(wanted, built)
  const fetched = await fetchBack(wanted, instance)
  if (fetched !== null) return fetched
  if (built === null) return missing(wanted, failure)
  return replaceable(wanted) ? replace(wanted, built) : differs(wanted, built)
}

/** The digest was unknown: it is kept before a host gets the bytes. */
async function settled(wanted: WantedFile, file: HeldFile): Promise<HeldFile> {
  if (frozenIn(wanted) !== null) return file
  freeze(wanted, file.sha256, 'build')
  await wanted.context.session.save()
  return file
}

async function download(wanted: WantedFile): Promise<HeldFile | null> {
  const { ports } = wanted.context
  const named = await namedInManifest(wanted)
  if (named === null || named.artifact.sha256 !== frozenIn(wanted)?.sha256) return null
  ports.voice.line(`${wanted.name} comes from the release ${wanted.release.tag}`)
  return ports.depot.keep(wanted.name, await ports.releases.download(named.stored, named.artifact))
}

/** Runs the build of the release in its own files. Null where it succeeded, or has in this very checkout. */
async function build(wanted: WantedFile): Promise<Failure | null> {
  const { context, direction, release } = wanted
  if (isBuiltHere(wanted)) return null
  const recipe = buildOf(wanted)
  const folder = known(await context.ports.workspace.checkout(release.sha))
  if (recipe === null || folder === null) return notBuilt(wanted)
  const seen = await variables(context, direction)
  // Outputs of this build are not read: the outputs of a release are those of its first build.
  const finished = await withOutputs(context.ports, ({ path }) =>
    quoted(context, 'build │ ', (watch) => {
      for (const line of recipe.command.run.trimEnd().split('\n')) watch.line(`$ ${line}`)
      const all = { ...seen, ROLLGATE_OUTPUT: path }
      return context.ports.shell.run(inFolder(recipe.command, folder), all, watch)
    }),
  )
  return failureOf(`build of ${release.tag}`, finished)
}

function isBuiltHere({ context: { plan, session }, release }: WantedFile): boolean {
  const step = buildStep(plan.steps)
  const standing = step && session.standing.steps.get(step.id)
  return sameCommit(release, plan.release) && standing?.state === 'succeeded' && !standing.elsewhere
}

/**
 * Returns the build as the release itself defines it: from the plan for the planned release, from the ledger
 * for the serving one.
 */
function buildOf({ context: { plan, session }, service, release }: WantedFile): BuildRecipe | null {
  const roll = rollSteps(plan.steps).find((step) => step.service.name === service.name)
  if (sameCommit(release, plan.release)) return roll?.build ?? null
  const { serving } = session.ledger
  return serving !== null && sameCommit(release, serving.release) ? serving.build : null
}

async function fetchBack(wanted: WantedFile, { name }: Instance): Promise<HeldFile | null> {
  const { context, direction, service } = wanted
  const digest = frozenIn(wanted)?.sha256
  if (digest === undefined) return null
  const fleet = context.ports.fleet(service.fleet)
  const seen = await variables(context, direction)
  const others = service.fleet.instances.filter((one) => one.name !== name).slice(0, mostAsked)
  for (const other of others) {
    const watch = { line() {}, signal: context.stop.forced }
    const file = await fleet.fetch(other, seen, digest, watch)
    if (file === null) continue
    context.ports.voice.line(`${wanted.name} comes from ${other.name}, which has it: sha256 ${digest}`)
    return file
  }
  return null
}

/** The most hosts to ask for a copy, one after another. */
const mostAsked = 16

/**
 * Returns true if the older release may be built again, because no host has it any more: then all hosts get
 * the same bytes.
 */
function replaceable(wanted: WantedFile): boolean {
  const { journal } = wanted.context.session
  const frozen = frozenIn(wanted)
  const since = frozen === null ? journal : journal.slice(journal.lastIndexOf(frozen))
  return (
    frozen?.from === 'ledger' &&
    !bytesOf(wanted).onHosts &&
    !since.some(({ kind }) => kind === 'instance-succeeded')
  )
}

async function replace(wanted: WantedFile, built: HeldFile): Promise<HeldFile> {
  warnOfOtherBytes(wanted, built.sha256, frozenIn(wanted)?.sha256 ?? '')
  freeze(wanted, built.sha256, 'build')
  await wanted.context.session.save()
  return built
}

function warnOfOtherBytes({ context, name, release }: WantedFile, now: string, before: string): void {
  context.ports.voice.warning(
    'The build is not reproducible',
    `${name} of ${release.tag} has the SHA-256 ${now} now, and had ${before} when it was deployed here before. Every host that is changed gets the new bytes; one that is left alone keeps the older ones.`,
  )
}

const differs = (wanted: WantedFile, { sha256 }: HeldFile): Failure => ({
  code: 'artifact-differs',
  what: `${wanted.name} of ${wanted.release.tag} was built again and has the SHA-256 ${sha256}; this deployment brings ${frozenIn(wanted)?.sha256 ?? 'another'}.`,
  tail: [],
  next: 'The build is not reproducible, and no other host could give its copy. Roll back; or abandon, and deploy a release whose manifest names the file.',
})

const missing = ({ name, path, release }: WantedFile, why: Failure | null): Failure => ({
  code: 'artifact-missing',
  what: `${name} of ${release.tag} cannot be had: ${why?.what ?? `the build did not write ${path}.`}`,
  tail: why?.tail ?? [],
  next: 'Correct the build or the path and decide retry; or put the file into the GitHub Release, so that its manifest names it.',
})

const notBuilt = ({ release, path }: WantedFile): Failure => ({
  code: 'artifact-missing',
  what: `${path} is not in the checkout of ${release.tag}, and no build of that release is known.`,
  tail: [],
})
