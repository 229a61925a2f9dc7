import type { Wanted } from '../../domain/plan/undertaking.ts'
import type { Override } from '../../domain/release/override.ts'
import type { Request } from '../../pipeline/plan/request.ts'
import type { Hands } from './wire.ts'

/** The commands that a plan is made for. */
export type DeploymentCommand = 'deploy' | 'rollback' | 'restart' | 'task'

/** Returns the request of the caller: the same inputs make the plan, and later the deployment. */
export const requestOf = ({ inputs, app, runner }: Hands, command: DeploymentCommand): Request => ({
  undertaking: undertakingOf({ inputs, runner }, command),
  app,
  environment: inputs.environment,
  tag: inputs.release,
  confirm: inputs.confirm,
  configPath: inputs.config,
  override: inputs.override === '' ? null : { by: runner.actor, reason: inputs.override },
})

type Given = Pick<Hands, 'inputs' | 'runner'>

function undertakingOf({ inputs, runner }: Given, command: DeploymentCommand): Wanted {
  switch (command) {
    case 'deploy':
      return partOf({ inputs, runner })
    case 'rollback':
      return { mode: 'rollback', acknowledgeDataLoss: inputs.acknowledged.dataLoss }
    case 'restart':
      return { mode: 'restart', services: inputs.services }
    case 'task':
      return { mode: 'task', task: inputs.task }
  }
}

function partOf({ inputs, runner }: Given): Wanted {
  const { only, redeploy, reset, changeBase, acknowledged, schedule } = inputs
  switch (only) {
    case 'scheduler':
      return { mode: 'scheduler-run' }
    case 'build':
      return { mode: 'build' }
    case 'all':
      return {
        ...{ mode: 'deploy', redeploy, reset, changeBase, schedule },
        acknowledgeOlder: acknowledged.older,
        without: {
          verified: overrideOf(inputs.overrideVerified, runner.by),
          rehearsed: overrideOf(inputs.overrideRehearsed, runner.by),
        },
      }
  }
}

/**
 * The override has the actor who started the run: a re-run by another actor gave no inputs, and must find the
 * same plan.
 */
const overrideOf = (reason: string, [by = '']: readonly string[]): Override | null =>
  reason === '' ? null : { by, reason }
