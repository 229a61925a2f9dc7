/** A person's answer at a gate. */
export const decisions = [
  'approve',
  'reject',
  'retry',
  'force-next',
  'exclude',
  'roll-back',
  'abandon',
] as const

export type Decision = (typeof decisions)[number]

/** Why something went wrong, short enough for a record and with nothing secret in it. */
export interface Failure {
  readonly code: string
  /** One sentence. */
  readonly what: string
  /** The last lines of its output, masked. */
  readonly tail: readonly string[]
  /** What to do next, where the failure itself says it. */
  readonly next?: string
}

/** A gate that a deployment waits at. It takes one decision, the first one. */
export interface Pause {
  /** `7.2`: the second pause of deployment 7. A decision names it, so that an old answer never fits a new question. */
  readonly id: string
  /** `bake`: the test bed is watched; with a failure, it was judged and somebody must say whether to go on. */
  readonly gate: 'approve' | 'intervene' | 'bake'
  readonly step: string
  /** The instances that the question is about; none when it is about the step. */
  readonly instances: readonly string[]
  readonly failure: Failure | null
  readonly options: readonly Decision[]
  /** Why an answer that one might expect is not among the options. */
  readonly withheld: Readonly<Partial<Record<Decision, string>>>
  readonly capacity: Capacity | null
  /** When it ends by itself (an ISO time in UTC) and what is then decided; nothing is where it only waits for that time. */
  readonly expires: { readonly at: string; readonly decision: Decision | null } | null
}

/** Whether it only waits for a time: nothing is wrong, and nobody need answer. */
export const isBaking = ({ gate, failure }: Pick<Pause, 'gate' | 'failure'>): boolean =>
  gate === 'bake' && failure === null

export interface Capacity {
  readonly available: number
  readonly total: number
  readonly floor: number
}

/** What an answer would do, for the person who must choose. */
export function describeDecision(
  decision: Decision,
  pause: Pick<Pause, 'instances' | 'gate' | 'failure' | 'step'>,
): string {
  const those = pause.instances.length === 0 ? 'the step' : pause.instances.join(', ')
  switch (decision) {
    case 'approve':
      return 'go on with the plan'
    case 'reject':
      return 'end here; nothing has changed'
    case 'retry':
      return pause.gate === 'bake' ? 'compare the test bed with the others again' : `try ${those} again`
    case 'force-next':
      if (pause.gate === 'bake') return describeGoingOn(pause)
      if (pause.step === 'check-compatibility')
        return 'go on to the new release all the same; from then on there is no safe way back, as after a contract migration'
      return pause.instances.length === 0
        ? 'count the step as done, because someone has seen to it, and go on'
        : `leave ${those} as it is, out of traffic, and go on with the next`
    case 'exclude':
      return `leave ${those} alone for the rest of this deployment and list it at the end`
    case 'roll-back':
      return 'take back what was changed, one batch after another, and end'
    case 'abandon':
      return 'end here and leave everything as it is now'
    default:
      return unreachable(decision)
  }
}

const describeGoingOn = ({ failure }: Pick<Pause, 'failure'>): string =>
  isBaking({ gate: 'bake', failure })
    ? 'wait no longer, and change the others; the test bed stays as it is'
    : 'change the others all the same; the test bed stays as it is'

/** Closes a switch that must answer for every case. */
export function unreachable(value: never): never {
  throw new Error(`no case for ${JSON.stringify(value)}`)
}
