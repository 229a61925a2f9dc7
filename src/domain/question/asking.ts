import { phaseWords, replicasInWords } from '../engine/verdict-words.ts'
import { type Halt, stateOf } from '../journal/deployment-standing.ts'
import type { Standing } from '../journal/standing.ts'
import type { Plan } from '../plan/plan.ts'
import { paceOf } from '../rolling/pace.ts'
import { batchOf, instancesThatAre } from '../rolling/rolling.ts'
import { phaseOf } from '../rolling/test-bed.ts'
import type { Verdict } from '../rolling/verdict.ts'
import { haltFailure } from '../signal/signal.ts'
import { isRoll, type RollStep, type Step } from '../step/step.ts'
import { recordStep } from '../step/steps-in.ts'
import { traitsOf } from '../step/traits.ts'
import type { Decision, Failure } from './decision.ts'
import { neededBy, ruleOf } from './gate.ts'
import type { Capacity, EnvironmentWait, Question, Wait } from './pause.ts'
import { acceptedIn, completionWithheld, type Withheld, wayBackWithheld, waysBack } from './ways-back.ts'

/** The questions of a deployment, and the decisions that each takes. */

export function askAboutApproval(plan: Plan, now: Standing, step: Step): Question {
  const options: Decision[] =
    neededBy(ruleOf(plan)) > 1 ? ['approve', 'withdraw', 'reject'] : ['approve', 'reject']
  return { ...question(plan, now, step), kind: 'approval', options, withheld: {} }
}

export function askAboutStep(plan: Plan, now: Standing, step: Step, failure: Failure): Question {
  const withheld: Withheld =
    now.direction.to === 'new'
      ? {
          ...wayBackWithheld(plan, now),
          ...completionWithheld(plan, now, step.id),
          ...endWithheld(plan, now),
        }
      : {}
  const wanted: Decision[] =
    now.direction.to === 'new'
      ? ['retry', 'force-next', ...waysBack(plan, now), 'abandon']
      : ['retry', 'force-next', 'abandon']
  // A person may not declare an instance or the record fine when Rollgate can see for itself.
  const { notForcible } = traitsOf(step)
  if (notForcible !== null) withheld['force-next'] = notForcible
  const options = without(wanted, withheld)
  return { ...question(plan, now, step), kind: 'failed-step', failure, options, withheld }
}

export function askAboutInstances(
  plan: Plan,
  now: Standing,
  step: RollStep,
  instances: readonly string[],
  failure: Failure,
): Question {
  const withheld: Withheld =
    now.direction.to === 'new'
      ? { ...wayBackWithheld(plan, now), ...completionWithheld(plan, now, step.id) }
      : {}
  if (!canGoOn(now, step)) {
    const floor = `fewer than ${paceOf(step, now.direction).floor} instances would stay available`
    withheld['force-next'] = floor
    withheld.exclude = floor
  }
  const wanted: Decision[] =
    now.direction.to === 'new'
      ? ['retry', 'force-next', 'exclude', ...waysBack(plan, now), 'abandon']
      : ['retry', 'force-next', 'exclude', 'abandon']
  return {
    ...question(plan, now, step),
    kind: 'failed-instances',
    instances,
    failure,
    options: without(wanted, withheld),
    withheld,
    capacity: capacityOf(now, step),
  }
}

export function askAboutCapacity(
  plan: Plan,
  now: Standing,
  step: RollStep,
  pending: readonly string[],
): Question {
  const withheld: Withheld =
    now.direction.to === 'new'
      ? { ...wayBackWithheld(plan, now), ...completionWithheld(plan, now, step.id) }
      : {}
  const capacity = capacityOf(now, step)
  const wanted: Decision[] =
    now.direction.to === 'new' ? ['retry', ...waysBack(plan, now), 'abandon'] : ['retry', 'abandon']
  return {
    ...question(plan, now, step),
    kind: 'no-capacity',
    failure: {
      code: 'capacity-floor',
      what: `Only ${capacity.available} of ${capacity.total} instances are available, and ${capacity.floor} must stay: ${pending.join(', ')} cannot be taken.`,
      tail: [],
    },
    options: without(wanted, withheld),
    withheld,
    capacity,
  }
}

/** Waits until the end of the bake, and takes decisions meanwhile: nothing is wrong. */
export function waitForBake(plan: Plan, now: Standing, step: RollStep, until: string): Wait {
  const withheld = wayBackWithheld(plan, now)
  return {
    ...answerable(plan, now, step),
    kind: 'wait',
    until,
    options: without(['force-next', ...waysBack(plan, now), 'abandon'], withheld),
    withheld,
    capacity: capacityOf(now, step),
  }
}

/** The whole environment is watched, and takes decisions meanwhile: nothing is wrong. */
export function waitForEnvironment(plan: Plan, now: Standing, step: Step, until: string): EnvironmentWait {
  const withheld = wayBackWithheld(plan, now)
  const options = without(['force-next', ...waysBack(plan, now), 'abandon'], withheld)
  return { ...answerable(plan, now, step), kind: 'bake', until, options, withheld }
}

export function askAboutVerdict(plan: Plan, now: Standing, step: RollStep, verdict: Verdict): Question {
  const withheld = wayBackWithheld(plan, now)
  return {
    ...question(plan, now, step),
    kind: 'verdict',
    failure: { code: verdictCodes[verdict.kind], what: verdict.what, tail: verdict.tail },
    options: without(['retry', 'force-next', ...waysBack(plan, now), 'abandon'], withheld),
    withheld,
    capacity: capacityOf(now, step),
  }
}

/** Asked before the step that would begin or go on. The running batch has finished. */
export function askAboutHalt(
  plan: Plan,
  now: Standing,
  { step: id, signals }: Halt,
): Extract<Question, { kind: 'halt' }> {
  const step = plan.steps.find((one) => one.id === id) ?? plan.steps[0]
  if (step === undefined) throw new Error('a plan has steps')
  const withheld: Withheld = { ...wayBackWithheld(plan, now), ...endWithheld(plan, now) }
  return {
    ...question(plan, now, step),
    kind: 'halt',
    failure: withEngine(haltFailure(plan.environment.name, signals), now, step),
    signals,
    options: without(['retry', 'force-next', ...waysBack(plan, now), 'abandon'], withheld),
    withheld,
    capacity: isRoll(step) && now.rolls.get(id)?.observed ? capacityOf(now, step) : null,
  }
}

/** Tells where a halt found the rollout of an engine. After a failure the last look tells only what was before it. */
function withEngine(failure: Failure, now: Standing, step: Step): Failure {
  const seen = now.engines.get(step.id)?.seen ?? null
  const { state, failure: failed } = stateOf(now, step)
  const unseen = state === 'failed' ? failed : null
  const before = unseen === null ? 'The engine' : 'The engine before'
  const look = seen === null ? [] : [`${before}: ${phaseWords[seen.phase]}. ${replicasInWords(seen)}`]
  return { ...failure, tail: [...failure.tail, ...(unseen === null ? [] : [unseen.what]), ...look] }
}

const verdictCodes: Readonly<Record<Verdict['kind'], string>> = {
  'better-or-equal': 'test-bed-good',
  worse: 'test-bed-worse',
  inconclusive: 'test-bed-inconclusive',
}

/** A deployment that its run has left has no question of its own; but a person may want another end of it. */
export function askAboutRest(plan: Plan, now: Standing, step: Step): Question {
  const withheld: Withheld =
    now.direction.to === 'new' ? { ...wayBackWithheld(plan, now), ...endWithheld(plan, now) } : {}
  const wanted: Decision[] =
    now.direction.to === 'new' ? ['retry', ...waysBack(plan, now), 'abandon'] : ['retry', 'abandon']
  const what = `Deployment ${now.number} was left at ${step.id}: its run ended before it.`
  return {
    ...question(plan, now, step),
    kind: 'failed-step',
    failure: { code: 'interrupted', what, tail: [] },
    options: without(wanted, withheld),
    withheld,
  }
}

/** A step that began under a run which ended before it could say how the step did. */
export const unknownOutcome = (step: Step, ranOn: readonly string[] = []): Failure => ({
  code: 'outcome-unknown',
  what: `${step.id} was running when its run ended: whether it finished ${elsewhereOf(ranOn)}is not known, and running it twice may do harm.`,
  tail: [],
})

/** A retry leaves out the instances on which its command has ended well. */
const elsewhereOf = (ranOn: readonly string[]): string =>
  ranOn.length === 0 ? '' : `on instances other than ${ranOn.join(', ')} `

/** An undo that began under a run which ended before it could say how the undo did. */
export const unknownUndo = (step: Step): Failure => ({
  code: 'outcome-unknown',
  what: `${step.id} was being taken back when its run ended: whether that finished is not known, and running it twice may do harm.`,
  tail: [],
})

const answerable = (plan: Plan, now: Standing, step: Step) => ({
  id: `${now.number}.${now.pauses + 1}`,
  step: step.id,
  ...acceptedIn(plan, now),
})

export const question = (plan: Plan, now: Standing, step: Step) => ({
  ...answerable(plan, now, step),
  expires: null,
})

/** Once the ledger says that the release serves, only another deployment can say otherwise. */
function endWithheld(plan: Plan, now: Standing): Withheld {
  const record = recordStep(plan.steps)
  if (record === null || now.steps.get(record.id)?.state !== 'succeeded') return {}
  const serves = `${plan.release.tag} serves already: finish this deployment, then roll back to leave it`
  return { 'roll-back': serves, abandon: serves }
}

/** Returns true if a further batch could be taken with the failed instances left as they are. */
function canGoOn(now: Standing, step: RollStep): boolean {
  const rolling = now.rolls.get(step.id)
  if (rolling === undefined) return false
  const phase = now.direction.to === 'new' ? phaseOf(step, rolling) : null
  // Others are not taken before the test bed, even where they could be.
  const pending = phase?.kind === 'test-bed' ? phase.pending : instancesThatAre(rolling, 'pending')
  return pending.length === 0
    ? capacityOf(now, step).available >= paceOf(step, now.direction).floor
    : batchOf(step, rolling, now.direction, pending).length > 0
}

function capacityOf(now: Standing, step: RollStep): Capacity {
  const instances = [...(now.rolls.get(step.id)?.instances.values() ?? [])]
  return {
    available: instances.filter(({ available }) => available).length,
    total: instances.length,
    floor: paceOf(step, now.direction).floor,
  }
}

const without = (wanted: readonly Decision[], withheld: Withheld): Decision[] =>
  wanted.filter((decision) => !(decision in withheld))
