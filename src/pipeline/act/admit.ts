import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import { hasBegun } from '../../domain/ledger/underway.ts'
import { refusalsToday } from '../../domain/plan/refusals.ts'
import { Problem } from '../../domain/problem.ts'
import { hasExpired } from '../../domain/question/deadline.ts'
import { type Decision, decisions, type FinalDecision } from '../../domain/question/decision.ts'
import { questionOf } from '../../domain/question/open-question.ts'
import { expiryOf, instancesOf, needsReason, type Pause, takesAnswer } from '../../domain/question/pause.ts'
import { freezingOf } from '../../domain/schedule/freeze.ts'
import { frozen, type Overridden, overriding } from '../../domain/schedule/freeze-words.ts'
import { type ApprovalWeight, checkAnswerer, weighApproval } from '../lock/answerer.ts'
import type { Doer } from '../lock/doer.ts'
import { isHolderLive } from '../lock/holder.ts'
import { goesForward } from '../lock/take-lock.ts'
import { withAskedBlocks } from '../plan/asked-blocks.ts'
import { withCommitBlocks } from '../plan/commit-blocks.ts'
import { refuseUnproven } from '../plan/proof.ts'
import type { Recalled } from '../plan/survey.ts'
import { mayOverride, timetableOf } from '../plan/timetable.ts'
import type { Kept, Ports } from '../ports.ts'
import { refuseLateStart } from '../schedule/start.ts'

/** A person's answer, as the form gives it. */
export interface Answering {
  readonly environment: string
  /** The pause that it answers; it is refused when another one waits by now. */
  readonly pause: string
  readonly decision: Decision
  /** The instances of the decision; empty for all that the pause names. */
  readonly instances: readonly string[]
  readonly reason: string
  readonly by: string
  /** The reason for approving during a freeze; empty without an override. */
  readonly override: string
}

/** An answer that ends its question, or that is one of the approvals that it needs. */
export interface FinalAnswer extends Answering {
  readonly decision: FinalDecision
}

/** An answer that may be given: the question and the deployment that it is for. */
export interface Admitted {
  readonly kept: Kept
  readonly underway: Underway
  readonly pause: Pause
  readonly overridden: Overridden | null
  /** The approvals that count with this one; null for every other answer. */
  readonly weight: ApprovalWeight | null
}

/** Judges an answer: the question, the person, the run, and the present holds on the deployment. Writes nothing. */
export async function admit(
  ports: Ports,
  { policy, ...kept }: Recalled,
  answer: Answering,
  doer: Doer,
): Promise<Admitted> {
  const underway = kept.ledger.deployment
  const pause = underway === null ? null : await openQuestion(ports, underway, doer)
  if (underway === null || pause === null) throw unasked(answer, kept)
  checkAnswer(answer, pause)
  refuseLateApproval(answer, pause, ports.clock.now())
  await checkAnswerer(ports, policy, underway, pause, answer, doer)
  if (answer.decision === 'approve') refuseLateStart(ports, kept.ledger, pause)
  await refuseToday(ports, answer, policy, kept.ledger, underway)
  if (begins(answer, underway)) await refuseUnproven(ports, policy, kept.ledger, underway.plan)
  const weight =
    answer.decision === 'approve' ? await weighApproval(ports, policy, underway, answer.by) : null
  const overridden = await refuseWhileFrozen(ports, policy, underway, answer)
  return { kept, underway, pause, overridden, weight }
}

/**
 * Judges an answer as far as possible before the gate: its fit to the question, and the holds on the
 * deployment. The right of the person is judged behind the gate, where the run's approvals are known.
 */
export async function foreseeAnswer(
  ports: Pick<Ports, 'repository' | 'asks' | 'clock' | 'calendar'>,
  { policy, ledger }: Recalled,
  underway: Underway,
  pause: Pause,
  answer: Answering,
): Promise<void> {
  checkAnswer(answer, pause)
  refuseLateApproval(answer, pause, ports.clock.now())
  await refuseToday(ports, answer, policy, ledger, underway)
  await refuseWhileFrozen(ports, policy, underway, answer)
}

/** Returns the open question; null while a run works on the deployment and no question is open. */
export async function openQuestion(
  ports: Pick<Ports, 'repository' | 'clock'>,
  underway: Underway,
  doer: Doer,
): Promise<Pause | null> {
  const { pause } = standing(underway.plan, underway.journal)
  if (pause !== null || (await isHolderLive(ports, underway, doer))) return pause
  return questionOf(underway, { at: ports.clock.now().toISOString(), kind: 'resumed', ...doer })
}

function unasked({ environment, pause }: Answering, { ledger }: Kept): Problem {
  const underway = ledger.deployment
  const state =
    underway === null
      ? 'no deployment is under way'
      : `deployment ${underway.number} is under way and asks nothing`
  return new Problem('decision-unasked', {
    what: `Nothing in ${environment} waits for an answer to question ${pause}: ${state}.`,
    why:
      underway === null
        ? 'It was answered before, or the deployment has ended since.'
        : 'Its run is at work, and asks by itself when it needs a person.',
    next: 'Nothing was changed. Look at the last deployment of the environment.',
  })
}

function checkAnswer({ decision, instances, reason, pause: named }: Answering, pause: Pause): void {
  if (named !== pause.id)
    throw new Problem('decision-unasked', {
      what: `The answer is for question ${named}, but question ${pause.id} waits.`,
      why: 'The question was answered before and another one came up. An old answer never fits a new question.',
      next: `Look at question ${pause.id} and answer that one: ${pause.options.join(', ')}.`,
    })
  if (!takesAnswer(pause, decision)) {
    const why = pause.withheld[decision] ?? `it is not an answer to this question`
    throw new Problem('decision-not-offered', {
      what: `Question ${pause.id} does not take ${decision}: ${why}.`,
      why: `Each decision (${decisions.join(', ')}) is for some questions only.`,
      next: `Answer with one of ${pause.options.join(', ')}.`,
    })
  }
  if (reason.trim() === '' && needsReason(pause, decision))
    throw new Problem('decision-not-offered', {
      what: `Question ${pause.id} takes ${decision} with a reason only, and none was given.`,
      why: `${pause.accepts?.[decision] ?? 'It passes signals that hold this release, or the halt of a person'}; the ledger keeps who did that, and why.`,
      next: 'Answer again, with the reason. Nothing was changed, and the question still waits.',
    })
  const strangers = instances.filter((name) => !instancesOf(pause).includes(name))
  if (strangers.length === 0) return
  throw new Problem('decision-not-offered', {
    what: `Question ${pause.id} is not about ${strangers.join(', ')}.`,
    why: 'A decision for one instance never carries over to another.',
    next: `Name any of ${instancesOf(pause).join(', ') || 'no instance: it is about the step'}.`,
  })
}

/**
 * After a failure a late answer is better than none; but an approver may rely on the end of the time for
 * approval.
 */
function refuseLateApproval({ decision }: Answering, pause: Pause, now: Date): void {
  if (decision !== 'approve' || !hasExpired(pause, now)) return
  throw new Problem('decision-unasked', {
    what: `Question ${pause.id} could be approved until ${expiryOf(pause)?.at ?? ''}.`,
    why: 'Unanswered until then it counts as rejected: requires.approval.expires says so.',
    next: 'Nothing was changed. Start a new run if you still want it.',
  })
}

/**
 * Refuses during a freeze what begins something: an approval, or a resumed deployment that has changed
 * nothing yet. A deployment that has begun may be ended in any way: leaving it half done is no safer. Returns
 * the overridden holds.
 */
async function refuseWhileFrozen(
  ports: Pick<Ports, 'repository' | 'clock' | 'calendar'>,
  policy: EnvironmentPolicy,
  underway: Underway,
  { decision, by, override: reason, pause }: Answering,
): Promise<Overridden | null> {
  if (!begins({ decision }, underway)) return null
  const {
    mode,
    environment: { name: environment },
  } = underway.plan
  const timetable = timetableOf(ports, policy)
  const freezing = freezingOf(mode, timetable)
  if (freezing === null) return null
  const wanted = reason === '' ? null : { by, reason }
  const override = await mayOverride(ports.repository, policy, wanted)
  if (override?.may) return overriding(freezing, override)
  const action = { mode, environment, timetable, mayOverride: policy.freezeOverride, override }
  const { code, next, ...words } = frozen(freezing, action)
  throw new Problem(code, {
    ...words,
    next: `${next} Nothing was changed, and question ${pause} still waits.`,
  })
}

/**
 * The policy is read at the moment of acting: it may require more than at the request. A deployment that has
 * begun may be finished.
 */
async function refuseToday(
  ports: Pick<Ports, 'repository' | 'asks'>,
  answer: Answering,
  policy: EnvironmentPolicy,
  ledger: Ledger,
  underway: Underway,
): Promise<void> {
  if (!begins(answer, underway)) return
  const judged = await judgedLedger(ports, ledger, underway)
  const [refusal] = refusalsToday(underway.plan, policy, judged)
  if (refusal === undefined) return
  const { code, next, ...words } = refusal
  throw new Problem(code, { ...words, next: `${next} The question still waits.` })
}

/** The ledger with the blocks that were asked for, and those of commits that hit the release of a deployment. */
const judgedLedger = async (
  { repository, asks }: Pick<Ports, 'repository' | 'asks'>,
  ledger: Ledger,
  { plan: { release } }: Underway,
): Promise<Ledger> =>
  withCommitBlocks(repository, withAskedBlocks(ledger, await asks.read(ledger.app, ledger.environment)), [
    release,
  ])

/** Returns true if a decision lets a deployment begin that has changed nothing yet. */
const begins = ({ decision }: Pick<Answering, 'decision'>, underway: Underway): boolean =>
  goesForward(decision) && !hasBegun(underway)
