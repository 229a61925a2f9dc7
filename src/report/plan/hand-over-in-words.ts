import { duration } from '../../domain/durations.ts'
import { imagesInWords } from '../../domain/engine/images.ts'
import type { PlannedManifest } from '../../domain/engine/manifests.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { code, text } from '../text/markdown.ts'

const failureWords = { ask: 'a failure asks', 'roll-back': 'a failure rolls back unasked' } as const

/** Describes what is handed over, what counts as done, and what the way back would take. */
export function handOverInWords(
  { manifests }: Pick<Plan, 'manifests'>,
  { service, before, testBed, restart, unvisited }: HandOverStep,
): string[] {
  const { name, engine, minHealthyTime, deadline, onFailure } = service
  const images = Object.entries(engine.images).map(([of, image]) =>
    of === name ? code(image) : `${text(of)}: ${code(image)}`,
  )
  return [
    `${code(name)}: ${restart ? 'every replica is replaced' : images.join(', ')}`,
    ...manifestsInWords(manifests, name),
    ...(testBed === null
      ? []
      : [`one replica beside the others first, watched for ${duration(testBed.bakeTime)}`]),
    `done when every replica runs it and stays ready for ${duration(minHealthyTime)}, and none of the older ones is left, within ${duration(deadline)}`,
    ...(restart ? [] : [unvisited ? elsewhere : backInWords(before)]),
    failureWords[onFailure],
  ]
}

/** Returns the manifests of a service, each in words. */
export const manifestsInWords = (manifests: Plan['manifests'], service: string): string[] =>
  manifests.filter((one) => one.service === service).map(manifestInWords)

/** The cluster is not asked before an approval: what a file changes there stands on the page of the deployment. */
const manifestInWords = ({ path, found }: PlannedManifest): string =>
  'why' in found
    ? `applies ${code(path)}: **digest unknown**, ${text(found.why)}`
    : `applies ${code(path)}, ${code(`sha256:${found.sha256.slice(0, 12)}`)}; what it changes in the cluster is *not read before approval*`

const elsewhere = 'visitors are on the other side meanwhile: nothing of it is taken back'

const backInWords = (before: HandOverStep['before']): string =>
  before === null
    ? 'back to the digests that the engine wants when they are read, before anything is handed over'
    : `back to ${code(imagesInWords(before))}`
