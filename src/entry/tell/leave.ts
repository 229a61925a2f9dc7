import type { Concluded } from '../../pipeline/run/drive.ts'
import { brokeOff } from '../../pipeline/run/execute.ts'
import type { Hands } from '../run/hands.ts'
import { forgetLock, rememberBreak, rememberUnsaid } from '../run/remembered.ts'
import { callByIssue } from './issue.ts'
import { tellEnding } from './tell.ts'
import { goOnToNext } from './waves.ts'

/** Ends a main step: an open deployment stays remembered for the post step. */
export async function leaveWith(hands: Hands, { session, ending, unsaid }: Concluded): Promise<void> {
  if (ending.kind !== 'interrupted') forgetLock()
  rememberUnsaid(unsaid)
  if (brokeOff(ending) !== null) rememberBreak()
  await tellEnding(hands, session, ending)
  if (brokeOff(ending) === null) await callByIssue(hands, session.ledger, session.deployment)
  const { app, environment } = session.deployment.plan
  if (ending.kind === 'ended') await goOnToNext(hands, app, environment)
}
