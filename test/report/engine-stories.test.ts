import { expect, test } from 'vitest'
import { engineStories, pageOf } from './engine-stories.ts'

test.each(Object.entries(engineStories))('the page of a service on an engine: %s', async (name, story) => {
  await expect(pageOf(await story())).toMatchFileSnapshot(`golden/engine-${name}.md`)
})
