import type { PrepareRecipe } from '../../domain/config/fleet.ts'
import { neededReleases } from '../../domain/ledger/needed-releases.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { hasAll, isThere, type ReleaseThere, toClear } from '../../domain/release/kept-releases.ts'
import { isSettled, observationOf } from '../../domain/rolling/slots.ts'
import type { Cargo, Variables, Watch } from '../ports.ts'
import { ask, lookAtSlots, saidVersion } from '../roll/instance-observed.ts'
import { slotsOf } from '../roll/instance-slots.ts'
import type { InstanceWork } from '../roll/instance-work.ts'
import { quoted } from '../run/context.ts'
import { failureOf } from '../run/failure.ts'

/** The end of preparing one instance. `there`: it has the release from before, and that was seen. */
export type Prepared =
  | { readonly kind: 'there' | 'brought'; readonly took: number }
  | { readonly kind: 'failed'; readonly failure: Failure }

/**
 * Brings the release of a work to its instance, which keeps serving as it does. What is there already is seen there:
 * a run that was lost has left its own, and a rollback finds the release that served before.
 */
export async function prepareInstance(work: InstanceWork): Promise<Prepared> {
  const { fleet, instance, signal, context } = work
  // A host that cannot be reached is a failure of `prepare`, in its words.
  await fleet.reach(instance, signal).catch(() => {})
  const begun = context.ports.clock.now().getTime()
  const prepared = await prepareReached(work)
  const took = context.ports.clock.now().getTime() - begun
  return typeof prepared === 'string' ? { kind: prepared, took } : { kind: 'failed', failure: prepared }
}

async function prepareReached(work: InstanceWork): Promise<'there' | 'brought' | Failure> {
  const { prepare: recipe } = work.service.fleet
  if (recipe !== null) return prepareRelease(work, recipe)
  const { cargo, wasSent } = followed(work.cargo)
  return (await bring(work, cargo)) ?? (wasSent() ? 'brought' : 'there')
}

/** Brings the file of the release, where the instance has not got it. */
const bring = (work: InstanceWork, cargo: Cargo | null): Promise<Failure | null> =>
  listened(work, (watch) => work.fleet.prepare(work.instance, work.seen, watch, cargo))

async function prepareRelease(
  work: InstanceWork,
  recipe: PrepareRecipe,
): Promise<'there' | 'brought' | Failure> {
  const { fleet, instance, seen, wanted, cargo } = work
  const there = await listened(work, (watch) => fleet.folders.list(instance, seen, watch))
  if ('code' in there) return there
  const unready = hasItsFile(work, there) ? null : await bring(work, cargo)
  if (unready !== null) return unready
  const digest = cargo?.wanted() ?? null
  const confirmed = isThere(there, wanted, digest) ? await confirm(work, recipe) : 'absent'
  if (confirmed !== 'absent') return confirmed
  await makeRoom(work, recipe, there)
  // The command gets a file that was read again, also where the note of its digest was enough so far.
  const failure =
    (await bring(work, cargo)) ??
    (await listened(work, (watch) => fleet.folders.begin(instance, seen, watch))) ??
    (await run(work, 'prepare', recipe)) ??
    (await listened(work, (watch) => fleet.folders.finish(instance, seen, digest, watch)))
  if (failure !== null) return failure
  await clearOthers(work, recipe)
  return 'brought'
}

/** True if the release and its file were seen to lie there, by one answer: a file that nothing is made from is not read again. */
function hasItsFile({ cargo, wanted }: InstanceWork, there: readonly ReleaseThere[]): boolean {
  if (cargo === null) return true
  const digest = cargo.wanted()
  return digest !== null && hasAll(there, wanted, digest) && cargo.accepts(digest)
}

/** Asks the user's own command as well: what the mark stands for may live in a place that Rollgate does not know. */
async function confirm(work: InstanceWork, { unless }: PrepareRecipe): Promise<'there' | 'absent' | Failure> {
  if (unless === null) return 'there'
  const { fleet, instance, seen } = work
  const finished = await listened(work, (watch) => fleet.run(instance, unless, seen, watch))
  if (finished.kind === 'exited') return finished.code === 0 ? 'there' : 'absent'
  return failureOf(`prepare.unless of ${instance.name}`, finished) ?? 'absent'
}

/** Clears before the release comes, so that a disk which older releases fill has room for it. */
async function makeRoom(
  work: InstanceWork,
  { keep }: PrepareRecipe,
  there: readonly ReleaseThere[],
): Promise<void> {
  const { context, fleet, instance, seen, wanted } = work
  const rule = { comes: wanted.sha, keep, needed: neededBy(work) }
  // An instance is asked only where its answer could matter.
  if (toClear(there, { ...rule, runs: '' }).length === 0) return
  const commits = toClear(there, { ...rule, runs: await runs(work) })
  if (commits.length === 0) return
  const failure = await listened(work, (watch) => fleet.folders.clear(instance, seen, commits, watch))
  if (failure !== null)
    context.ports.voice.warning(`${instance.name}: older releases are still there`, failure.what)
}

/**
 * The release that an instance says it runs: empty where it has no way to say it, null where it did not answer. With two
 * slots it is that of the one which serves; while the other one answers as well, the instance runs more than one.
 */
async function runs(work: InstanceWork): Promise<string | null> {
  const { version } = work.service
  if (version === null) return ''
  const slots = slotsOf(work)
  if (slots !== null) {
    const seen = await lookAtSlots(slots)
    return isSettled(seen) ? observationOf(seen).version : null
  }
  const answer = await ask(work, version)
  if (answer.kind === 'yes') return saidVersion(answer.text)
  return null
}

/** A release that the user's command could not clear takes room, and no more: it fails nothing. */
async function clearOthers(work: InstanceWork, { clear, keep }: PrepareRecipe): Promise<void> {
  if (clear === null) return
  const { context, instance } = work
  const more = { ROLLGATE_KEEP: String(keep), ROLLGATE_NEEDED: neededBy(work).join(' ') }
  const failure = await run(work, 'clear', { command: clear }, more)
  if (failure !== null)
    context.ports.voice.warning(`${instance.name}: older releases are still there`, failure.what)
}

const neededBy = ({ context: { plan, session } }: InstanceWork): readonly string[] =>
  neededReleases(plan, session.ledger)

async function run(
  work: InstanceWork,
  name: string,
  { command }: Pick<PrepareRecipe, 'command'>,
  more: Variables = {},
): Promise<Failure | null> {
  const { fleet, instance, seen } = work
  const finished = await listened(work, (watch) => fleet.run(instance, command, { ...seen, ...more }, watch))
  return failureOf(`${name} of ${instance.name}`, finished)
}

const listened = <T>(
  { context, instance, signal }: InstanceWork,
  run: (watch: Watch) => Promise<T>,
): Promise<T> => quoted(context, `${instance.name} │ `, run, signal)

/** A cargo that tells if its bytes had to be sent. */
function followed(cargo: Cargo | null): { readonly cargo: Cargo | null; wasSent(): boolean } {
  let sent = false
  if (cargo === null) return { cargo, wasSent: () => false }
  const obtain: Cargo['obtain'] = () => {
    sent = true
    return cargo.obtain()
  }
  return { cargo: { ...cargo, obtain }, wasSent: () => sent }
}
