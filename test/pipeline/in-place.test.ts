import { describe, expect, test } from 'vitest'
import type { Service } from '../../src/domain/config/service.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import type { Ports } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aPolicy, aService, newer, older } from '../domain/a-plan.ts'
import { bob, type InMemory, inMemory, leanPlan, opened, reading, unrepeated } from './in-memory.ts'

const url = 'http://127.0.0.1/version'

/** Instances that keep their traffic: a process says the release that it last switched to. */
function switched(many: number): { memory: InMemory; service: Service; running: Map<string, string> } {
  const memory = inMemory()
  const running = new Map<string, string>()
  const { fleet, ...rest } = aService('web', many, { order: { kind: 'in-place' } })
  const service: Service = {
    ...rest,
    fleet: { ...fleet, stop: null },
    traffic: { kind: 'is-alive' },
    version: { kind: 'http', url, timeout: 1_000 },
  }
  memory.shell.play('start', ({ variables: { ROLLGATE_INSTANCE: name = '' } }) => {
    running.set(name, memory.installed.get(name) ?? older.tag)
    return {}
  })
  memory.prober.replyBy(url, ({ ROLLGATE_INSTANCE: name = '' }) => ({
    kind: 'yes',
    text: running.get(name) ?? older.tag,
  }))
  return { memory, service, running }
}

const serving = (running: ReadonlyMap<string, string>, many: number): string[] =>
  Array.from({ length: many }, (_, at) => running.get(`web-${at + 1}`) ?? older.tag)

describe('an instance that changes in place', () => {
  test('installs, switches, says its version, passes its self test, and never leaves traffic', async () => {
    const { memory, service } = switched(1)
    const context = await opened(memory, leanPlan({ services: [service] }))
    expect(context.plan.refusals).toEqual([])
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(unrepeated(memory.effects()).slice(2)).toEqual(
      ['install', 'start', `${url}?`, 'self-test?', 'is-alive?'].map((effect) => `${effect} web-1`),
    )
  })

  test('one that does not switch is asked about, in traffic as it is, and the others are not touched', async () => {
    const { memory, service, running } = switched(3)
    memory.shell.play('start', {})
    const ending = await execute(await opened(memory, leanPlan({ services: [service] })))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { instances: ['web-1'], failure: { code: 'version-wrong' }, capacity: { available: 2 } },
    })
    expect(memory.effects().filter((effect) => /^(?:leave|stop|enter)/.test(effect))).toEqual([])
    expect(serving(running, 3)).toEqual([older.tag, older.tag, older.tag])
  })
})

describe('a run that is killed in a switch', () => {
  const many = 3
  const policy = aPolicy({ approval: { kind: 'none' } })
  const ends = { retry: newer.tag, 'roll-back': older.tag }

  /** The nth command is the last one of the run; `done`: it still comes to its end. */
  function dyingAt(ports: Ports, n: number, done: boolean): { ports: Ports; died: Promise<'died'> } {
    const { promise: died, resolve } = Promise.withResolvers<'died'>()
    let left = n
    const fleet: Ports['fleet'] = (recipe) => ({
      ...ports.fleet(recipe),
      async run(...asked) {
        left -= 1
        const finished = left > 0 || (left === 0 && done) ? await ports.fleet(recipe).run(...asked) : null
        if (left > 0 && finished !== null) return finished
        resolve('died')
        return new Promise(() => {})
      },
    })
    return { ports: { ...ports, fleet }, died }
  }

  test.each(Object.entries(ends))(
    'at any command, and answered by %s → every instance serves %s F41',
    async (decision, tag) => {
      for (let at = 1; at <= 2 * many; at += 1)
        for (const done of [true, false]) {
          const { memory, service, running } = switched(many)
          const { ports, died } = dyingAt(memory.ports, at, done)
          const run = await opened({ ...memory, ports }, leanPlan({ services: [service] }))
          await Promise.race([execute(run), died])
          const kept = await memory.ledgers.read('shop', 'production')
          const answer = { environment: 'production', pause: '7.1', instances: [], reason: 'seen', by: 'bob' }
          const { ending } = await decide(
            memory.ports,
            { ...kept, policy },
            { ...answer, decision: decision as FinalDecision, override: '' },
            bob,
            memory.stop,
            reading,
          )
          const title = `killed at ${at}, ${done ? 'done' : 'not done'}`
          expect({ title, kind: ending.kind, serving: serving(running, many) }).toEqual({
            title,
            kind: 'ended',
            serving: Array(many).fill(tag),
          })
        }
    },
  )
})
