import { expect, test, vi } from 'vitest'
import type { Stage } from '../../src/sandbox/stage.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { type Answers, expectTruthAfterEach } from './answered.ts'
import { sampled } from './sample.ts'
import { aWorld, aWorldOfSlots, deploying, type Kill, killed, swift } from './scene.ts'

vi.setConfig({ testTimeout: 600_000 })

/** The decisions that a person may make on a deployment whose run was killed. */
const answers = {
  retry: (stage) => decide(stage, 'retry'),
  'roll-back': (stage) => decide(stage, 'roll-back'),
  abandon: (stage) => decide(stage, 'abandon'),
  'force-next': (stage) => decide(stage, 'force-next'),
  'the same release again': (stage) => workflow.deploy(stage, 'v2', { options: swift }),
  'another release': (stage) => workflow.deploy(stage, 'v3', { options: swift }),
} as const satisfies Answers

/** Refused where the question does not take it. */
const decide = (stage: Stage, decision: string) =>
  workflow.decide(stage, { decision, reason: 'its run was killed' }, { options: swift })

const scripts = ['leave', 'stop', 'install', 'start', 'self-test']

/** Every command of an instance of two slots: the new one is in b, the old one in a. */
const inSlots = [
  ...['leave', 'stop', 'install', 'start', 'self-test', 'enter'].map((script) => ({ script, slot: 'b' })),
  ...['leave', 'stop'].map((script) => ({ script, slot: 'a' })),
]

const moments: readonly Kill[] = [
  ...Array.from({ length: deploying.moments }, (_, index) => ({ moment: index + 1 })),
  { script: 'migrate' },
  ...scripts.flatMap((script) => ['web-1', 'web-2'].map((instance) => ({ script, instance }))),
]

const inWords = (kill: Kill): string =>
  'moment' in kill
    ? `at moment ${kill.moment}`
    : `in ${kill.script}${kill.instance === undefined ? '' : ` of ${kill.instance}`}`

const momentsOfSlots: readonly Kill[] = inSlots.flatMap(({ script, slot }) =>
  ['web-1', 'web-2'].map((instance) => ({ script, instance: `${instance}-${slot}` })),
)

const casesOf = (moments: readonly Kill[]) =>
  moments.flatMap((kill) =>
    [true, false].map((post) => ({
      ...{ kill, post },
      title: `${inWords(kill)}, ${post ? 'closed by post' : 'closed by nobody'}`,
    })),
  )

async function killedIn(stage: Stage, kill: Kill, post: boolean) {
  const job = await deploying.prepare(stage)
  await stage.release('v3', { migrations: 2 })
  const began = Date.now()
  return { began, words: await killed(stage, job, kill, deploying, post) }
}

for (const { kill, post, title } of sampled('kills', casesOf(moments), { answers }))
  test(`killed ${title}, then each answer → nothing untrue F41`, () =>
    expectTruthAfterEach(async () => {
      const stage = await aWorld()
      return { stage, ...(await killedIn(stage, kill, post)) }
    }, answers))

for (const { kill, post, title } of sampled('kills of slots', casesOf(momentsOfSlots), { answers }))
  test(`with two slots, killed ${title}, then each answer → nothing untrue, and one release in each F41 CC-21`, () =>
    expectTruthAfterEach(async () => {
      const stage = await aWorldOfSlots()
      const { frontDoor, instances } = stage.shop
      const { began, words } = await killedIn(stage, kill, post)
      return {
        ...{ stage, words },
        look(work, answer) {
          expect(frontDoor.lowestPool(began)).toBeGreaterThanOrEqual(instances.length)
          // An answer that was refused has done nothing, and abandon leaves all as it is: both may be up.
          if (work?.main.code === 0 && answer !== 'abandon')
            expect(frontDoor.poolSize()).toBe(instances.length)
        },
      }
    }, answers))
