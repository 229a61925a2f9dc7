import { close } from '../pipeline/close.ts'
import { recallHold, recallUnsaid } from './held.ts'
import { tellClosing } from './tell.ts'
import type { Hands } from './wire.ts'

/** Closes what main left open: it was cancelled, or killed. After a run that ended by itself there is nothing. */
export async function postDoor(hands: Hands): Promise<void> {
  const ended = await hands.endLeftovers()
  if (ended.length > 0) hands.ports.voice.line(`ended ${ended.length} commands that were left running`)
  for (const { record, status } of recallUnsaid(process.env)) await hands.ports.record.say(record, status)
  const held = recallHold(process.env)
  if (held === null) return
  const closed = await close(hands.ports, held.app, held.environment, hands.doer)
  if (closed === null) return
  if (closed.ending.kind === 'interrupted' && closed.ending.problem !== null) throw closed.ending.problem
  tellClosing(hands, closed.session, closed.ending)
}
