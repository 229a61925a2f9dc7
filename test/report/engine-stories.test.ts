import { expect, test } from 'vitest'
import { resultOf } from '../../src/report/outcome/result-output.ts'
import { imagesOf } from '../pipeline/an-engine.ts'
import { engineStories, pageOf, viewOf } from './engine-stories.ts'

test.each(Object.entries(engineStories))('the page of a service on an engine: %s', async (name, story) => {
  await expect(pageOf(await story())).toMatchFileSnapshot(`golden/engine-${name}.md`)
})

test('the result of a deployment has the digests that the engine is to run, beside those that were handed over', async () => {
  const { engines } = resultOf(viewOf(await engineStories['rollout-of-another']()))
  expect(engines).toEqual([
    {
      service: 'web',
      handed: imagesOf('web', '2'),
      running: imagesOf('web', '9'),
      rollout: '3',
      phase: 'rolling',
      replicas: { wanted: 6, updated: 0, ready: 0, old: 6 },
      'changed-by': 'mallory',
    },
  ])
})
