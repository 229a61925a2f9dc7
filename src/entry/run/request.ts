import type { Wanted } from '../../domain/plan/undertaking.ts'
import type { Override } from '../../domain/release/override.ts'
import type { DeploymentInputs, UndertakingInputs } from '../../inputs/inputs.ts'
import type { Request, RequestPlace } from '../../pipeline/plan/request.ts'
import type { Hands } from './hands.ts'

/** Returns the request of the caller: the same inputs make the plan, and later the deployment. */
export function requestOf(hands: Hands, asked: DeploymentInputs): Request {
  const { environment, undertaking, release: tag, confirm, override } = asked
  const { runner } = hands
  return {
    ...placeOf(hands, environment),
    undertaking: inTheNameOf(runner.by, undertaking),
    tag,
    confirm,
    override: override === '' ? null : { by: runner.actor, reason: override },
  }
}

/** The environment, and where its config stands. */
export const placeOf = ({ inputs, app }: Hands, environment: string): RequestPlace => ({
  environment,
  app,
  configPath: inputs.config,
})

function inTheNameOf(by: readonly string[], undertaking: UndertakingInputs): Wanted {
  if (!('without' in undertaking)) return undertaking
  const { verified, rehearsed } = undertaking.without
  return {
    ...undertaking,
    without: { verified: overrideOf(verified, by), rehearsed: overrideOf(rehearsed, by) },
    overrideHalt: overrideOf(undertaking.overrideHalt, by),
  }
}

/** The person who started the run gave it: a re-run has no inputs of its own, and must find the same plan. */
const overrideOf = (reason: string, [by = '']: readonly string[]): Override | null =>
  reason === '' ? null : { by, reason }
