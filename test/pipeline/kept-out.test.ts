import { describe, expect, test } from 'vitest'
import { keptOutBy } from '../../src/domain/rolling/out-of-traffic.ts'
import type { Answer } from '../../src/pipeline/ports.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute, type RunEnding } from '../../src/pipeline/run/execute.ts'
import { aCommand, aRecipe, aService, count } from '../domain/a-plan.ts'
import { inMemory, leanPlan, opened } from './in-memory.ts'
import { watched } from './later-run.ts'

const serving = { kind: 'run', command: aCommand('in-pool') } as const
const byCommand = { kind: 'command', leave: null, enter: null, serving, timeout: 1_000 } as const
const plan = leanPlan({
  services: [aService('web', 4, { maxParallel: count(2), minAvailable: count(1) }, { traffic: byCommand })],
})

const yes = { kind: 'yes', text: '' } as const
const no = { kind: 'no', why: 'it is out', text: '' } as const
const silent = { kind: 'unknown', why: 'the balancer does not answer' } as const

/** A rollout with an open question: the self tests of two instances failed, and both are out of traffic. */
async function asked() {
  const memory = inMemory()
  const pool = new Map<string, Answer>([
    ['web-1', no],
    ['web-2', no],
  ])
  memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name = '' }) => (pool.has(name) ? no : yes))
  const context = await opened(memory, plan)
  const ending = await execute(context)
  memory.prober.replyBy('in-pool', ({ ROLLGATE_INSTANCE: name = '' }) => pool.get(name) ?? yes)
  return { memory, pool, context, ending }
}

async function answered(context: Context, ending: RunEnding): Promise<RunEnding> {
  if (ending.kind !== 'waiting') throw new Error(`nothing is asked: ${JSON.stringify(ending)}`)
  const { id } = ending.pause
  const decided = { decision: 'force-next', instances: [], by: 'bob', reason: 'it is known' } as const
  context.session.note({ kind: 'decided', pause: id, ...decided })
  return execute(context)
}

const outIn = ({ session }: Context) =>
  keptOutBy({ plan, journal: session.journal }).map(({ instance }) => instance)

describe('an instance that failed, when its rollout goes on', () => {
  test('is taken out of traffic again where the balancer has it back, and nobody is asked F04', async () => {
    const { memory, pool, context, ending } = await asked()
    pool.set('web-1', yes)
    const before = memory.effects().length
    memory.traffic.leave = async (name) => {
      if (pool.has(name)) pool.set(name, no)
      return null
    }
    expect(await answered(context, ending)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.effects().slice(before, before + 2)).toEqual(['in-pool? web-1', 'leave web-1'])
  })

  test('is asked about once where its traffic is unknown for a minute, and stays with the watch F04 F03', async () => {
    const { memory, pool, context, ending } = await asked()
    pool.set('web-1', silent)
    const again = await answered(context, ending)
    expect(again).toMatchObject({
      kind: 'waiting',
      pause: { instances: ['web-1'], failure: { code: 'traffic-unknown' } },
    })
    expect(outIn(context)).toEqual(['web-1', 'web-2'])
    expect(await answered(context, again)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.voice.texts('warning').join()).toContain(
      'It could not be seen whether web-1 gets requests: the balancer does not answer.',
    )
    expect(outIn(context)).toEqual(['web-1', 'web-2'])
  })

  test('needs no question where its traffic is unknown for a moment F03', async () => {
    const { memory, pool, context, ending } = await asked()
    pool.set('web-1', silent)
    void memory.clock.sleep(5_000).then(() => pool.set('web-1', no))
    expect(await answered(context, ending)).toMatchObject({ outcome: { kind: 'succeeded' } })
  })
})

test('a failed instance is kept out by the watch also where one before it cannot be seen F04 F03', async () => {
  const { memory, pool } = await asked()
  pool.set('web-1', silent).set('web-2', yes)
  expect(await watched(memory, { recipe: async () => aRecipe() })).toMatchObject({
    corrected: ['web-2 had failed, was back in traffic, and was taken out of it again'],
    problem: { code: 'traffic-unknown' },
  })
})
