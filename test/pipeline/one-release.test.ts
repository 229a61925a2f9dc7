import { describe, expect, test } from 'vitest'
import { execute } from '../../src/pipeline/run/execute.ts'
import { allSteps, aPlan, aPolicy, aRecipe, aService, newer, older } from '../domain/a-plan.ts'
import { inMemory, opened, unrepeated } from './in-memory.ts'

/** A deployment with every step of the standard order, to two services, executed to its end. */
async function deployed() {
  const memory = inMemory()
  memory.outputs.written = 'DIGEST=sha256:abc\n'
  const plan = aPlan({
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({ steps: allSteps, services: [aService('web', 2), aService('worker', 2)] }),
  })
  const ending = await execute(await opened(memory, plan))
  expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
  const told = (run: string) =>
    memory.shell.calls.filter(({ command }) => command.run === run).map(({ variables }) => variables)
  return { memory, told }
}

describe('in one deployment', () => {
  test('every command is told the same commit and tag, and so is every instance of every service SP-02', async () => {
    const { memory, told } = await deployed()
    const named = memory.shell.calls.map(({ variables }) => variables)
    expect(new Set(named.map((variables) => variables.ROLLGATE_SHA))).toEqual(new Set([newer.sha]))
    expect(new Set(named.map((variables) => variables.ROLLGATE_RELEASE))).toEqual(new Set([newer.tag]))
    expect(told('install').map((variables) => variables.ROLLGATE_INSTANCE)).toEqual([
      'web-1',
      'web-2',
      'worker-1',
      'worker-2',
    ])
  })

  test('the scheduler and every instance get the digest of the same build SP-21', async () => {
    const { memory, told } = await deployed()
    expect(memory.effects().filter((effect) => effect === 'build')).toHaveLength(1)
    const digests = [...told('deploy-scheduler'), ...told('install')].map(({ DIGEST }) => DIGEST)
    expect(digests).toEqual(Array.from({ length: 5 }, () => 'sha256:abc'))
  })

  test.each(['pre-deploy', 'pre-configure', 'post-configure', 'post-deploy'])(
    'the hook %s sees the environment, and which pipeline it is in SP-38',
    async (hook) => {
      const { told } = await deployed()
      expect(told(hook)).toEqual([
        expect.objectContaining({
          ROLLGATE_ENVIRONMENT: 'production',
          ROLLGATE_MODE: 'deploy',
          ROLLGATE_PREVIOUS_RELEASE: older.tag,
        }),
      ])
    },
  )

  test('the hooks around the configuration stand before the migration and after the services SP-18', async () => {
    const { memory } = await deployed()
    const order = ['pre-configure', 'migrate', 'install', 'post-configure', 'post-deploy']
    const ran = memory.effects().map((effect) => effect.split(' ')[0] ?? '')
    expect(unrepeated(ran.filter((what) => order.includes(what)))).toEqual(order)
  })

  test('the new scheduler comes while it is suspended, and is resumed only after the migration SP-19', async () => {
    const { memory } = await deployed()
    const order = ['suspend', 'deploy-scheduler', 'migrate', 'resume']
    expect(memory.effects().filter((effect) => order.includes(effect))).toEqual(order)
  })
})
