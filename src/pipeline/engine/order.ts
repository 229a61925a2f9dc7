import type { EngineAim } from '../../domain/engine/approach.ts'
import type { Images } from '../../domain/engine/engine-seen.ts'
import type { EngineStanding } from '../../domain/engine/engine-standing.ts'
import { engineAtRest } from '../../domain/engine/engine-standing.ts'
import { digestOf, fillImages, sameImages } from '../../domain/engine/images.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import type { Variables } from '../ports.ts'
import type { Context } from '../run/context.ts'

/** Returns the standing of a service on an engine. */
export const engineOf = ({ session }: Context, { id }: HandOverStep): EngineStanding =>
  session.standing.engines.get(id) ?? engineAtRest

/** Returns what a step brings to its engine, going forward. Every image must name its digest. */
export function bringingForward(
  { service, before, restart }: HandOverStep,
  seen: Variables,
): EngineAim | Failure {
  // A restarted service keeps what it was seen to run.
  if (restart && before !== null) return { images: before, to: 'new', restart }
  const filled = fillImages(service.engine.images, seen)
  if (filled.kind === 'filled') return { images: filled.images, to: 'new', restart }
  const named = filled.names.map((name) => `${name}: ${filled.images[name]}`).join(', ')
  return {
    code: 'engine-no-digest',
    what: `An image of ${service.name} names no digest once the variables are filled in (${named}). Nothing was handed over.`,
    tail: [],
    next: 'Have the build print the digest to ROLLGATE_OUTPUT, like DIGEST=sha256:…, and name the image by it. Then make a new release, or decide roll-back.',
  }
}

/** Returns the images that an engine goes back to: those of the serving release, or those that were read before. */
export function bringingBack(
  { service, before: kept }: HandOverStep,
  { before, handed }: EngineStanding,
): EngineAim | Failure {
  const images = kept ?? imagesBefore(before, handed)
  return images === null ? noWayBack(service.name) : { images, to: 'old', restart: false }
}

/**
 * A rollout that had not settled is none to go back to, nor one with the images that were handed over, nor one with a tag: it
 * may name another image by now.
 */
function imagesBefore(before: EngineStanding['before'], handed: EngineStanding['handed']): Images | null {
  if (before === null || before.phase !== 'settled') return null
  if (Object.values(before.wanted).some((image) => digestOf(image) === null)) return null
  if (handed?.to === 'new' && sameImages(handed.images, before.wanted)) return null
  return before.wanted
}

const noWayBack = (service: string): Failure => ({
  code: 'engine-no-way-back',
  what: `The images that ${service} ran before are not known: no deployment was seen to bring them, and the engine had no settled rollout of others whose images have digests.`,
  tail: [],
  next: 'Bring the service back by hand on the engine, and decide force-next.',
})
