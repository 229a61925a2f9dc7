import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Recipe } from '../../domain/config/recipe.ts'
import { moveOverOf, recipeOn, servingSide } from '../../domain/detour/move-over.ts'
import { commandsOf, type Duty, dutyOf, guardDuty, isWatched, tellDuty } from '../../domain/ledger/duty.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { NoticeRule } from '../../domain/notify/notice-rule.ts'
import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { lapse } from '../../domain/question/deadline.ts'
import { unreachable } from '../../domain/question/decision.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import { isBusy } from '../lock/busy.ts'
import type { Doer } from '../lock/doer.ts'
import { giveBack } from '../lock/lease.ts'
import { takeBlocks } from '../lock/take-blocks.ts'
import { goOn } from '../lock/take-lock.ts'
import { refuseWithoutVariables } from '../lock/variables.ts'
import { tellAgain } from '../notify/tell.ts'
import type { Kept, Ports } from '../ports.ts'
import { type Guarded, keepOutOfTraffic, keepOutSince } from '../roll/keep-out.ts'
import { illIn } from '../roll/look-after.ts'
import type { Stop } from '../run/context.ts'
import { correctRecords } from '../run/correct-records.ts'
import { type Concluded, conclude } from '../run/drive.ts'
import { brokeOff } from '../run/execute.ts'
import { openSession, type Session } from '../run/session.ts'
import { findRecord } from '../run/statement.ts'
import { alarmedWait, haltedWait } from '../signal/signals-now.ts'

/** A deed of the watch, or a finding that it may not correct. */
export interface Deed {
  readonly duty: Duty
  /** Null where it had nothing to do with a deployment. */
  readonly concluded: Concluded | null
}

/** An environment after the watch. */
export interface Watched {
  readonly environment: string
  readonly app: string
  /** Null where it could not be read. */
  readonly ledger: Ledger | null
  /** True if a run works on it. */
  readonly live: boolean
  readonly deeds: readonly Deed[]
  /** The duty that needs commands of a release, which must be checked out for that. */
  readonly due: {
    readonly duty: Duty
    readonly release: { readonly tag: string; readonly sha: string }
  } | null
  /** Other corrections, in words: records that did not match the ledger, instances that were back in traffic. */
  readonly corrected: readonly string[]
  /** The problem that ended the watch of it early. */
  readonly problem: ProblemWords | null
}

export interface Watchman {
  readonly doer: Doer
  readonly stop: Stop
  /** True if the release's commands may run here; otherwise their duties are only named. */
  readonly mayRun: boolean
  /** Called before an environment is locked. */
  beforeLock(app: string, environment: string): void
  /** Reads the recipe that a release has in an environment. */
  recipe(release: ReleaseId, environment: string): Promise<Recipe>
}

/**
 * Cleans up after runs that died, and ends expired waits. The watch writes each deed on the newest commit of
 * the ledger before it acts, so that of several watches only one does it.
 */
export async function watchOver(
  ports: Ports,
  app: string,
  { name, url, notify = [] }: Pick<EnvironmentPolicy, 'name' | 'url' | 'notify'>,
  watchman: Watchman,
): Promise<Watched> {
  const deeds: Deed[] = []
  const nothing = { environment: name, app, deeds, live: false, due: null, corrected: [], problem: null }
  let ledger: Ledger | null = null
  try {
    for (;;) {
      const kept = await ports.ledgers.read(app, name)
      ledger = kept.ledger
      const live = await isBusy(ports, ledger, watchman.doer)
      const duty =
        dutyOf(ledger, live, ports.clock.now()) ?? (live ? null : await earlyDuty(ports, kept, watchman))
      const release = duty === null ? null : commandsOf(duty)
      if (duty !== null && release !== null && !watchman.mayRun)
        return { ...nothing, ledger, due: { duty, release } }
      if (duty === null || deeds.length === most || watchman.stop.asked.aborted) {
        const corrected = await correctRecords(ports, ledger, url, watchman.doer)
        const watched = { ...nothing, ledger, live, corrected }
        if (watchman.stop.asked.aborted) return watched
        if (!live) corrected.push(...(await takeBlocks(ports, app, name, watchman.doer)))
        return await tellToo(ports, notify, await standGuard(ports, kept, watched, watchman), watchman)
      }
      if (release !== null && 'underway' in duty) refuseWithoutVariables(ports, duty.underway.plan)
      const concluded = await perform(ports, kept, duty, watchman)
      deeds.push({ duty, concluded })
      // The ledger may know less than was done: the next watch looks again.
      const problem = concluded === null ? null : brokeOff(concluded.ending)
      if (problem !== null) return { ...nothing, ledger, problem: problem.words }
    }
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    return { ...nothing, ledger, problem: thrown.words }
  }
}

/** Sends what was not sent, in the job that has the secrets of the environment. */
async function tellToo(
  ports: Ports,
  rules: readonly NoticeRule[],
  watched: Watched,
  { doer, stop, mayRun }: Watchman,
): Promise<Watched> {
  const { ledger, live } = watched
  const duty = ledger === null ? null : tellDuty(ledger, live)
  if (ledger === null || duty === null || watched.due !== null || watched.problem !== null) return watched
  const release = commandsOf(duty)
  if (!mayRun) return release === null ? watched : { ...watched, due: { duty, release } }
  const words = await tellAgain({ ports, rules, doer, stop }, ledger)
  return { ...watched, corrected: [...watched.corrected, ...words] }
}

/** A look at the traffic of instances that should stay out of it needs the job that has the release checked out. */
async function standGuard(ports: Ports, kept: Kept, watched: Watched, watchman: Watchman): Promise<Watched> {
  const duty = guardDuty(kept.ledger, watched.live)
  const release = duty === null ? null : commandsOf(duty)
  if (duty === null || release === null) return watched
  if (!watchman.mayRun) return { ...watched, due: { duty, release } }
  try {
    const { words, problem } = await guard(ports, kept, duty, watchman)
    return { ...watched, corrected: [...watched.corrected, ...words], problem }
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    return { ...watched, problem: thrown.words }
  }
}

const onGuard: Guarded = { words: [], problem: null }

async function guard(ports: Ports, kept: Kept, duty: Duty, watchman: Watchman): Promise<Guarded> {
  // It was looked at before: nothing was found, or its duty would have been done.
  if (duty.kind === 'look-after') return onGuard
  if (duty.kind === 'keep-out') return keepOutOfTraffic(ports, kept, duty.underway, watchman)
  return guardSince(ports, kept, watchman)
}

async function guardSince(ports: Ports, kept: Kept, { recipe, stop }: Watchman): Promise<Guarded> {
  const { app, environment, serving } = kept.ledger
  if (serving === null) return onGuard
  const written = await recipe(serving.release, environment)
  const there = recipeOn(written, moveOverOf(written), servingSide(kept.ledger))
  const since = { place: { app, environment }, serving, recipe: there }
  return keepOutSince(ports, kept, since, stop)
}

/** The longest chain of duties: one may lead to another, but not for ever. */
const most = 5

/** Returns the duty to end a wait before its time: a signal is open, or an instance is not well. */
async function earlyDuty(ports: Ports, kept: Kept, watchman: Watchman): Promise<Duty | null> {
  const halted =
    (await haltedWait(ports, kept.ledger)) ??
    (watchman.mayRun ? await alarmedWait(ports, kept, watchman.stop) : null)
  if (halted !== null) return { kind: 'halt', ...halted }
  const { deployment: underway } = kept.ledger
  if (underway === null || !watchman.mayRun || !isWatched(underway)) return null
  const ill = await illIn(ports, kept, underway, watchman.stop)
  return ill.length > 0 ? { kind: 'unwell', underway, ill } : null
}

async function perform(ports: Ports, kept: Kept, duty: Duty, watchman: Watchman): Promise<Concluded | null> {
  const { doer, stop, beforeLock } = watchman
  switch (duty.kind) {
    case 'keep-out':
    case 'keep-out-since':
    case 'look-after':
    case 'tell':
      throw new Error('a guard is stood, and notices are sent, when nothing else is to be done')
    case 'give-back':
      await giveBack(ports, kept, duty.lease, doer, stop)
      return null
    case 'close': {
      beforeLock(kept.ledger.app, kept.ledger.environment)
      const session = await takeOver(ports, kept, doer)
      return conclude({ ports, plan: duty.underway.plan, session, stop }, doer.run)
    }
    case 'halt':
    case 'unwell': {
      beforeLock(kept.ledger.app, kept.ledger.environment)
      const session = await goOn(ports, kept, duty.underway, doer)
      const { pause } = session.standing
      if (pause !== null) session.note({ kind: 'lapsed', pause: pause.id })
      // The step looks and reads the signals once more, with those that take a command.
      return conclude({ ports, plan: duty.underway.plan, session, stop }, doer.run)
    }
    case 'lapse': {
      beforeLock(kept.ledger.app, kept.ledger.environment)
      const { pause, underway } = duty
      const decided = lapse(pause)
      const answer = decided.kind === 'decided' ? { pause, decided } : undefined
      const session = await goOn(ports, kept, underway, doer, answer)
      return conclude({ ports, plan: underway.plan, session, stop }, doer.run)
    }
    default:
      return unreachable(duty)
  }
}

/** Holds the environment before it corrects anything, so that another watch or deployment sees the lock. */
async function takeOver(ports: Ports, kept: Kept, doer: Doer): Promise<Session> {
  const session = openSession(kept, ports)
  session.note({ kind: 'interrupted', cause: 'lost' })
  session.note({ kind: 'resumed', ...doer })
  await session.save()
  await findRecord(ports, session)
  session.note({ kind: 'interrupted', cause: 'lost' })
  return session
}
