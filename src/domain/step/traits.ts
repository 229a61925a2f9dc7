import { jobOf } from '../config/command-fleet.ts'
import type { Step, StepKind, StepOf } from './step.ts'
import type { Traits, Undoing } from './step-traits.ts'
import { approve, build, prepare, source } from './traits/approach.ts'
import {
  backup,
  checkCompatibility,
  completeMigration,
  migrate,
  reset,
  restore,
  rollBackMigration,
} from './traits/database.ts'
import {
  closeDetour,
  copyOver,
  discardFailedHome,
  inspect,
  joinDetour,
  moveOver,
  openDetour,
} from './traits/detour.ts'
import {
  configureBroker,
  hook,
  postConfigure,
  postDeploy,
  preConfigure,
  preDeploy,
  task,
} from './traits/hooks.ts'
import {
  closeMaintenance,
  deployScheduler,
  openMaintenance,
  resumeScheduler,
  suspendScheduler,
} from './traits/keeping.ts'
import { bake, handOver, recordVersion, rollServices, verify } from './traits/services.ts'

/** One row for each kind, in the standard order. */
const traits: { readonly [Kind in StepKind]: Traits<StepOf<Kind>> } = {
  source,
  approve,
  build,
  prepare,
  'configure-broker': configureBroker,
  'pre-deploy': preDeploy,
  'suspend-scheduler': suspendScheduler,
  'pre-configure': preConfigure,
  'deploy-scheduler': deployScheduler,
  'open-maintenance': openMaintenance,
  'close-maintenance': closeMaintenance,
  backup,
  restore,
  'open-detour': openDetour,
  'join-detour': joinDetour,
  'copy-over': copyOver,
  migrate,
  reset,
  'check-compatibility': checkCompatibility,
  'resume-scheduler': resumeScheduler,
  'roll-services': rollServices,
  'hand-over': handOver,
  inspect,
  'move-over': moveOver,
  'close-detour': closeDetour,
  'discard-failed-home': discardFailedHome,
  'roll-back-migration': rollBackMigration,
  verify,
  bake,
  'record-version': recordVersion,
  'complete-migration': completeMigration,
  task,
  hook,
  'post-configure': postConfigure,
  'post-deploy': postDeploy,
}

/** Every kind of step there is. */
export const allStepKinds = Object.keys(traits) as readonly StepKind[]

export const traitsOf = (step: Step): Traits => traits[step.kind]

/** Returns true if a resumed deployment may repeat a step that may or may not have finished. */
export const repeatable = (step: Step): boolean => traitsOf(step).repeatable(step)

/**
 * True if a step that a lost run began can be carried on: its command is a job of an engine, which is followed by its name
 * and never run twice.
 */
export const isFollowed = (step: Step): boolean =>
  'command' in step && step.command !== null && jobOf(step.command) !== null

/**
 * True if the undo of a step takes its lease once more: the scheduler that comes back must find no job running, and
 * visitors must not meet two releases.
 */
export const isReopened = (step: Step): boolean =>
  traitsOf(step).brackets.some(({ part }) => part !== 'opens')

/** True if the effect of a step stays, whatever is decided later. */
export const staysDone = (plan: Undoing, step: Step): boolean =>
  ['cannot', 'nowhere'].includes(traitsOf(step).undo(step, plan).kind)
