import { type Answering, decide } from '../../pipeline/act/decide.ts'
import { recall } from '../../pipeline/plan/survey.ts'
import { rememberLock } from '../run/remembered.ts'
import type { Hands } from '../run/wire.ts'
import { leaveWith } from '../tell/leave.ts'

export async function decideDoor(hands: Hands): Promise<void> {
  const { inputs, ports, config, doer, stop, app } = hands
  const { environment } = inputs
  const kept = await recall(ports, config, { environment, app, configPath: inputs.config })
  rememberLock(kept.ledger.app, environment)
  await leaveWith(hands, await decide(ports, kept, answerOf(hands), doer, stop, config))
}

/** The answer that the form gives, by the person who acts now. */
export function answerOf({ inputs, runner }: Hands): Answering {
  const { environment, pause, decision, instances, reason, override } = inputs
  return { environment, pause, decision, instances, reason, override, by: runner.actor }
}
