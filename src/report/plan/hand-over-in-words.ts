import { duration } from '../../domain/durations.ts'
import { imagesInWords } from '../../domain/engine/images.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { code, text } from '../text/markdown.ts'

const failureWords = { ask: 'a failure asks', 'roll-back': 'a failure rolls back unasked' } as const

/** Describes what is handed over, what counts as done, and what the way back would take. */
export function handOverInWords({ service, before, testBed, restart }: HandOverStep): string[] {
  const { name, engine, minHealthyTime, deadline, onFailure } = service
  const images = Object.entries(engine.images).map(([of, image]) =>
    of === name ? code(image) : `${text(of)}: ${code(image)}`,
  )
  return [
    `${code(name)}: ${restart ? 'every replica is replaced' : images.join(', ')}`,
    ...(testBed === null
      ? []
      : [`one replica beside the others first, watched for ${duration(testBed.bakeTime)}`]),
    `done when every replica runs it and stays ready for ${duration(minHealthyTime)}, and none of the older ones is left, within ${duration(deadline)}`,
    ...(restart ? [] : [backInWords(before)]),
    failureWords[onFailure],
  ]
}

const backInWords = (before: HandOverStep['before']): string =>
  before === null
    ? 'back to the digests that the engine wants when they are read, before anything is handed over'
    : `back to ${code(imagesInWords(before))}`
