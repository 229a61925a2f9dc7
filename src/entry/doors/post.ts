import { close } from '../../pipeline/run/close.ts'
import { brokeOff } from '../../pipeline/run/execute.ts'
import { say } from '../../pipeline/run/statement.ts'
import type { Hands } from '../run/hands.ts'
import { recallBreak, recallLock, recallUnsaid } from '../run/remembered.ts'
import { callByIssue } from '../tell/issue.ts'
import { tellClosing } from '../tell/tell.ts'

/**
 * Closes a deployment that main left open: it was cancelled, or killed. After a run that ended by itself
 * there is nothing.
 */
export async function postDoor(hands: Hands): Promise<void> {
  const ended = await hands.endLeftovers()
  if (ended.length > 0) hands.ports.voice.line(`commands that were left running, ended now: ${ended.length}`)
  await sayLate(hands)
  const lock = recallLock(process.env)
  if (lock === null) return
  const how = recallBreak(process.env) ? 'broke-off' : 'lost'
  const closed = await close(hands.ports, lock.app, lock.environment, hands.doer, how)
  if (closed === null) return
  const problem = brokeOff(closed.ending)
  if (problem !== null) throw problem
  await tellClosing(hands, closed.session, closed.ending)
  await callByIssue(hands, closed.session.ledger, closed.session.deployment)
}

/** Writes the statuses that main could not put on the record. */
async function sayLate({ ports }: Hands): Promise<void> {
  for (const { record, status } of recallUnsaid(process.env)) {
    const unsaid = await say(ports, record, status)
    if (unsaid.length === 0) ports.voice.line(`the record ${record} says by now: ${status.description}`)
  }
}
