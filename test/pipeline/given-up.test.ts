import { expect, test } from 'vitest'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import type { Part } from '../fakes/fake-shell.ts'
import { aReader, aRequest } from './a-repository.ts'
import { aShop } from './a-schedule.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, keptLedger } from './in-memory.ts'

const deploys = (memory: InMemory, tag: string) =>
  deploy(
    anActingRun({
      ports: memory.ports,
      config: aReader({ policy: { approval: { kind: 'none' } } }),
      doer: bob,
    }),
    aRequest({ tag, acknowledged: { older: true, dataLoss: false } }),
    null,
  )

const hangs = Number.POSITIVE_INFINITY

test.each<[string, Part, string, RegExp]>([
  [
    'on a host that does not say so is given up',
    { takes: hangs, unconfirmed: true },
    'outcome-unknown',
    /did not end within .* no longer watched, and may still be at work/,
  ],
  [
    'that was ended is said to have taken too long',
    { takes: hangs },
    'command-timed-out',
    /and was ended with/,
  ],
  [
    'that failed is said to have failed',
    { ends: { kind: 'exited', code: 1 } },
    'command-failed',
    /exited with 1/,
  ],
])('a command %s, and the environment stays locked CC-25', async (_title, part, code, what) => {
  const { memory } = await aShop()
  memory.shell.play('install', { lines: ['unpacking'], ...part })
  expect(await deploys(memory, 'v3')).toMatchObject({
    ending: {
      kind: 'waiting',
      pause: { failure: { code, what: expect.stringMatching(what), tail: ['unpacking'] } },
    },
  })
  const held = await keptLedger(memory)
  expect(held).toMatchObject({
    deployment: { plan: { release: { tag: 'v3' } } },
    serving: { release: { tag: 'v2' } },
  })
  await expect(deploys(memory, 'v1')).rejects.toMatchObject({
    code: 'decision-needed',
  })
  expect(await keptLedger(memory)).toEqual(held)
})
