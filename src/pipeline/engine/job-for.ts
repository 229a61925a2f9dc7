import { jobOf } from '../../domain/config/command-fleet.ts'
import type { Images } from '../../domain/engine/engine-seen.ts'
import type { Direction } from '../../domain/journal/direction.ts'
import type { SingleStep } from '../../domain/step/step.ts'
import { traitsOf } from '../../domain/step/traits.ts'
import type { Context } from '../run/context.ts'
import { jobName } from './job-name.ts'

/** Returns the name and the images of a step's job, which are not used where its command runs elsewhere. */
export const jobFor = (
  context: Context,
  step: SingleStep,
  direction: Direction,
): { readonly name: string; readonly images: Images | null } => ({
  name: jobName(context, step.id, direction),
  images: servingImages(context, step),
})

/** The hook of the release that serves runs in its image, as the engine was seen to run it. */
function servingImages({ session }: Context, step: SingleStep): Images | null {
  const on = 'command' in step && step.command !== null ? jobOf(step.command) : null
  if (on === null || traitsOf(step).files !== 'serving') return null
  return session.ledger.serving?.images[on.service] ?? null
}
