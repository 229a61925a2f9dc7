import { describe, expect, test } from 'vitest'
import { execute } from '../../src/pipeline/run/execute.ts'
import { newer, older } from '../domain/a-plan.ts'
import { aDetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, leanPlan, opened } from './in-memory.ts'
import { answered } from './later-run.ts'

const kindsOf = ({ steps }: { readonly steps: readonly { readonly kind: string }[] }) =>
  steps.map(({ kind }) => kind)

describe('a deployment that steps aside', () => {
  test('has the stand-in serve while home is changed, asks people to look, and returns when one completes', async () => {
    const world = aDetourWorld()
    const { memory } = world
    const plan = steppingAside()
    const ending = await execute(await opened(memory, plan))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: {
        kind: 'inspection',
        options: ['complete', 'abandon'],
        links: [`https://home.example/?release=${newer.tag}`],
      },
    })
    expect([world.visitors(), world.running.get('web-1')]).toEqual([older.tag, newer.tag])
    expect((await keptLedger(memory)).detour).toMatchObject({
      id: 'shop-production-7',
      phase: 'open',
      release: { tag: older.tag },
    })
    expect(await answered(memory, 'complete')).toMatchObject({ outcome: { kind: 'succeeded' } })
    const { detour, serving } = await keptLedger(memory)
    expect([world.visitors(), detour, serving?.release.tag]).toEqual([newer.tag, null, newer.tag])
    expect([memory.detour.copies, memory.detour.state.writes]).toEqual([{ made: 1, removed: 1 }, 'open'])
    expect(world.breaches).toEqual([])
  })

  test('has its own steps around the change, and one without a request has none of them SD-01', () => {
    const aside = kindsOf(steppingAside())
    expect(aside).toEqual([
      ...['source', 'open-detour', 'migrate', 'roll-services', 'inspect', 'close-detour', 'record-version'],
    ])
    expect(steppingAside().steps.find(({ kind }) => kind === 'roll-services')).toMatchObject({
      batches: [['web-1', 'web-2']],
      floor: 0,
    })
    expect(kindsOf(leanPlan({}))).toEqual(['source', 'record-version'])
  })
})
