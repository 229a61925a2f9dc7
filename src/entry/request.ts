import type { Request } from '../pipeline/survey.ts'
import type { Hands } from './wire.ts'

/** What the caller asks for: the same words make the plan, and later the deployment. */
export const requestOf = ({ inputs, app, runner }: Hands, wanted: Request['wanted']): Request => ({
  wanted,
  app,
  environment: inputs.environment,
  tag: inputs.release,
  configPath: inputs.config,
  redeploy: inputs.redeploy,
  acknowledged: inputs.acknowledged,
  override: inputs.override === '' ? null : { by: runner.actor, reason: inputs.override },
})
