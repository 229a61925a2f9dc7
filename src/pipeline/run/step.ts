import type { Command } from '../../domain/config/command.ts'
import { buildRetry } from '../../domain/config/commands/retry.ts'
import {
  hasTwoPhases,
  isEngineScheduler,
  isWaitedFor,
  type SchedulerRecipe,
} from '../../domain/config/recipe.ts'
import { backInCode, type Direction, onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { SingleStep, StepOf } from '../../domain/step/step.ts'
import { suspendStep } from '../../domain/step/steps-in.ts'
import { repeatable } from '../../domain/step/traits.ts'
import { backUp } from '../backup/back-up.ts'
import { discardFailedHome } from '../detour/failed-home.ts'
import { inspect, inspectBack } from '../detour/inspect.ts'
import { moveBack, moveOver } from '../detour/move-over.ts'
import { copyOver, takeCopyBack } from '../detour/own/steps.ts'
import { closeDetour, joinDetour, openDetour, restoreDatabase, undoOpening } from '../detour/steps.ts'
import { handBack, handOver } from '../engine/hand-over.ts'
import { jobFor } from '../engine/job-for.ts'
import { checkReviewers, namedApproval } from '../lock/approvals.ts'
import type { Variables } from '../ports.ts'
import { prepareService } from '../prepare/service.ts'
import { resumeCronJobs } from '../scheduler/cron-jobs.ts'
import { suspend } from '../scheduler/suspend.ts'
import { type Context, variables } from './context.ts'
import { bakeEnvironment } from './environment-bake.ts'
import { failureFrom, failureOf } from './failure.ts'
import { place, placeInPlanned, warnOfMissingFiles } from './files.ts'

import { closeInPlanned, closeMaintenance, openInPlanned, openMaintenance } from './maintenance.ts'

import { freezeOutputs, warnOfNamesInTwo, withOutputs } from './outputs.ts'

import { checkSource } from './source.ts'
import type { StepEnd, UndoEnd } from './step-end.ts'
import { verify } from './verify.ts'
import { failureWhere, type Order, type RanCommand, runWhere } from './where.ts'

/** Does one step. Whatever goes wrong in it is its end, never an exception. */
export async function run(context: Context, step: SingleStep): Promise<StepEnd> {
  try {
    return await workOf(step).run(context, step)
  } catch (thrown) {
    return { kind: 'failed', failure: failureFrom(thrown) }
  }
}

/** Undoes one step. Null means done; a question is answered first. */
export const undo = (context: Context, step: SingleStep): Promise<UndoEnd> => workOf(step).undo(context, step)

/** The scheduler may have been resumed since: its jobs must end before another release's take their place. */
const bringSchedulerBack = (context: Context, step: StepOf<'deploy-scheduler'>): Promise<Failure | null> =>
  takeBackDrained(context, step, step.command, 'bringing the previous scheduler back')

/** No job may work on the schema that is taken away, and every instance has left it by then. */
async function rollMigrationBack(context: Context, step: StepOf<'migrate'>): Promise<Failure | null> {
  return hasTwoPhases(step)
    ? takeBackDrained(context, step, step.rollback, 'rolling the migration back')
    : noUndo(context, step)
}

async function takeBackDrained(
  context: Context,
  step: SingleStep,
  wayBack: Command,
  doing: string,
): Promise<Failure | null> {
  const suspending = suspendStep(context.plan.steps)
  const running = suspending === null ? null : await suspend(context, suspending.id, suspending.scheduler)
  if (running !== null) return running
  // The wait may have been long enough for another run to take over.
  await context.session.stillLocked()
  return takeBack(context, step, wayBack, doing)
}

async function takeBack(
  context: Context,
  step: SingleStep,
  wayBack: Command,
  doing: string,
): Promise<Failure | null> {
  const placed = await placeInPlanned(context, step, wayBack)
  if ('code' in placed) return placed
  const job = jobFor(context, step, backInCode)
  return failureWhere(doing, await command(context, placed.command, backInCode, placed.seen, { job }))
}

/** The work of one kind of step, and its undo. */
interface Work<S extends SingleStep = SingleStep> {
  run(context: Context, step: S): Promise<StepEnd>
  undo(context: Context, step: S): Promise<UndoEnd>
}

const workOf = (step: SingleStep): Work => work[step.kind]

async function noUndo(_: Context, { kind }: SingleStep): Promise<never> {
  throw new Error(`${kind} has no way back`)
}

const aCommand: Work<Extract<SingleStep, { command: Command }>> = { run: runCommand, undo: noUndo }

const work: { readonly [Kind in SingleStep['kind']]: Work<StepOf<Kind>> } = {
  source: { run: source, undo: noUndo },
  approve: { run: (context, { rule }) => approved(context, rule), undo: noUndo },
  build: { run: build, undo: noUndo },
  prepare: { run: prepareService, undo: noUndo },
  'configure-broker': aCommand,
  'pre-deploy': aCommand,
  'suspend-scheduler': {
    run: async (context, { id, scheduler }) => suspended(scheduler, await suspend(context, id, scheduler)),
    undo: (context, step) =>
      isEngineScheduler(step.scheduler)
        ? resumeCronJobs(context)
        : takeBack(context, step, step.scheduler.resume, 'resuming the scheduler'),
  },
  'pre-configure': aCommand,
  'open-maintenance': {
    run: async (context, step) => ended(await openMaintenance(context, step, runningIn(context, onward))),
    undo: (context, step) => closeInPlanned(context, step, runningIn(context, backInCode)),
  },
  'close-maintenance': {
    run: async (context, step) => ended(await closeMaintenance(context, step, runningIn(context, onward))),
    undo: (context, step) => openInPlanned(context, step, runningIn(context, backInCode)),
  },
  'open-detour': { run: openDetour, undo: undoOpening },
  'join-detour': { run: joinDetour, undo: undoOpening },
  inspect: { run: inspect, undo: inspectBack },
  'copy-over': { run: copyOver, undo: takeCopyBack },
  'move-over': { run: moveOver, undo: moveBack },
  'close-detour': { run: closeDetour, undo: restoreDatabase },
  'discard-failed-home': { run: discardFailedHome, undo: noUndo },
  'deploy-scheduler': { run: runCommand, undo: bringSchedulerBack },
  backup: {
    run: (context, step) => backUp(context, step, (answer) => inItsFiles(context, step, { answer })),
    undo: noUndo,
  },
  restore: {
    run: async (context, step) => ranAs(step, await inItsFiles(context, step, {}, restoring(step))),
    undo: noUndo,
  },
  migrate: { run: runCommand, undo: rollMigrationBack },
  'roll-back-migration': aCommand,
  'complete-migration': aCommand,
  'hand-over': { run: handOver, undo: handBack },
  reset: aCommand,
  'check-compatibility': { run: checkCompatibility, undo: noUndo },
  'resume-scheduler': {
    run: async (context, step) =>
      'command' in step ? runCommand(context, step) : ended(await resumeCronJobs(context)),
    undo: noUndo,
  },
  'record-version': { run: recorded, undo: noUndo },
  task: aCommand,
  bake: { run: bakeEnvironment, undo: noUndo },
  verify: {
    run: (context, step) => verify(context, step, (smokeTest) => command(context, smokeTest, onward)),
    undo: noUndo,
  },
  hook: aCommand,
  'post-configure': aCommand,
  'post-deploy': aCommand,
}

const runningIn =
  (context: Context, direction: Direction) =>
  (recipe: Command, more: Variables): Promise<RanCommand> =>
    command(context, recipe, direction, more)

async function recorded({ plan }: Context): Promise<StepEnd> {
  return { kind: 'succeeded', note: `${plan.environment.name} serves ${plan.release.tag}` }
}

async function source(context: Context): Promise<StepEnd> {
  const end = await checkSource(context)
  await warnOfMissingFiles(context)
  return end
}

/** Runs a step's command in the files of the release that defines it. */
async function inItsFiles(
  context: Context,
  step: Extract<SingleStep, { command: Command }>,
  listening: Pick<Order, 'answer'> = {},
  more: Variables = {},
): Promise<RanCommand | Failure> {
  const placed = await place(context, step, step.command)
  if ('code' in placed) return placed
  const progress = { ...progressOf(context, step), ...listening, job: jobFor(context, step, onward) }
  return command(context, placed.command, onward, { ...placed.seen, ...more }, progress)
}

const restoring = ({ backup }: StepOf<'restore'>): Variables => ({
  ROLLGATE_BACKUP: backup.name,
  ROLLGATE_BACKUP_POSITION: backup.position ?? '',
})

/** Keeps on which instances a command that must not run twice has ended well: a retry leaves these out. */
function progressOf({ session }: Context, step: SingleStep): Pick<Order, 'done' | 'ranOn'> {
  if (repeatable(step)) return {}
  return {
    done: session.standing.steps.get(step.id)?.ranOn ?? [],
    ranOn(instance) {
      session.note({ kind: 'command-ran', step: step.id, instance })
      session.saveInPassing()
    },
  }
}

async function runCommand(
  context: Context,
  step: Extract<SingleStep, { command: Command }>,
): Promise<StepEnd> {
  return ranAs(step, await inItsFiles(context, step))
}

const ranAs = ({ id }: SingleStep, ran: RanCommand | Failure): StepEnd =>
  ended('code' in ran ? ran : failureWhere(id, ran))

/** An exit code alone is an answer of the checks. */
async function checkCompatibility(context: Context, step: StepOf<'check-compatibility'>): Promise<StepEnd> {
  const { plan } = context
  const ran = await inItsFiles(context, step)
  if ('code' in ran) return ended(ran)
  const failure = failureWhere(step.id, ran)
  const [older, newer] = [plan.from?.tag ?? '', plan.release.tag]
  if (failure === null)
    return { kind: 'succeeded', note: `the checks of ${older} pass on the schema of ${newer}` }
  if (ran.finished.kind !== 'exited') return ended(failure)
  const what = `The checks of ${older} fail on the schema of ${newer}: ${failure.what}`
  return ended({ ...failure, code: 'not-compatible', what })
}

/** The gate was passed before this deployment was locked; a run without the approvers' names reads them itself. */
async function approved(
  { ports, plan, session, approval }: Context,
  rule: StepOf<'approve'>['rule'],
): Promise<StepEnd> {
  if (approval !== undefined) return { kind: 'succeeded', note: approval }
  if (rule.kind === 'named') return { kind: 'succeeded', note: namedApproval(session.journal) }
  const { holder } = session.deployment
  if (holder === null) throw new Error('approvals are checked by the run that holds the deployment')
  return {
    kind: 'succeeded',
    note: await checkReviewers(ports.repository, plan.environment.name, rule, holder),
  }
}

async function build(context: Context, step: StepOf<'build'>): Promise<StepEnd> {
  return withOutputs(context.ports, async ({ path, read }) => {
    const end = await built(context, step, { ROLLGATE_OUTPUT: path })
    if (end.kind === 'failed') return end
    const failure = await freezeOutputs(context, await read())
    if (failure !== null) return ended(failure)
    warnOfNamesInTwo(context)
    return end
  })
}

async function built(context: Context, step: StepOf<'build'>, more: Variables): Promise<StepEnd> {
  if (step.unless !== null) {
    const { finished: found } = await command(context, step.unless, onward, more)
    if (found.kind === 'exited' && found.code === 0)
      return { kind: 'skipped', note: 'the artifact exists already' }
    if (found.kind !== 'exited') return ended(failureOf('build.unless', found))
  }
  return ended(
    failureWhere(step.id, await command(context, { retry: buildRetry, ...step.command }, onward, more)),
  )
}

/** The log shows the command: a hook may belong to another release than the deployed one. */
async function command(
  context: Context,
  recipe: Command,
  direction: Direction,
  more: Variables = {},
  progress: Pick<Order, 'done' | 'ranOn' | 'answer' | 'job'> = {},
): Promise<RanCommand> {
  const seen = { ...(await variables(context, direction)), ...more }
  return runWhere(context, { command: recipe, seen, shown: true, ...progress })
}

/** Names the missing drain: without it a suspension does less than its name promises. */
const suspended = (scheduler: SchedulerRecipe, failure: Failure | null): StepEnd =>
  failure === null && !isWaitedFor(scheduler)
    ? { kind: 'succeeded', note: 'suspended; running jobs were not waited for: no `running`' }
    : ended(failure)

const ended = (failure: Failure | null): StepEnd =>
  failure === null ? { kind: 'succeeded' } : { kind: 'failed', failure }
