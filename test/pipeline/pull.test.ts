import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { desiredOf } from '../../src/domain/pull/desired.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aLedgerServing, aPlan, aPolicy, aRecipe, aTestBed, noSteps } from '../domain/a-plan.ts'
import { bob, keptLedger, opened, overtake, reading } from './in-memory.ts'
import { interval, intervals, type Pulling, pulling } from './pulling.ts'

const status = { kind: 'http', url: 'http://host/agent', timeout: 1_000 } as const
const policy = aPolicy({ approval: { kind: 'none' } })

/** The orders of before: the release that serves, for every instance. */
const told = ({ service, older }: Pulling): Ledger['pulled'] =>
  service.fleet.instances.map(({ name }) => ({
    ...{ service: 'web', instance: name, order: '6.1', artifacts: {}, restart: false },
    ...{ release: { tag: older.tag, sha: older.sha }, manifest: older.manifest ?? '' },
  }))

function planOf({ service, older, newer }: Pulling, wish: Parameters<typeof aPlan>[0] = {}): Plan {
  const recipe = aRecipe({ steps: noSteps, services: [service] })
  const { serving } = aLedgerServing(older)
  const ledger = aLedgerServing(older, { serving: serving && { ...serving, preDeploy: null } })
  return aPlan({ policy, recipe, release: newer, ledger, ...wish })
}

const openedOn = (bed: Pulling, wish: Parameters<typeof aPlan>[0] = {}): Promise<Context> =>
  opened(bed.memory, planOf(bed, wish), { pulled: told(bed) })

/** Answers the open question of deployment 7, as a later run. */
async function answer({ memory }: Pulling, decision: FinalDecision, pause = '7.1') {
  const kept = await memory.ledgers.read('shop', 'production')
  const asked = { environment: 'production', pause, instances: [], reason: 'seen', by: 'bob' }
  const answered = { ...asked, decision, override: '' }
  return (await decide(memory.ports, { ...kept, policy }, answered, bob, memory.stop, reading)).ending
}

const all = (bed: Pulling, tag: string): Record<string, string> =>
  Object.fromEntries(bed.service.fleet.instances.map(({ name }) => [name, tag]))

describe('a roll over hosts that pull', () => {
  test('writes the desired release of each batch in its turn, and succeeds when every instance says it WX-08 WX-09', async () => {
    const bed = await pulling(4)
    const seen: string[] = []
    const context = await openedOn(bed)
    const { session } = context
    const versions = () => {
      const asked = Object.values(bed.running()).filter((tag) => tag === bed.newer.tag).length
      const written = session.kept.ledger.pulled.filter(({ release }) => release.tag === bed.newer.tag)
      seen.push(`${written.length} written, ${asked} there`)
    }
    bed.memory.traffic.enter = async () => {
      versions()
      return null
    }
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded', forced: [] } })
    expect(bed.running()).toEqual(all(bed, bed.newer.tag))
    expect(seen).toEqual([
      '1 written, 1 there',
      '2 written, 2 there',
      '3 written, 3 there',
      '4 written, 4 there',
    ])
    const desired = bed.desired('web-4')
    expect(desired?.get('manifest')).toBe(bed.newer.manifest)
    expect(desired?.get('artifact')).toMatch(/^[0-9a-f]{64} shop\.tar\.gz$/)
    expect((await keptLedger(bed.memory)).unfinished).toEqual([])
  })

  test('takes an instance out of traffic before its agent is told, and back when it has proved itself', async () => {
    const bed = await pulling(2)
    const context = await openedOn(bed)
    const orders: (string | undefined)[] = []
    bed.memory.traffic.leave = async (name) => {
      orders.push(`${name} leaves with ${bed.desired(name)?.get('tag')}`)
      return null
    }
    bed.memory.traffic.enter = async (name) => {
      orders.push(`${name} enters with ${bed.desired(name)?.get('tag')}`)
      return null
    }
    await execute(context)
    const [was, is] = [bed.older.tag, bed.newer.tag]
    expect(orders).toEqual(
      ['web-1', 'web-2'].flatMap((name) => [`${name} leaves with ${was}`, `${name} enters with ${is}`]),
    )
  })

  test('runs no command on a host: stopping, installing and starting are the agent’s', async () => {
    const bed = await pulling(2)
    await execute(await openedOn(bed))
    const commands = bed.memory.effects().filter((effect) => !/^(?:leave|enter) |\?/.test(effect))
    expect(commands).toEqual([])
  })

  test('an agent that is off → not a success but a question after its intervals, with the others untouched WX-10', async () => {
    const bed = await pulling(3)
    bed.ways.set('web-2', 'off')
    const before = bed.memory.seconds()
    const ending = await execute(await openedOn(bed))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'failed-instances', instances: ['web-2'], failure: { code: 'not-converged' } },
    })
    expect(bed.memory.seconds() - before).toBeGreaterThanOrEqual((interval * intervals) / 1_000)
    expect(bed.running()).toEqual({ ...all(bed, bed.older.tag), 'web-1': bed.newer.tag })
    expect(bed.desired('web-3')?.get('tag')).toBe(bed.older.tag)
  })

  test.each([
    [intervals - 1, 'ended'],
    [intervals + 1, 'waiting'],
  ])('an agent that lags by %i looks → the run is %s WX-10', async (looks, kind) => {
    const bed = await pulling(2)
    bed.ways.set('web-1', looks)
    expect(await execute(await openedOn(bed))).toMatchObject({ kind })
  })

  test('an agent that came late meanwhile → retry finds it there and goes on', async () => {
    const bed = await pulling(2)
    bed.ways.set('web-1', intervals + 1)
    expect(await execute(await openedOn(bed))).toMatchObject({ kind: 'waiting' })
    await bed.memory.clock.advance(2 * interval)
    expect(await answer(bed, 'retry')).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(bed.running()).toEqual(all(bed, bed.newer.tag))
  })

  test('a failed self test in the agent’s report → asked within one interval, with the agent’s words', async () => {
    const bed = await pulling(2, { status })
    bed.ways.set('web-1', 'fails')
    const before = bed.memory.seconds()
    const ending = await execute(await openedOn(bed))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'agent-failed' } } })
    expect(ending).toMatchObject({
      pause: { failure: { what: expect.stringContaining('self test exited') } },
    })
    expect(bed.memory.seconds() - before).toBeLessThan((1.5 * interval) / 1_000)
  })

  test('a retry writes another order, because an agent tries none twice', async () => {
    const bed = await pulling(2, { status })
    bed.ways.set('web-1', 'fails')
    await execute(await openedOn(bed))
    expect(bed.desired('web-1')?.get('order')).toBe('7.1')
    bed.ways.set('web-1', 'well')
    expect(await answer(bed, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(bed.desired('web-1')?.get('order')).toBe('7.2')
  })

  test('an agent’s report that cannot be read → no success, although the instance says the release', async () => {
    const bed = await pulling(1, { status })
    bed.memory.prober.reply('http://host/agent', { kind: 'timed-out', after: 1_000 })
    const ending = await execute(await openedOn(bed))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'not-converged' } } })
    expect(bed.running()).toEqual(all(bed, bed.newer.tag))
  })
})

describe('going back on hosts that pull', () => {
  test('only the instances that were told get the release before, the failed one among them', async () => {
    const bed = await pulling(4)
    bed.ways.set('web-3', 'off')
    await execute(await openedOn(bed))
    bed.ways.set('web-3', 'well')
    const ended = await answer(bed, 'roll-back')
    expect(ended).toMatchObject({ kind: 'ended', outcome: { kind: 'rolled-back' } })
    expect(bed.running()).toEqual(all(bed, bed.older.tag))
    const orders = ['web-1', 'web-2', 'web-3', 'web-4'].map((name) => bed.desired(name)?.get('order'))
    expect(orders).toEqual(['7.2', '7.2', '7.2', '6.1'])
  })

  test('an agent that is off says the release before, and is still told it: it would bring the other one later', async () => {
    const bed = await pulling(2)
    bed.ways.set('web-1', 'off')
    await execute(await openedOn(bed))
    expect(bed.desired('web-1')?.get('tag')).toBe(bed.newer.tag)
    await answer(bed, 'roll-back')
    expect(bed.desired('web-1')?.get('tag')).toBe(bed.older.tag)
  })

  test('an abandoned deployment → the agent that failed is told nothing any more', async () => {
    const bed = await pulling(3)
    bed.ways.set('web-2', 'off')
    await execute(await openedOn(bed))
    expect(await answer(bed, 'abandon')).toMatchObject({ outcome: { kind: 'abandoned' } })
    const { pulled } = await keptLedger(bed.memory)
    const tags = ['web-1', 'web-2', 'web-3'].map((name) => desiredOf(pulled, 'web', name)?.release.tag)
    expect(tags).toEqual([bed.newer.tag, undefined, bed.older.tag])
  })
})

describe('a run that is killed while an agent works', () => {
  test.each(['retry', 'roll-back'] as const)(
    'at every save of the ledger, and answered by %s → every instance runs the same release',
    async (decision) => {
      for (let at = 1; ; at += 1) {
        const bed = await pulling(2)
        const { promise: died, resolve } = Promise.withResolvers<'died'>()
        let left = at
        const { ledgers } = bed.memory.ports
        const append: typeof ledgers.append = async (...asked) => {
          left -= 1
          if (left < 0) return new Promise(() => {})
          const made = await ledgers.append(...asked)
          if (left > 0) return made
          resolve('died')
          return new Promise(() => {})
        }
        const ports = { ...bed.memory.ports, ledgers: { ...ledgers, append } }
        const run = await opened({ ...bed.memory, ports }, planOf(bed), { pulled: told(bed) })
        await Promise.race([execute(run), died])
        if ((await keptLedger(bed.memory)).deployment === null) return expect(at).toBe(6)
        const ending = await answer(bed, decision)
        const tag = decision === 'roll-back' ? bed.older.tag : bed.newer.tag
        expect({ at, kind: ending.kind, running: bed.running() }).toEqual({
          ...{ at, kind: 'ended' },
          running: all(bed, tag),
        })
      }
    },
  )

  test('a resumed run asks an agent no second time for what it was asked already', async () => {
    const bed = await pulling(1)
    bed.ways.set('web-1', 2)
    const context = await openedOn(bed)
    const first = execute(context)
    await bed.memory.clock.advance(interval)
    bed.memory.forceToStop()
    await first
    expect(bed.desired('web-1')?.get('order')).toBe('7.1')
    const { journal } = context.session
    expect(journal.filter(({ kind }) => kind === 'instance-failed')).toEqual([])
  })

  test('a run that lost its lock tells no agent anything', async () => {
    const bed = await pulling(2)
    const context = await openedOn(bed)
    bed.memory.traffic.leave = async () => {
      await overtake(bed.memory)
      return null
    }
    await execute(context)
    expect(bed.desired('web-1')?.get('tag')).toBe(bed.older.tag)
  })
})

describe('the plan of hosts that pull', () => {
  test('refuses a release without a manifest', async () => {
    const bed = await pulling(2)
    const { manifest: _, ...bare } = bed.newer
    expect(planOf(bed, { release: bare }).refusals).toMatchObject([{ code: 'manifest-missing' }])
  })

  test('warns of a serving release without a manifest, to which no agent goes back', async () => {
    const bed = await pulling(2)
    const { manifest: _, ...bare } = bed.older
    const ledger = aLedgerServing(bare)
    expect(planOf(bed, { ledger }).warnings).toContainEqual(expect.stringContaining('has no manifest'))
  })

  test('refuses a restart where nothing would show it', async () => {
    for (const [change, codes] of [
      [{}, ['config-invalid']],
      [{ status }, []],
    ] as const) {
      const bed = await pulling(2, change)
      const plan = planOf(bed, { wanted: 'restart', release: bed.older, relation: 'identical' })
      expect(plan.refusals.map(({ code }) => code)).toEqual(codes)
    }
  })

  test('changes instances that no ledger told the release yet, whatever they say', async () => {
    const bed = await pulling(2)
    const [roll] = planOf(bed).steps.filter(({ kind }) => kind === 'roll-services')
    expect(roll).toMatchObject({ undesired: ['web-1', 'web-2'] })
    expect(planOf(bed, { wanted: 'deploy', redeploy: true, release: bed.older }).steps).toContainEqual(
      expect.objectContaining({ undesired: ['web-1', 'web-2'] }),
    )
  })

  test('a single instance needs accepted downtime, although its config has no stop', async () => {
    const bed = await pulling(1)
    const rollout = { ...bed.service.rollout, acceptDowntime: false }
    const plan = planOf({ ...bed, service: { ...bed.service, rollout } })
    expect(plan.refusals).toMatchObject([{ code: 'single-instance' }])
  })

  test('tries a test bed first, as on any fleet', async () => {
    const bed = await pulling(4)
    const service = { ...bed.service, testBed: aTestBed(1, { on: 'clock' }) }
    const ending = await execute(await openedOn({ ...bed, service }))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { kind: 'wait' } })
    expect(bed.running()).toEqual({ ...all(bed, bed.older.tag), 'web-1': bed.newer.tag })
  })
})
