import type { Signal } from '../signal/signal.ts'
import type { Decision, Failure, FinalDecision } from './decision.ts'

/** A stop of a deployment until its one answer, the first one, or until its time is over. */
export type Pause = Question | Wait | EnvironmentWait

/** The question to a person, one variant a kind. */
export type Question = Answerable & Expiring & QuestionKind

type QuestionKind =
  /** Named people say whether the deployment may begin. */
  | { readonly kind: 'approval' }
  /** A step, or its undo, failed, may not have finished, or was left by its run. */
  | { readonly kind: 'failed-step'; readonly failure: Failure }
  | {
      readonly kind: 'failed-instances'
      readonly failure: Failure
      readonly instances: readonly string[]
      readonly capacity: Capacity
    }
  /** No further instance can be taken without falling below the floor. */
  | { readonly kind: 'no-capacity'; readonly failure: Failure; readonly capacity: Capacity }
  /** Signals hold back what would come next, or a person does. */
  | {
      readonly kind: 'halt'
      readonly failure: Failure
      readonly signals: readonly Signal[]
      /** Null where no instances are changed yet. */
      readonly capacity: Capacity | null
    }
  /** People look at the changed side before visitors see it. */
  | {
      readonly kind: 'inspection'
      /** The failure of the smoke test; null where it passed, or there is none. */
      readonly failure: Failure | null
      readonly links: readonly string[]
      /** The time since which visitors are on the stand-in, in ISO and UTC. */
      readonly since: string
    }
  /** People look at the older release at home before visitors come back to it. */
  | { readonly kind: 'revert-inspection'; readonly links: readonly string[]; readonly since: string }
  /** The test bed was judged, and needs a decision to continue. */
  | { readonly kind: 'verdict'; readonly failure: Failure; readonly capacity: Capacity }

/** The bake time of a test bed. Nothing is wrong and no question is asked, but answers are taken meanwhile. */
export type Wait = Answerable & {
  readonly kind: 'wait'
  /** ISO time in UTC. */
  readonly until: string
  readonly capacity: Capacity
}

/** The bake of the whole environment. It asks nothing, and takes answers meanwhile. */
export type EnvironmentWait = Answerable & {
  readonly kind: 'bake'
  /** ISO time in UTC. */
  readonly until: string
}

/** True if time alone ends a pause. */
export const endsByTime = (pause: Pause): pause is Wait | EnvironmentWait => 'until' in pause

interface Answerable {
  /** `7.2`: the second pause of deployment 7. A decision names it, so that an old answer never fits a new question. */
  readonly id: string
  readonly step: string
  readonly options: readonly Decision[]
  /** The reasons why expected decisions are not among the options. */
  readonly withheld: Readonly<Partial<Record<Decision, string>>>
  /** The losses that decisions accept: each of these needs a reason. Left out where none does. */
  readonly accepts?: Readonly<Partial<Record<Decision, string>>>
}

interface Expiring {
  /** Null for a question that waits as long as it takes. */
  readonly expires: Expiry | null
}

/** The expiry of a question (an ISO time in UTC), and the decision then. */
export interface Expiry {
  readonly at: string
  readonly decision: FinalDecision
}

export interface Capacity {
  readonly available: number
  readonly total: number
  readonly floor: number
}

/** The kind of a pause as results and stored ledgers say it: workflows read these words. */
export type Gate = 'approve' | 'intervene' | 'bake' | 'inspect'

interface PauseTraits {
  readonly gate: Gate
  /** The ways on: an approval of a deployment that has changed nothing, an answer to a failure, or the time alone. */
  readonly awaits: 'approval' | 'answer' | 'time'
  /** The decisions that need a reason. */
  readonly needsReason: readonly Decision[]
  /** The source of its deadline: the rule of the approval, the policy of the environment, its own time, or none. */
  readonly deadline: 'approval' | 'policy' | 'own' | 'none'
}

/** Everything that depends on the kind of a pause, but its words. */
const pauseTraits: Readonly<Record<Pause['kind'], PauseTraits>> = {
  approval: { gate: 'approve', awaits: 'approval', needsReason: [], deadline: 'approval' },
  'failed-step': { gate: 'intervene', awaits: 'answer', needsReason: [], deadline: 'policy' },
  'failed-instances': { gate: 'intervene', awaits: 'answer', needsReason: [], deadline: 'policy' },
  'no-capacity': { gate: 'intervene', awaits: 'answer', needsReason: [], deadline: 'policy' },
  // Nothing is completed, and nothing is destroyed, because no answer came.
  inspection: { gate: 'inspect', awaits: 'answer', needsReason: [], deadline: 'none' },
  'revert-inspection': { gate: 'inspect', awaits: 'answer', needsReason: [], deadline: 'none' },
  verdict: { gate: 'bake', awaits: 'answer', needsReason: [], deadline: 'policy' },
  wait: { gate: 'bake', awaits: 'time', needsReason: [], deadline: 'own' },
  halt: { gate: 'intervene', awaits: 'answer', needsReason: ['force-next'], deadline: 'policy' },
  bake: { gate: 'bake', awaits: 'time', needsReason: [], deadline: 'own' },
}

export const gateOf = ({ kind }: Pick<Pause, 'kind'>): Gate => pauseTraits[kind].gate

/** The source of the deadline of a pause. */
export const deadlineFrom = ({ kind }: Pick<Pause, 'kind'>): PauseTraits['deadline'] =>
  pauseTraits[kind].deadline

export const awaits = ({ kind }: Pick<Pause, 'kind'>): PauseTraits['awaits'] => pauseTraits[kind].awaits

/** True if a pause takes an answer. An approval that was given may be taken back, also where one was enough once. */
export const takesAnswer = (pause: Pause, decision: Decision): boolean =>
  pause.options.includes(decision) || (decision === 'withdraw' && awaits(pause) === 'approval')

/** True if a decision on this kind of pause needs a reason, because it passes something that a person wanted. */
export const needsReason = (
  { kind, accepts = {} }: Pick<Pause, 'kind' | 'accepts'>,
  decision: Decision,
): boolean => pauseTraits[kind].needsReason.includes(decision) || decision in accepts

/** Returns the failure that a question is about; null for an approval and a wait. */
export const failureOf = (pause: Pause): Failure | null => ('failure' in pause ? pause.failure : null)

/** Returns the instances that a question is about; none where it is about the step. */
export const instancesOf = (pause: Pause): readonly string[] => ('instances' in pause ? pause.instances : [])

/** Returns the capacity while a pause lasts; null where no instances are changed. */
export const capacityOf = (pause: Pause): Capacity | null => ('capacity' in pause ? pause.capacity : null)

/** Returns the expiry of a pause and the decision then: none for a wait. Null if only an answer ends it. */
export function expiryOf(
  pause: Pause,
): { readonly at: string; readonly decision: FinalDecision | null } | null {
  return endsByTime(pause) ? { at: pause.until, decision: null } : pause.expires
}
