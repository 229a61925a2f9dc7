import type { Images } from '../../../domain/engine/engine-seen.ts'
import { imagesInWords, wants } from '../../../domain/engine/images.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import { MANAGER } from './change.ts'
import type { WorkloadLook } from './look.ts'
import { type KubernetesMeans, placeInWords } from './means.ts'
import { seenIn } from './seen.ts'

/**
 * Returns that the cluster took an order and made another one of it, as an admission webhook can; null if it did not. A later
 * change of another program is no such case: the watch tells of it.
 */
export function rewrittenIn({ engine }: KubernetesMeans, look: WorkloadLook, images: Images): Failure | null {
  const { wanted, changedBy } = seenIn(look, images, [])
  if (wants(wanted, images) || (changedBy.kind === 'found' && changedBy.value !== MANAGER)) return null
  return {
    code: 'engine-refused',
    what: `${placeInWords(engine)} took the order, and ${imagesInWords(images)} became ${imagesInWords(wanted)}: an admission webhook of the cluster changes images.`,
    tail: [],
    next: 'Have the webhook leave images with a digest alone, or name the image that it makes of it. Then decide retry, or roll-back.',
  }
}
