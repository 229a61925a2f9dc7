import type { Underway } from '../ledger/underway.ts'
import { handOverSteps } from '../step/steps-in.ts'
import type { Images } from './engine-seen.ts'

type ImagesByService = Readonly<Record<string, Images>>

/**
 * Returns the images of services on engines once a deployment serves. A service that the deployment did not change, or that
 * a person counted as done, keeps those from before: no others were seen.
 */
export function imagesAfter(
  before: ImagesByService,
  { plan, journal }: Pick<Underway, 'plan' | 'journal'>,
): ImagesByService {
  const changed = handOverSteps(plan.steps).flatMap(({ id, service }) => {
    const handed = journal.findLast((event) => event.kind === 'handed-over' && event.step === id)
    const done = journal.some((event) => event.kind === 'step-succeeded' && event.step === id)
    return handed?.kind === 'handed-over' && done ? [[service.name, handed.images] as const] : []
  })
  return { ...before, ...Object.fromEntries(changed) }
}
