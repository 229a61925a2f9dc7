import type { Instance } from '../../domain/config/fleet.ts'
import type { BuildRecipe } from '../../domain/config/recipe.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { known } from '../../domain/reading.ts'
import { sameCommit } from '../../domain/release/release.ts'
import { buildStep, rollSteps } from '../../domain/step/steps-in.ts'
import type { HeldFile } from '../ports.ts'
import { quoted, variables } from '../run/context.ts'
import { failureOf } from '../run/failure.ts'
import { inFolder } from '../run/files.ts'
import { withOutputs } from '../run/outputs.ts'
import {
  bytesOf,
  freeze,
  frozenIn,
  inCheckout,
  namedInManifest,
  type WantedFile,
  warnOfOtherBytes,
} from './wanted-file.ts'

/** Gets the bytes again: from here, from the GitHub Release, by the build, or from a host that has them. */
export async function obtain(wanted: WantedFile, instance: Instance): Promise<HeldFile | Failure> {
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
