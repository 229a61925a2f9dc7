import { changesByItself } from '../config/fleet.ts'
import { doesNothing } from '../config/in-place.ts'
import type { EnvironmentPolicy } from '../config/policy.ts'
import type { Service } from '../config/service.ts'
import { type CheckFinding, found } from './finding.ts'

/**
 * Finds what a config promises and cannot bring about: a service without a command that would change an instance, and an
 * approval that the people in `from` cannot give for a deployment of their own.
 */
export const noEffectFindings = (policy: EnvironmentPolicy, services: readonly Service[]): CheckFinding[] => [
  ...services.filter(changesNothing).map(withoutCommand),
  ...nobodyLeft(policy),
]

/** An agent changes an instance that pulls, by commands of its own. A stop alone brings no release. */
const changesNothing = ({ fleet }: Service): boolean =>
  !changesByItself(fleet) &&
  [fleet.install, fleet.start, fleet.prepare?.command ?? null].every((command) => doesNothing(command))

const withoutCommand = ({ name }: Service): CheckFinding =>
  found('problem', `services.${name}.fleet`, {
    what: `${name} has no command that brings a release to an instance: a deployment would record it and change nothing.`,
    next: `Add services.${name}.fleet.install, or services.${name}.fleet.start where starting an instance takes the new release.`,
  })

/** A team has members that only GitHub knows. */
function nobodyLeft({ name, approval }: EnvironmentPolicy): CheckFinding[] {
  if (approval.kind !== 'named' || !approval.notSelf || approval.from.some((one) => one.includes('/')))
    return []
  const { from, atLeast = 1 } = approval
  if (from.length > atLeast) return []
  const who = from.length === 1 ? `${from[0]} is` : `${from.join(' and ')} are`
  return [
    found('warning', `environments.${name}.requires.approval.from`, {
      what: `${who} asked for ${atLeast === 1 ? 'an approval' : `${atLeast} approvals`}, and not-self keeps people from approving what they asked for: a deployment of ${from.length === 1 ? 'this person' : 'one of them'} could never be approved.`,
      next: 'Name one more person in from, or have another person start the deployments.',
    }),
  ]
}
