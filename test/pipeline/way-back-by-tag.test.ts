import { expect, test } from 'vitest'
import { type EngineStanding, engineAtRest } from '../../src/domain/engine/engine-standing.ts'
import { absent } from '../../src/domain/reading.ts'
import type { HandOverStep } from '../../src/domain/step/step.ts'
import { bringingBack } from '../../src/pipeline/engine/order.ts'
import { aDigest, anEngineService } from '../domain/a-plan.ts'

const step = { service: anEngineService('web'), before: null } as unknown as HandOverStep

const before = (image: string): EngineStanding => ({
  ...engineAtRest,
  before: {
    ...{ rollout: '1', wanted: { web: image }, noticed: true, phase: 'settled' as const, troubles: [] },
    ...{ replicas: { wanted: 1, updated: 1, ready: 1, old: 0 }, changedBy: absent },
  },
})

test('an image with a digest that was read before is handed back', () => {
  const image = `shop/web@${aDigest('1')}`
  expect(bringingBack(step, before(image))).toMatchObject({ images: { web: image }, to: 'old' })
})

test('an image with a tag is no way back: the tag may name another image by now', () => {
  expect(bringingBack(step, before('shop/web:v1'))).toMatchObject({ code: 'engine-no-way-back' })
})
