import type { Service } from '../config/config.ts'
import type { Plan } from './plan.ts'
import type { Step } from './step.ts'

/** True if anything of a plan takes the files of the release from the checkout: a command on the runner, or an upload. */
export const needsCheckout = ({ steps }: Pick<Plan, 'steps'>): boolean => steps.some(takesFiles)

function takesFiles(step: Step): boolean {
  switch (step.kind) {
    case 'source':
    case 'approve':
    case 'record-version':
      return false
    case 'roll-services':
      return rollsFromHere(step.service)
    default:
      return true
  }
}

/** A fleet over ssh runs its commands on the hosts. */
const rollsFromHere = ({ fleet, testBed }: Service): boolean =>
  fleet.kind === 'local' ||
  testBed !== null ||
  [fleet.inventory, fleet.settings, fleet.upload].some((given) => given !== null)
