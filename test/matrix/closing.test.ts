import { expect, test, vi } from 'vitest'
import { untruths } from '../../src/sandbox/truth/truth.ts'
import { aStage, ledgerOf } from '../conversations/rig.ts'
import { deploys, unguarded } from '../conversations/story.ts'
import { type Ending, endings } from '../endings/endings.ts'
import { type EndingWorld, killedAt, most, successors } from '../endings/rounds.ts'
import { sampled } from './sample.ts'

vi.setConfig({ testTimeout: 240_000 })

/** A shop with a stand-in, whose database is a file. */
async function aWorld(ending: Ending): Promise<EndingWorld> {
  const steps = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }
  const detour = ending.lasts === null ? {} : { lasts: ending.lasts }
  const stage = await aStage({ standIn: 2, config: { steps, production: unguarded, detour } })
  await stage.release('v1')
  expect((await deploys(stage, 'v1')).main.outputs.outcome).toBe('succeeded')
  return {
    ...{ ending, rounds: 0, serving: 'v1' },
    release: (tag) => stage.release(tag, { migrations: 2 }),
    async start(checkout, inputs, env = {}) {
      const run = stage.run('dora')
      const started = await run.start(inputs, { sha: `refs/tags/${checkout}`, env })
      void started.ended.then(({ code }) => run.end(code === 0 ? 'success' : 'failure'))
      return started
    },
    ledger: () => ledgerOf(stage),
    async faults() {
      const served = await fetch(stage.shop.frontDoor.url)
      const seen = `${served.headers.get('x-release')} at ${served.headers.get('x-side')}`
      const should = `${ending.serves({ before: 'v1', after: 'v2', better: 'v3', detour: '' })} at home`
      return [...(await untruths(stage)), ...(seen === should ? [] : [`visitors get ${seen}, not ${should}`])]
    },
  }
}

const cases = endings
  .filter(({ revertBy }) => revertBy !== 'promote')
  .flatMap((ending) =>
    Array.from({ length: most }, (_, at) => ({
      ending,
      nth: at + 1,
      by: successors[at % successors.length] ?? 'a re-run',
    })),
  )

for (const { ending, nth, by } of sampled('endings of a detour', cases, { thinner: 4 }))
  test(`${ending.title}, killed at moment ${nth}, then ${by} → ends as undisturbed SD-18`, async () => {
    const { moment, faults, lost } = await killedAt(await aWorld(ending), nth, by)
    console.log(`${ending.title} ${nth} ${by}: ${moment ?? 'outlived'}`)
    expect(faults, `killed at ${moment}\n${lost}`).toEqual([])
    if (nth === most) expect(moment).toBeNull()
  })
