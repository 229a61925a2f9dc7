import { standing } from '../../domain/journal/standing.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { hasBegun } from '../../domain/ledger/underway.ts'
import { Problem } from '../../domain/problem.ts'
import { approvalsIn, type GivenApproval, samePerson } from '../../domain/question/approvals.ts'
import { withDeadline } from '../../domain/question/deadline.ts'
import { questionOf } from '../../domain/question/open-question.ts'
import { isGoingBack } from '../../domain/signal/going-back.ts'
import { compareAndSwap } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import { isHolderLive } from '../lock/holder.ts'
import type { Recalled } from '../plan/survey.ts'
import type { Kept, Ports } from '../ports.ts'
import { putRecordsRight } from '../run/correct-records.ts'
import type { Concluded } from '../run/drive.ts'
import { openSession } from '../run/session.ts'
import type { Answering } from './admit.ts'

type TakingBack = Pick<Answering, 'environment' | 'pause' | 'by' | 'reason'>

/** `asked`: the run at work on the deployment hears it before its next batch, and halts. */
export type WithdrawnApproval =
  | { readonly kind: 'withdrawn'; readonly concluded: Concluded }
  | { readonly kind: 'asked'; readonly deployment: number }

/**
 * Takes a person's approval back while the deployment has changed nothing: the question is open then, or opens again. No
 * command runs. Once it has begun, only the run that holds the ledger may move it: that run is asked, and halts. A withdrawal and the last approval may come at once: the first one that is written counts, and the other
 * one is judged again.
 */
export async function withdrawApproval(
  ports: Ports,
  recalled: Recalled,
  withdrawal: TakingBack,
  doer: Doer,
): Promise<WithdrawnApproval> {
  await putRecordsRight(ports, recalled.ledger, recalled.policy.url, doer)
  const { app, environment } = recalled.ledger
  return compareAndSwap(environment, async () => {
    const kept = await ports.ledgers.read(app, environment)
    const { deployment } = kept.ledger
    if (deployment === null) throw nothingToWithdraw(withdrawal, null)
    const given = approvalOf(withdrawal, deployment)
    if (hasBegun(deployment) || (await isHolderLive(ports, deployment, doer)))
      return ask(ports, kept, given, withdrawal, doer)
    const concluded = await write(ports, kept, withdrawal, doer)
    return concluded && { kind: 'withdrawn', concluded }
  })
}

/**
 * Leaves an ask for the holder, or for the next run: the same one however often it is asked, until it was heard. An
 * approver whose halt was answered with `retry` may withdraw once more, and that is another ask.
 */
async function ask(
  ports: Ports,
  { ledger: { app, environment, deployment } }: Kept,
  given: GivenApproval,
  withdrawal: TakingBack,
  { run }: Doer,
): Promise<WithdrawnApproval> {
  if (deployment === null || isGoingBack(deployment)) throw underWay(withdrawal)
  const { number, plan, journal } = deployment
  const { by, reason } = withdrawal
  const name = `withdraw-${number}-${given.pause}-${given.by.toLowerCase()}`
  const before = standing(plan, journal).heard.filter((id) => id === name || id.startsWith(`${name}.`))
  await ports.asks.add(app, environment, {
    ...{
      id: before.length === 0 ? name : `${name}.${before.length}`,
      kind: 'withdraw',
      question: given.pause,
    },
    ...{ by, reason, at: ports.clock.now().toISOString(), run: run.url, deployment: number },
  })
  return { kind: 'asked', deployment: number }
}

/** Returns the approval that a withdrawal takes back. Throws where the person has given none, or names another question. */
export function approvalOf(withdrawal: TakingBack, underway: Underway): GivenApproval {
  const { pause, by } = withdrawal
  const given = approvalsIn(underway.journal).find((one) => samePerson(one.by, by))
  if (given === undefined) throw nothingToWithdraw(withdrawal, underway)
  const open = standing(underway.plan, underway.journal).pause?.id
  if (pause === given.pause || pause === open) return given
  throw new Problem('decision-unasked', {
    what: `The withdrawal is for question ${pause}, but ${by} approved question ${given.pause}.`,
    why: 'An old answer never fits a new question.',
    next: `Withdraw with question ${given.pause}. Nothing was changed.`,
  })
}

/** Null if another run has written the ledger in between. */
async function write(
  ports: Ports,
  kept: Kept,
  { pause, by, reason }: TakingBack,
  doer: Doer,
): Promise<Concluded | null> {
  const session = openSession(kept, ports)
  // Its run ended before it changed anything.
  if (session.deployment.holder !== null) session.note({ kind: 'interrupted', cause: 'lost' })
  session.note({ kind: 'withdrawn', pause, by, reason })
  const { plan } = session.deployment
  if (session.standing.pause === null) {
    const at = ports.clock.now()
    const next = { at: at.toISOString(), kind: 'resumed', ...doer } as const
    session.note({ kind: 'paused', pause: withDeadline(plan, questionOf(session.deployment, next), at) })
  }
  const open = session.standing.pause
  if (open === null) throw new Error('a withdrawal leaves a question')
  try {
    await session.save()
  } catch (failure) {
    if (failure instanceof Problem && failure.code === 'lock-lost') return null
    throw failure
  }
  return { session, ending: { kind: 'waiting', pause: open }, unsaid: [] }
}

const underWay = ({ by, environment }: TakingBack): Problem =>
  new Problem('decision-unasked', {
    what: `${environment} goes back already, so that ${by} cannot take the approval back.`,
    why: 'Going back is never held: half of it done is worse than either release.',
    next: 'Wait until it has ended, or answer its question. Nothing was changed.',
  })

const nothingToWithdraw = ({ by, environment }: TakingBack, underway: Underway | null): Problem =>
  new Problem('approver-not-allowed', {
    what:
      underway === null
        ? `No deployment of ${environment} is under way.`
        : `${by} has given no approval of deployment ${underway.number} of ${environment} that still stands.`,
    why: 'A person takes back the own approval, and no other.',
    next: 'Nothing was changed. Look at the last deployment of the environment.',
  })
