import type { Override } from '../../domain/release/override.ts'
import type { Request } from '../../pipeline/plan/request.ts'
import type { Hands } from './wire.ts'

/** The commands that a plan is made for. */
export type DeploymentCommand = 'deploy' | 'rollback' | 'restart' | 'task'

/** Returns the request of the caller: the same inputs make the plan, and later the deployment. */
export const requestOf = ({ inputs, app, runner }: Hands, command: DeploymentCommand): Request => ({
  wanted: command === 'deploy' ? parts[inputs.only] : command,
  app,
  environment: inputs.environment,
  tag: inputs.release,
  services: inputs.services,
  task: inputs.task,
  changeBase: inputs.changeBase,
  reset: inputs.reset,
  confirm: inputs.confirm,
  configPath: inputs.config,
  redeploy: inputs.redeploy,
  acknowledged: inputs.acknowledged,
  override: inputs.override === '' ? null : { by: runner.actor, reason: inputs.override },
  overrideVerified: overrideOf(inputs.overrideVerified, runner.by),
  overrideRehearsed: overrideOf(inputs.overrideRehearsed, runner.by),
})

/**
 * The override has the actor who started the run: a re-run by another actor gave no inputs, and must find the
 * same plan.
 */
const overrideOf = (reason: string, [by = '']: readonly string[]): Override | null =>
  reason === '' ? null : { by, reason }

/** The mode of `deploy` for each value of `only`. */
const parts = { all: 'deploy', scheduler: 'scheduler-run', build: 'build' } as const
