import type { StepOf } from '../step.ts'
import type { Traits } from '../step-traits.ts'
import { userCommand } from './row.ts'
import { cannot } from './undo.ts'

/** The traits of the user's own commands: hooks and tasks. */

export const configureBroker: Traits<StepOf<'configure-broker'>> = {
  ...userCommand,
  what: () => 'set vhosts, users and permissions of the broker',
  impact: true,
  undo: cannot('the broker keeps its new settings'),
  onFailure: 'ask',
}

export const preDeploy: Traits<StepOf<'pre-deploy'>> = {
  ...userCommand,
  what: () => 'run the hook of the serving release',
  impact: true,
  files: 'serving',
  neededWhere: 'serving',
  onFailure: 'ask',
}

export const preConfigure: Traits<StepOf<'pre-configure'>> = {
  ...userCommand,
  what: () => 'run the hook before the migration',
  impact: false,
  onFailure: 'take-back',
}

export const task: Traits<StepOf<'task'>> = {
  ...userCommand,
  what: () => 'run the task of the release that serves',
  impact: true,
  undo: cannot('what the task did stays done'),
  onFailure: 'ask',
}

export const hook: Traits<StepOf<'hook'>> = {
  ...userCommand,
  what: ({ when, beside }) => `run the hook ${when} ${beside}`,
  impact: true,
  onFailure: 'ask',
}

export const postConfigure: Traits<StepOf<'post-configure'>> = {
  ...userCommand,
  what: () => 'run the hook after the rollout',
  impact: false,
  onFailure: 'note',
}

export const postDeploy: Traits<StepOf<'post-deploy'>> = {
  ...userCommand,
  what: () => 'run the last hook',
  impact: false,
  onFailure: 'note',
}
