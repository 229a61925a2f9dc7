import { standing } from '../journal/standing.ts'
import type { InstanceStanding, RollStanding } from '../rolling/roll-standing.ts'
import { rollSteps } from '../step/steps-in.ts'
import type { Underway } from './underway.ts'

/**
 * An instance whose change did not end in a deployment, or may not have. Later deployments change it again,
 * with every result of a look, until one has come to its end there.
 */
export interface Unfinished {
  readonly service: string
  readonly instance: string
  /** The deployment that left it so. */
  readonly deployment: number
  /** True if that deployment took it out of traffic, where it must stay. */
  readonly out: boolean
}

/** Returns the instances that an ended deployment leaves unfinished, with earlier ones that it did not roll. */
export function unfinishedAfter(
  before: readonly Unfinished[],
  { number, plan, journal }: Pick<Underway, 'number' | 'plan' | 'journal'>,
): Unfinished[] {
  const { rolls } = standing(plan, journal)
  const rolled = rollSteps(plan.steps)
  const left = rolled.flatMap(({ id, service }): Unfinished[] => {
    const roll = rolls.get(id)
    if (roll === undefined) return []
    const known = before.filter((one) => one.service === service.name)
    return [...roll.instances]
      .filter(([, instance]) => isUnfinished(roll, instance))
      .map(([name, { touched, out }]) => {
        const old = known.find(({ instance }) => instance === name)
        return old !== undefined && !touched
          ? old
          : { service: service.name, instance: name, deployment: number, out }
      })
  })
  const others = before.filter(({ service }) => !rolled.some((step) => step.service.name === service))
  return [...others, ...left]
}

/** Touched and pending: a lost run may have been taking it back. */
const isUnfinished = ({ unsure }: RollStanding, { broke, state, touched }: InstanceStanding): boolean =>
  broke || state === 'changing' || (touched && state === 'pending') || (unsure && state !== 'done')

/** The names of the unfinished instances of a service. */
export const unfinishedOf = (service: string, all: readonly Unfinished[]): string[] =>
  all.filter((one) => one.service === service).map(({ instance }) => instance)

/** Describes it for the approver of the next deployment. */
export const describeUnfinished = ({ service, instance, deployment }: Unfinished): string =>
  `${service}/${instance} was left unfinished by deployment ${deployment}: it is changed again, whatever it says of itself.`
