import { isEngineScheduler, isWaitedFor } from '../../config/recipe.ts'
import type { StepOf } from '../step.ts'
import type { Traits } from '../step-traits.ts'
import { always, plain } from './row.ts'
import { by, nothingToUndo, towardsBefore } from './undo.ts'

/** The traits of the steps that keep jobs or visitors away, and let them come again. */

export const suspendScheduler: Traits<StepOf<'suspend-scheduler'>> = {
  ...plain,
  what: ({ scheduler }) =>
    isWaitedFor(scheduler) ? 'let no new job start, and wait until none runs' : 'let no new job start',
  impact: true,
  repeatable: always,
  // If its run is lost, the next run must know of the lease to give back.
  save: 'before',
  undo: () => by('resuming the scheduler'),
  onFailure: 'take-back',
  whenStopped: 'take-back',
  brackets: [
    {
      part: 'opens',
      lease: 'scheduler',
      terms: ({ scheduler }) => ({
        lasts: scheduler.lease,
        giveBack: isEngineScheduler(scheduler) ? { ...scheduler.cronJobs, active: [] } : scheduler.resume,
      }),
    },
  ],
}

export const deployScheduler: Traits<StepOf<'deploy-scheduler'>> = {
  ...plain,
  what: () => 'deploy the new scheduler, still paused',
  impact: true,
  repeatable: always,
  save: 'none',
  undo: (_, plan) => towardsBefore(plan, 'bringing the previous scheduler back'),
  onFailure: 'take-back',
  whenStopped: 'take-back',
  brackets: [{ part: 'needs', lease: 'scheduler', who: 'the new scheduler', pins: false }],
}

export const resumeScheduler: Traits<StepOf<'resume-scheduler'>> = {
  ...plain,
  what: () => 'let the scheduler start jobs again',
  impact: true,
  repeatable: always,
  save: 'none',
  undo: nothingToUndo,
  onFailure: 'ask',
  whenStopped: 'keep-all',
  brackets: [{ part: 'closes', lease: 'scheduler' }],
}

export const openMaintenance: Traits<StepOf<'open-maintenance'>> = {
  ...plain,
  what: () => 'show visitors the maintenance page',
  impact: true,
  repeatable: always,
  // If its run is lost, the next run must know of the page to take off.
  save: 'before',
  undo: () => by('taking the maintenance page off'),
  neededWhere: 'maintained',
  onFailure: 'take-back',
  whenStopped: 'take-back',
  brackets: [
    {
      part: 'opens',
      lease: 'maintenance',
      terms: ({ maintenance: { lease, close } }) => ({ lasts: lease, giveBack: close }),
    },
  ],
}

export const closeMaintenance: Traits<StepOf<'close-maintenance'>> = {
  ...plain,
  what: () => 'take the maintenance page off',
  impact: true,
  repeatable: always,
  save: 'none',
  // In a way back both releases serve for a while as well.
  undo: ({ apart }) =>
    apart ? by('showing the maintenance page again until the services are back') : nothingToUndo(),
  neededWhere: 'maintained',
  onFailure: 'ask',
  whenStopped: 'keep-all',
  brackets: [{ part: 'closes', lease: 'maintenance' }],
}
