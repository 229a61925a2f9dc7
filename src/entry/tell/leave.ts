import type { Concluded } from '../../pipeline/run/drive.ts'
import { brokeOff } from '../../pipeline/run/execute.ts'
import { forgetHold, rememberBreak, rememberUnsaid } from '../run/held.ts'
import type { Hands } from '../run/wire.ts'
import { callByIssue } from './issue.ts'
import { tellEnding } from './tell.ts'

/** The end of a main step: what is still open stays remembered for the step that closes up. */
export async function leaveWith(hands: Hands, { session, ending, unsaid }: Concluded): Promise<void> {
  if (ending.kind !== 'interrupted') forgetHold()
  rememberUnsaid(unsaid)
  if (brokeOff(ending) !== null) rememberBreak()
  tellEnding(hands, session, ending)
  if (brokeOff(ending) === null) await callByIssue(hands, session.ledger, session.deployment)
}
