import { decide } from '../pipeline/decide.ts'
import { recall } from '../pipeline/survey.ts'
import { rememberHold } from './held.ts'
import { leaveWith } from './leave.ts'
import type { Hands } from './wire.ts'

export async function decideDoor(hands: Hands): Promise<void> {
  const { inputs, runner, ports, config, doer, stop, app } = hands
  const { environment, pause, decision, instances, reason, override } = inputs
  const kept = await recall(ports, config, { environment, app, configPath: inputs.config })
  rememberHold(kept.ledger.app, environment)
  const answer = { environment, pause, decision, instances, reason, override, by: runner.actor }
  await leaveWith(hands, await decide(ports, kept, answer, doer, stop, config))
}
