import { isOverSsh } from '../config/fleet.ts'
import { runnerCommands } from '../config/runner-commands.ts'
import type { Service } from '../config/service.ts'
import { isRoll, type Step } from '../step/step.ts'
import { traitsOf } from '../step/traits.ts'
import type { Plan } from './plan.ts'

/** True if a plan uses files of the release in the checkout: a command on the runner, or an upload. */
export const needsCheckout = ({ steps }: Pick<Plan, 'steps'>): boolean => steps.some(takesFiles)

const takesFiles = (step: Step): boolean =>
  isRoll(step)
    ? step.instanceCheck !== null || runnerCommands(step).length > 0 || rollsFromHere(step.service)
    : !['none', 'fleet'].includes(traitsOf(step).files)

/** A fleet over ssh runs its commands on the hosts, apart from those that say `on: runner`. */
const rollsFromHere = ({ fleet, testBed }: Service): boolean =>
  fleet.kind === 'local' ||
  testBed !== null ||
  (isOverSsh(fleet) && [fleet.inventory, fleet.settings, fleet.upload].some((given) => given !== null))
