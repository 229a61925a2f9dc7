import type { EngineService } from '../config/engine-recipe.ts'
import type { ProblemWords } from '../problem.ts'
import { neverHasDigest } from './images.ts'

/**
 * Refuses images that have no digest, whatever the variables are. An image with a variable is judged when the variables
 * are there.
 */
export const digestRefusals = (services: readonly EngineService[]): ProblemWords[] =>
  services.flatMap(({ name, engine }) =>
    Object.values(engine.images)
      .filter(neverHasDigest)
      .map((image) => ({
        code: 'engine-no-digest',
        what: `The image of ${name} is ${image}, which names no digest.`,
        why: 'A tag can mean another image a moment later: the tag would not tell what the engine runs.',
        next: `Name the image by its digest, like ${image.replace(/:[^/:]*$/, '')}@$DIGEST, with DIGEST=sha256:… among the outputs of the build. Nothing was changed.`,
      })),
  )
