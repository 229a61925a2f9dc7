import { describe, expect, test } from 'vitest'
import type { Service } from '../../src/domain/config/service.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, anSshFleet, aService, aTestBed, rollsOf } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest, planned } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, inMemory, keptLedger, opened } from './in-memory.ts'

const fleet = anSshFleet([], { inventory: aCommand('print-hosts') })
const reader = (change: Partial<Service> = {}, rollout: Partial<Service['rollout']> = {}) =>
  aReader({
    policy: { approval: { kind: 'none' } },
    recipe: { services: [aService('web', 0, rollout, { fleet, ...change })] },
  })

async function ready(printed: readonly string[], code = 0): Promise<InMemory> {
  const memory = inMemory()
  const { v3, serve } = await aRepository(memory)
  await serve()
  memory.workspace.head = v3.sha
  memory.shell.play('print-hosts', { lines: printed, ends: { kind: 'exited', code } })
  return memory
}

const run = (memory: InMemory, plan: Plan | null, config = reader()) =>
  deploy(anActingRun({ ports: memory.ports, config, doer: bob }), aRequest(), plan && shownPlan(plan))

const asked = (memory: InMemory) => memory.effects().filter((effect) => effect === 'print-hosts').length

describe('an inventory', () => {
  test('is asked behind the gate: what was approved has the command, what is executed its hosts', async () => {
    const memory = await ready(['web-1', 'web-2', 'web-3'])
    const plan = await planned(memory, {}, reader())
    expect(asked(memory)).toBe(0)
    expect(await run(memory, plan)).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
    expect(asked(memory)).toBe(1)
    expect(memory.effects().filter((effect) => effect.startsWith('install'))).toEqual([
      'install web-1',
      'install web-2',
      'install web-3',
    ])
    expect(memory.shell.calls[0]?.variables).toMatchObject({
      ROLLGATE_SERVICE: 'web',
      ROLLGATE_RELEASE: 'v3',
    })
    const { hosts } = (await keptLedger(memory)).serving ?? expect.fail()
    expect(hosts?.web?.map(({ name }) => name)).toEqual(['web-1', 'web-2', 'web-3'])
  })

  test('stderr of it is no host F21', async () => {
    const memory = await ready([])
    memory.shell.play('print-hosts', { errors: ['WARNING: boto3 is old'], lines: ['web-1', 'web-2'] })
    expect(await run(memory, null)).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
    expect(memory.effects().filter((effect) => effect.startsWith('install'))).toEqual([
      'install web-1',
      'install web-2',
    ])
  })

  test('its hosts make the batches, the floor and the test bed', async () => {
    const memory = await ready(['[web-1, web-2, web-3, web-4]'])
    memory.shell.play('install', { ends: { kind: 'exited', code: 1 } })
    await run(memory, null, reader({ testBed: aTestBed(1) }, { maxParallel: { kind: 'percent', value: 50 } }))
    const kept = (await keptLedger(memory)).deployment?.plan
    expect(kept === undefined ? null : rollsOf(kept)[0]).toMatchObject({
      width: 2,
      floor: 2,
      testBed: ['web-1'],
      batches: [['web-1'], ['web-2', 'web-3'], ['web-4']],
    })
  })

  test('is not asked again by a run that goes on: the deployment keeps its hosts', async () => {
    const memory = await ready(['web-1', 'web-2', 'web-3'])
    const plan = await planned(memory, {}, reader())
    memory.shell.play('install', { ends: { kind: 'exited', code: 1 } })
    expect(await run(memory, plan)).toMatchObject({
      ending: { kind: 'waiting', pause: { instances: ['web-1'] } },
    })
    memory.shell.play('print-hosts', { lines: ['web-9'] })
    expect(await run(memory, plan)).toMatchObject({
      ending: { kind: 'waiting', pause: { instances: ['web-1'] } },
    })
    expect(asked(memory)).toBe(1)
  })

  test.each([
    ['prints nothing', [], 0, 'inventory-invalid', 'printed no host'],
    ['fails', ['no credentials'], 1, 'inventory-invalid', 'the inventory of web exited with 1'],
    ['prints what cannot be a host', ['two words'], 0, 'inventory-invalid', 'cannot be read as hosts'],
    ['prints one host alone', ['web-1'], 0, 'single-instance', 'web has one instance, web-1'],
  ])(
    'that %s is refused before anything is held or written',
    async (_title, printed, code, reason, words) => {
      const memory = await ready(printed, code)
      await expect(run(memory, null)).rejects.toMatchObject({
        code: reason,
        what: expect.stringContaining(words),
      })
      expect(memory.ledgers.commits('shop', 'production')).toHaveLength(1)
    },
  )

  test('is refused from the checkout of another release', async () => {
    const memory = await ready(['web-1', 'web-2'])
    memory.workspace.head = 'f'.repeat(40)
    await expect(run(memory, null)).rejects.toMatchObject({ code: 'checkout-differs' })
    expect(asked(memory)).toBe(0)
  })

  test('that was never asked lets no roll end well over no host F43', async () => {
    const plan = await planned(await ready(['web-1', 'web-2']), {}, reader())
    const memory = inMemory()
    memory.workspace.head = plan.release.sha
    const ending = await execute(await opened(memory, plan))
    expect(ending).toMatchObject({ kind: 'interrupted', problem: { code: 'inventory-invalid' } })
    expect((await keptLedger(memory)).history).toEqual([])
  })
})
