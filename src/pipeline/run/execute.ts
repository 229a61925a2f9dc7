import { stateOf } from '../../domain/journal/deployment-standing.ts'
import type { Happening } from '../../domain/journal/journal.ts'
import type { Move } from '../../domain/journal/move.ts'
import { choose } from '../../domain/journal/next.ts'
import type { Outcome } from '../../domain/journal/outcome.ts'
import { deedOf } from '../../domain/plan/modes.ts'
import { Problem } from '../../domain/problem.ts'
import { waitForBake, waitForEnvironment } from '../../domain/question/asking.ts'
import { hasExpired, lapse, withDeadline } from '../../domain/question/deadline.ts'
import { type Failure, unreachable } from '../../domain/question/decision.ts'
import type { Pause } from '../../domain/question/pause.ts'
import { describeStart } from '../../domain/schedule/schedule-words.ts'
import { heldStep } from '../../domain/signal/held.ts'
import { slowWarning } from '../../domain/step/slow.ts'
import type { SingleStep, Step } from '../../domain/step/step.ts'
import { approveStep } from '../../domain/step/steps-in.ts'
import { isReopened, repeatable, traitsOf } from '../../domain/step/traits.ts'
import { seeVisitorsElsewhere } from '../detour/visitors.ts'
import { closeLeftTestBeds } from '../engine/test-bed.ts'
import { refuseUnlisted } from '../plan/inventory.ts'
import { freezeFiles } from '../pull/freeze-files.ts'
import { prepareNext, reachEarly, reachFirst } from '../roll/ahead.ts'
import { keepFailedOut } from '../roll/back-in-traffic.ts'
import { pauseBetween } from '../roll/pause-between.ts'
import { changeBatch, look, lookAgain } from '../roll/roll.ts'
import { settleSlots } from '../roll/settle-slots.ts'
import { refuseUnseenSlots } from '../roll/slots-seen.ts'
import { heed } from '../signal/heed.ts'
import { bake } from './bake.ts'
import type { Context, Stop } from './context.ts'
import { say } from './statement.ts'
import { run, undo } from './step.ts'
import type { StepEnd } from './step-end.ts'

/** The end of a run's work on a deployment; the deployment itself may continue under another run. */
export type RunEnding =
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  | { readonly kind: 'waiting'; readonly pause: Pause }
  /** `problem`: the cause, if the run was not cancelled. The ledger may lag behind the real work. */
  | { readonly kind: 'interrupted'; readonly problem: Problem | null }

/** Returns the problem on which work on a deployment broke off; null if it came to its end, or was cancelled. */
export const brokeOff = (ending: RunEnding): Problem | null =>
  ending.kind === 'interrupted' ? ending.problem : null

/** Executes a deployment until it has ended, waits for a person, or this run cannot continue it. */
export async function execute(context: Context): Promise<RunEnding> {
  try {
    return await goOn(context)
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    const { session } = context
    if (session.standing.outcome === null) session.note({ kind: 'interrupted', cause: 'broke-off' })
    return { kind: 'interrupted', problem: failure }
  }
}

/** Chooses the next move, makes it, notes it, and repeats. */
async function goOn(context: Context): Promise<RunEnding> {
  const { plan, session, stop } = context
  void reachEarly(context)
  for (;;) {
    const move = choose(plan, session.standing)
    if (stop.asked.aborted && !settles(move, stop)) return interrupt(context)
    const ending = await obey(context, move)
    if (ending !== null) return ending
  }
}

/**
 * Returns true if a run that must start nothing new still makes this move. A step that was cut short gives no
 * reason for a question.
 */
const settles = ({ kind }: Move, { forced }: Stop): boolean =>
  kind === 'end' || kind === 'leave' || kind === 'give-up' || (kind === 'pause' && !forced.aborted)

/** The post step corrects what can be corrected; there is no time for it here. */
async function interrupt({ session }: Context): Promise<RunEnding> {
  session.note({ kind: 'interrupted', cause: 'cancelled' })
  await session.save()
  return { kind: 'interrupted', problem: null }
}

async function obey(context: Context, move: Move): Promise<RunEnding | null> {
  const { session, plan } = context
  const held = heldStep(plan, move)
  switch (move.kind) {
    case 'run':
      if (held !== null && (await heed(context, held))) return null
      return runStep(context, move.step)
    case 'observe':
      if (move.step.unvisited) await seeVisitorsElsewhere(context)
      await beginRoll(context, move)
      return null
    case 'roll':
      if (await pauseBetween(context, move)) return null
      // An instance may have gone down by itself: then the batch is chosen again.
      if (await keepFailedOut(context, move.step, move.direction)) return null
      if (await lookAgain(context, move.step, move.direction)) return null
      if (held === null) await session.stillLocked()
      else if (await heed(context, held)) return null
      if (move.step.unvisited) await seeVisitorsElsewhere(context)
      await changeBatch(context, move.step, move.instances, move.direction)
      return null
    case 'bake':
      if (held !== null && (await heed(context, held))) return null
      return (await bake(context, move)) === 'too-long' ? waitFor(context, waiting(context, move)) : null
    case 'finish':
      if (await keepFailedOut(context, move.step, move.direction)) return null
      session.note({
        kind: move.direction.to === 'new' ? 'step-succeeded' : 'undo-succeeded',
        step: move.step.id,
      })
      return null
    case 'undo':
      return undoStep(context, move.step)
    case 'turn-back':
      session.note({ ...move, kind: 'turned-back' })
      return null
    case 'give-up':
      session.note({ kind: 'step-failed', step: move.step.id, failure: move.failure })
      return null
    case 'pause':
      return waitFor(context, move)
    case 'leave':
      session.note({ kind: 'left' })
      await session.save()
      return { kind: 'interrupted', problem: null }
    case 'end':
      if (move.outcome.kind === 'abandoned') await settleSlots(context)
      await closeLeftTestBeds(context)
      session.note({ kind: 'ended', outcome: move.outcome })
      await session.save()
      return { kind: 'ended', outcome: move.outcome }
    default:
      return unreachable(move)
  }
}

async function runStep(context: Context, step: SingleStep): Promise<RunEnding | null> {
  const { session } = context
  const { impact, save } = traitsOf(step)
  if (impact || !repeatable(step)) await openRecord(context)
  session.note({ kind: 'step-started', step: step.id })
  // A save is refused where another run has taken over, so it asks as well.
  if (save !== 'none') await session.save()
  else if (impact) await session.stillLocked()
  const end = await run(context, step)
  if (end.kind === 'failed' && cutShort(end.failure)) return null
  if (end.kind === 'waits') return waitFor(context, waitingFor(context, step, end.until))
  if (end.kind === 'asks') return waitFor(context, { kind: 'pause', pause: end.question, asked: false })
  session.note(happened(step, end))
  warnIfSlow(context, step)
  // Otherwise the next run would repeat the checks beside the jobs that this one resumes.
  if (save === 'before-and-after') await session.save()
  return null
}

function warnIfSlow({ ports, plan, session }: Context, step: SingleStep): void {
  const words = slowWarning(step, stateOf(session.standing, step), plan.slowAfter)
  if (words !== null) ports.voice.warning('A step is slow', words)
}

/** A step ended by force has not failed: its progress is unknown, and the journal leaves it open. */
const cutShort = ({ code }: Failure): boolean => code === 'interrupted'

function happened(step: Step, end: Exclude<StepEnd, { kind: 'waits' | 'asks' }>): Happening {
  switch (end.kind) {
    case 'succeeded':
      return { kind: 'step-succeeded', step: step.id, ...(end.note === undefined ? {} : { note: end.note }) }
    case 'skipped':
      return { kind: 'step-skipped', step: step.id, note: end.note }
    case 'failed':
      return { kind: 'step-failed', step: step.id, failure: end.failure }
  }
}

/** The first look begins the step; the desired release is saved before any instance changes. */
async function beginRoll(context: Context, move: Extract<Move, { kind: 'observe' }>): Promise<void> {
  const { session } = context
  const { step, direction } = move
  refuseUnlisted(step)
  const kind = direction.to === 'new' ? 'step-started' : 'undo-started'
  const begun = session.journal.some((event) => event.kind === kind && event.step === step.id)
  if (!begun) {
    await openRecord(context)
    session.note({ kind, step: step.id })
  }
  const known = session.journal.length
  await freezeFiles(context, step.service, direction)
  const frozen = session.journal.length > known
  const instances = await look(context, step, direction)
  session.note({ kind: 'instances-observed', step: step.id, instances })
  // Files for hosts may have to be built again first.
  if (!buildsFirst(context)) void prepareNext(context, step, direction)
  // Saves the look as well: a run that finds an instance changed later can tell that this deployment did it.
  if (!begun || frozen) await session.save()
}

const buildsFirst = ({ plan, session }: Context): boolean => {
  const move = choose(plan, session.standing)
  return move.kind === 'run' && traitsOf(move.step).files === 'made'
}

async function undoStep(context: Context, step: SingleStep): Promise<RunEnding | null> {
  const { session } = context
  session.note({ kind: 'undo-started', step: step.id })
  if (isReopened(step)) await session.save()
  else await session.stillLocked()
  const failure = await undo(context, step)
  if (failure !== null && 'question' in failure)
    return waitFor(context, { kind: 'pause', pause: failure.question, asked: false })
  if (failure === null) session.note({ kind: 'undo-succeeded', step: step.id })
  else if (!cutShort(failure)) session.note({ kind: 'undo-failed', step: step.id, failure })
  return null
}

/** Returns null if the question has expired: then no answer is awaited. */
async function waitFor({ session, ports, plan }: Context, move: Pausing): Promise<RunEnding | null> {
  const now = ports.clock.now()
  if (move.asked && hasExpired(move.pause, now)) {
    session.note(lapse(move.pause))
    await session.save()
    return null
  }
  const pause = move.asked ? move.pause : withDeadline(plan, move.pause, now)
  if (!move.asked) session.note({ kind: 'paused', pause })
  else if (session.deployment.holder !== null) session.note({ kind: 'left' })
  await session.save()
  return { kind: 'waiting', pause }
}

type Pausing = Extract<Move, { kind: 'pause' }>

const waitingFor = ({ plan, session }: Context, step: SingleStep, until: string): Pausing => ({
  kind: 'pause',
  pause: waitForEnvironment(plan, session.standing, step, until),
  asked: false,
})

const waiting = ({ plan, session }: Context, { step, over }: Extract<Move, { kind: 'bake' }>): Pausing => ({
  kind: 'pause',
  pause: waitForBake(plan, session.standing, step, over?.until ?? ''),
  asked: false,
})

/**
 * The record is opened after the approval, just before a change: GitHub counts a record that waits for days
 * as abandoned.
 */
async function openRecord(context: Context): Promise<void> {
  const { session, ports, plan } = context
  if (session.deployment.record !== null) return
  // After a long build another run may hold the lock: a record opened now would stay open for ever.
  await session.stillLocked(60_000)
  await refuseUnseenSlots(context)
  void reachFirst(context)
  const { number, holder } = session.deployment
  const run = holder?.url ?? ''
  const mayExist = session.journal.some(({ kind }) => kind === 'resumed')
  const opened = session.journal.find(({ kind }) => kind === 'opened')
  const startedAt = opened?.at ?? ''
  const record = await ports.record.open(plan, number, run, { mayExist, startedAt })
  session.note({ kind: 'record-opened', record })
  const approve = approveStep(plan.steps)
  const approved = (approve && session.standing.steps.get(approve.id)?.note) ?? null
  const scheduled = plan.schedule === null ? '' : `, ${describeStart(plan.schedule, startedAt)}`
  const description = `in progress: ${deedOf(plan)}${scheduled}${approved === null ? '' : `, ${approved}`}`
  await say(ports, record, { state: 'in_progress', description, run, url: null })
}
