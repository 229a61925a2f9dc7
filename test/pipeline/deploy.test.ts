import { describe, expect, test } from 'vitest'
import { type Plan, sealPlan } from '../../src/domain/plan.ts'
import { deploy } from '../../src/pipeline/deploy.ts'
import { neverStops } from '../../src/pipeline/stop.ts'
import type { Request } from '../../src/pipeline/survey.ts'
import { aReader, aRepository, aRequest, planned, type Reading } from './a-repository.ts'
import { bob, type InMemory, inMemory, keptLedger } from './in-memory.ts'

describe('deploying', () => {
  const open: Reading = { policy: { approval: { kind: 'none' } } }
  const moved: Reading = { policy: { ...open.policy, url: 'https://elsewhere.example' } }

  /** `held`: what was remembered as about to be held, and how many commits its ledger had by then. */
  async function aDeployment(
    memory: InMemory,
    plan: Plan | null,
    request: Partial<Request> = {},
    reads = open,
  ) {
    const held: string[] = []
    const hold = (app: string, environment: string) =>
      void held.push(`${app} ${environment} ${memory.ledgers.commits(app, environment).length}`)
    const done = deploy(memory.ports, aReader(reads), aRequest(request), plan, bob, neverStops, hold)
    const failure = await done.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    return { deployed: failure === null ? await done : null, failure, held }
  }

  /** One in which the second of three releases serves, and the third is checked out. */
  async function ready() {
    const memory = inMemory()
    const { v3, serve } = await aRepository(memory)
    await serve()
    memory.workspace.head = v3.sha
    return memory
  }

  test('remembers what it is about to hold before it holds it', async () => {
    const { deployed, held } = await aDeployment(await ready(), null)
    expect(deployed).toMatchObject({ kind: 'done', ending: { outcome: { kind: 'succeeded' } } })
    expect(held).toEqual(['shop production 1'])
  })

  test('holds nothing, and writes nothing, when there is nothing to do or it is refused', async () => {
    const memory = await ready()
    const again = await aDeployment(memory, null, { tag: 'v2' })
    expect(again).toMatchObject({ deployed: { kind: 'already-deployed' }, held: [] })
    const older = await aDeployment(memory, null, { tag: 'v1' })
    expect(older).toMatchObject({ failure: { code: 'release-older' }, held: [] })
    expect(memory.ledgers.commits('shop', 'production')).toHaveLength(1)
  })

  test('CC-20: refuses what is not what was approved, and says what moved', async () => {
    const memory = await ready()
    const plan = await planned(memory, {}, aReader(open))
    expect(await aDeployment(memory, plan, {}, moved)).toMatchObject({
      failure: { code: 'plan-changed', what: expect.stringContaining('environment') },
      held: [],
    })
    expect((await keptLedger(memory)).deployment).toBeNull()
  })

  test.each([
    ['schema', (plan: Plan) => ({ ...plan, release: { ...plan.release, schemaVersion: '1' } })],
    ['relation', (plan: Plan) => ({ ...plan, relation: 'behind' as const })],
    ['commits', (plan: Plan) => ({ ...plan, commits: 99 })],
    ['way back', (plan: Plan) => ({ ...plan, wayBack: null })],
    ['steps', (plan: Plan) => ({ ...plan, steps: plan.steps.slice(1) })],
  ])('refuses a plan whose %s was forged and sealed anew F47', async (_what, forge) => {
    const memory = await ready()
    const { digest: _, ...forged } = forge(await planned(memory, {}, aReader(open)))
    expect(await aDeployment(memory, sealPlan(forged))).toMatchObject({
      failure: { code: 'plan-changed' },
      held: [],
    })
    expect((await keptLedger(memory)).deployment).toBeNull()
  })

  test('brings a release over one whose commit is gone, for whoever acknowledges it F27', async () => {
    const memory = await ready()
    const { ledger } = await memory.ledgers.read('shop', 'production')
    memory.repository.lose(ledger.serving?.release.sha ?? '')
    expect(await aDeployment(memory, null)).toMatchObject({ failure: { code: 'release-older' }, held: [] })
    const knowing = { acknowledged: { older: true, dataLoss: false } }
    const plan = await planned(memory, knowing, aReader(open))
    expect(await aDeployment(memory, plan, knowing)).toMatchObject({
      deployed: { kind: 'done', ending: { outcome: { kind: 'succeeded' } } },
    })
    expect((await keptLedger(memory)).serving?.release.tag).toBe('v3')
  })

  test('GH-10: goes on with a plan that has begun, whatever a new one would say', async () => {
    const memory = await ready()
    const plan = await planned(memory, {}, aReader(open))
    memory.shell.play('install', { ends: { kind: 'exited', code: 1 } })
    const first = await aDeployment(memory, plan)
    expect(first.deployed).toMatchObject({ ending: { kind: 'waiting', pause: { id: '4.1' } } })
    const again = await aDeployment(memory, plan, {}, moved)
    expect(again.deployed).toMatchObject({ ending: { kind: 'waiting', pause: { id: '4.1' } } })
  })
})
