import type { Concluded } from '../pipeline/settle.ts'
import { forgetHold, rememberUnsaid } from './held.ts'
import { tellEnding } from './tell.ts'
import type { Hands } from './wire.ts'

/** The end of a main step: what is still open stays remembered for the step that closes up. */
export function leaveWith(hands: Hands, { session, ending, unsaid }: Concluded): void {
  if (ending.kind !== 'interrupted') forgetHold()
  rememberUnsaid(unsaid)
  tellEnding(hands, session, ending)
}
