import { expect, test, vi } from 'vitest'
import type { Job, Stage } from '../../src/sandbox/stage.ts'
import { untruths } from '../../src/sandbox/truth/truth.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { does } from '../conversations/story.ts'
import { sampled } from './sample.ts'
import { aWorld, aWorldOfSlots, deploying, type Kill, killed, swift } from './scene.ts'

vi.setConfig({ testTimeout: 240_000 })

/** The decisions that a person may make on a deployment whose run was killed. */
const answers = {
  retry: (stage) => decide(stage, 'retry'),
  'roll-back': (stage) => decide(stage, 'roll-back'),
  abandon: (stage) => decide(stage, 'abandon'),
  'force-next': (stage) => decide(stage, 'force-next'),
  'the same release again': (stage) => workflow.deploy(stage, 'v2', { options: swift }),
  'another release': (stage) => workflow.deploy(stage, 'v3', { options: swift }),
} as const satisfies Record<string, (stage: Stage) => Promise<{ work: Job | null }>>

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
  ...Array.from({ length: deploying.calls }, (_, index) => index + 1).flatMap((call) => [
    { call, done: false },
    { call, done: true },
  ]),
  { script: 'migrate' },
  ...scripts.flatMap((script) => ['web-1', 'web-2'].map((instance) => ({ script, instance }))),
]

const inWords = (kill: Kill): string =>
  'call' in kill
    ? `at request ${kill.call}, which GitHub has ${kill.done ? '' : 'not '}done`
    : `in ${kill.script}${kill.instance === undefined ? '' : ` of ${kill.instance}`}`

const momentsOfSlots: readonly Kill[] = inSlots.flatMap(({ script, slot }) =>
  ['web-1', 'web-2'].map((instance) => ({ script, instance: `${instance}-${slot}` })),
)

const casesOf = (moments: readonly Kill[]) =>
  moments.flatMap((kill) =>
    [true, false].flatMap((post) =>
      (Object.keys(answers) as (keyof typeof answers)[]).map((answer) => ({
        kill,
        post,
        answer,
        title: `${inWords(kill)}, ${post ? 'closed by post' : 'closed by nobody'}, then ${answer}`,
      })),
    ),
  )

for (const { kill, post, answer, title } of sampled('kills', casesOf(moments)))
  test(`killed ${title} → nothing untrue F41`, async () => {
    const stage = await aWorld()
    const job = await deploying.prepare(stage)
    await stage.release('v3', { migrations: 2 })
    await killed(stage, job, kill, deploying.calls, post)
    const { work } = await answers[answer](stage)
    // A look may write nothing. Where there was nothing to answer, the clock's next watch puts the records right.
    if (work === null) await does(stage, { command: 'watch', environment: 'production' }, { options: swift })
    expect(await untruths(stage)).toEqual([])
  })

for (const { kill, post, answer, title } of sampled('kills of slots', casesOf(momentsOfSlots)))
  test(`with two slots, killed ${title} → nothing untrue, and one release in each F41 CC-21`, async () => {
    const stage = await aWorldOfSlots()
    const job = await deploying.prepare(stage)
    await stage.release('v3', { migrations: 2 })
    const began = Date.now()
    await killed(stage, job, kill, deploying.calls, post)
    const { work } = await answers[answer](stage)
    if (work === null) await does(stage, { command: 'watch', environment: 'production' }, { options: swift })
    expect(await untruths(stage)).toEqual([])
    const { frontDoor, instances } = stage.shop
    expect(frontDoor.lowestPool(began)).toBeGreaterThanOrEqual(instances.length)
    // An answer that was refused has done nothing: the question stands, and both may be up.
    if (work?.main.code === 0) expect(frontDoor.poolSize()).toBe(instances.length)
  })
