import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { sealPlan } from '../../src/domain/plan/seal.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import type { Ports } from '../../src/pipeline/ports.ts'
import { aTime } from '../domain/a-journal.ts'
import { aHistory, aPast } from '../domain/a-ledger.ts'
import { aLedgerServing, aService } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest, planned, type Reading, type Requests } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, inMemory, keptLedger } from './in-memory.ts'

/** Part of a plan with other content, as a forger writes it. */
function altered<T extends object>(known: T | null, change: object): T {
  if (known === null) throw new Error('the plan does not have it')
  return { ...known, ...change }
}

const byAlice = (which: 'overrideVerified' | 'overrideRehearsed') => ({
  [which]: { by: 'alice', reason: 'now' },
})

describe('deploying', () => {
  const open: Reading = { policy: { approval: { kind: 'none' } } }
  const named = { kind: 'named', from: ['rhea'], notSelf: false } as const
  const moved: Reading = { policy: { ...open.policy, url: 'https://elsewhere.example' } }

  /** `held`: the ledger to be locked, as remembered, and the number of its commits by then. */
  async function aDeployment(memory: InMemory, plan: Plan | null, request: Requests = {}, reads = open) {
    const held: string[] = []
    const hold = (app: string, environment: string) =>
      void held.push(`${app} ${environment} ${memory.ledgers.commits(app, environment).length}`)
    const done = deploy(
      anActingRun({ ports: memory.ports, config: aReader(reads), doer: bob, beforeLock: hold }),
      aRequest(request),
      plan && shownPlan(plan),
    )
    const failure = await done.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    return { deployed: failure === null ? await done : null, failure, held }
  }

  /** A shop in which the second of three releases serves, and the third is checked out. */
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

  test.each([
    ['a rollback that may begin opens connections before it holds the lock', open, [1, 1]],
    ['a rollback that waits for its approval opens none', { policy: { approval: named } }, []],
  ])('%s', async (_, { policy = {} }, commits) => {
    const memory = inMemory()
    const { v1, serve } = await aRepository(memory)
    await serve()
    memory.workspace.head = v1.sha
    const reached: number[] = []
    const fleet: Ports['fleet'] = (recipe) => ({
      ...memory.ports.fleet(recipe),
      async reach() {
        reached.push(memory.ledgers.commits('shop', 'production').length)
      },
    })
    const run = anActingRun({
      ...{ ports: { ...memory.ports, fleet }, doer: bob },
      config: aReader({ policy, recipe: { services: [aService('web', 2)] } }),
    })
    await deploy(run, aRequest({ wanted: 'rollback', tag: null }), null)
    expect(reached.slice(0, 2)).toEqual(commits)
  })

  test('holds nothing, and writes nothing, when there is nothing to do or it is refused', async () => {
    const memory = await ready()
    const again = await aDeployment(memory, null, { tag: 'v2' })
    expect(again).toMatchObject({ deployed: { kind: 'already-deployed' }, held: [] })
    const older = await aDeployment(memory, null, { tag: 'v1' })
    expect(older).toMatchObject({ failure: { code: 'release-older' }, held: [] })
    expect(memory.ledgers.commits('shop', 'production')).toHaveLength(1)
  })

  test('refuses what is not what was approved, and says what moved CC-20', async () => {
    const memory = await ready()
    const plan = await planned(memory, {}, aReader(open))
    expect(await aDeployment(memory, plan, {}, moved)).toMatchObject({
      failure: {
        code: 'plan-changed',
        what: expect.stringContaining('the policy of production on the default branch'),
      },
      held: [],
    })
    expect((await keptLedger(memory)).deployment).toBeNull()
  })

  test.each([
    ['schema', (plan: Plan) => ({ ...plan, release: { ...plan.release, schemaVersion: '1' } })],
    ['relation', (plan: Plan) => ({ ...plan, relation: 'behind' as const })],
    ['commits', (plan: Plan) => ({ ...plan, commits: 99 })],
    ['rollback', (plan: Plan) => ({ ...plan, wayBack: null })],
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

  describe('a release that other environments prove', () => {
    const proving: Reading = {
      policy: { ...open.policy, verifiedIn: 'staging', rehearsedIn: 'staging' },
    }

    async function proven() {
      const memory = inMemory()
      const { v1, v2, v3, serve } = await aRepository(memory)
      await serve()
      memory.workspace.head = v3.sha
      const checked = { from: v2, compatibility: { passed: true, at: aTime(30) } }
      const back = aPast(v2, { mode: 'rollback', from: v3 })
      const history = aHistory(aPast(v1), aPast(v2), aPast(v3), back, aPast(v3, checked))
      const staging = { ...aLedgerServing(v3, { history }), environment: 'staging' }
      await memory.ledgers.append(null, staging, 'v3 is proven')
      return { memory, plan: await planned(memory, {}, aReader(proving)) }
    }

    test('with the proof it is deployed', async () => {
      const { memory, plan } = await proven()
      expect(plan).toMatchObject({
        verification: { kind: 'verified', deployment: 5 },
        rehearsal: { kind: 'rehearsed', back: 4, again: 5 },
        wayBack: { feasibility: { proven: { kind: 'proven', deployment: 5 } } },
      })
      expect(await aDeployment(memory, plan, {}, proving)).toMatchObject({ deployed: { kind: 'done' } })
    })

    const inWayBack = ({ wayBack }: Plan, deployment: number): Plan['wayBack'] => {
      if (wayBack?.feasibility.kind !== 'safe' || wayBack.feasibility.proven === undefined)
        throw new Error('nothing is proven of the way back')
      const { feasibility } = wayBack
      const proven = { ...wayBack.feasibility.proven, deployment }
      return { ...wayBack, feasibility: { ...feasibility, proven } }
    }
    test.each<[string, (plan: Plan) => Partial<Plan>]>([
      ['verification', ({ verification }) => ({ verification: altered(verification, { deployment: 2 }) })],
      ['words of it', ({ verification }) => ({ verification: altered(verification, { words: 'good' }) })],
      ['rehearsal', ({ rehearsal }) => ({ rehearsal: altered(rehearsal, { back: 2 }) })],
      ['proof of the way back', (plan) => ({ wayBack: inWayBack(plan, 2) })],
    ])('a plan whose %s was forged and sealed anew is refused F47', async (_what, forge) => {
      const { memory, plan } = await proven()
      const { digest: _, ...rest } = { ...plan, ...forge(plan) }
      expect(await aDeployment(memory, sealPlan(rest), {}, proving)).toMatchObject({
        failure: { code: 'plan-changed' },
        held: [],
      })
    })
  })

  test.each<[string, Requests, Requests]>([
    ['the proof', { overrideVerified: { by: 'dora', reason: 'now' } }, {}],
    [
      'the proof, by another',
      { overrideVerified: { by: 'dora', reason: 'now' } },
      byAlice('overrideVerified'),
    ],
    ['the rehearsal', { overrideRehearsed: { by: 'dora', reason: 'now' } }, {}],
  ])(
    'a plan that claims an override of %s which nobody asked for is refused F47',
    async (_what, made, asked) => {
      const memory = await ready()
      const needed = made.overrideVerified ? { verifiedIn: 'staging' } : { rehearsedIn: 'staging' }
      const reads: Reading = { policy: { ...open.policy, ...needed } }
      const forged = await planned(memory, made, aReader(reads))
      expect(forged.refusals).toEqual([])
      expect(await aDeployment(memory, forged, asked, reads)).toMatchObject({
        failure: { code: expect.stringMatching(/^(plan-changed|not-verified|not-rehearsed)$/) },
        held: [],
      })
    },
  )

  test('a plan that claims a confirmation which nobody typed is refused F47', async () => {
    const memory = await ready()
    const reads: Reading = { ...open, recipe: { baseVersion: '2027.1' } }
    const forged = await planned(memory, { changeBase: true, confirm: 'production' }, aReader(reads))
    expect(forged).toMatchObject({ guard: { confirmed: true }, refusals: [] })
    expect(await aDeployment(memory, forged, { changeBase: true }, reads)).toMatchObject({
      failure: { code: 'confirmation-missing' },
      held: [],
    })
  })

  test('a plan that claims a schedule is refused where none asked for it F47', async () => {
    const memory = await ready()
    const { digest: _, ...plan } = await planned(memory, {}, aReader(open))
    const at = { at: aTime(0), local: 'now' }
    const forged = sealPlan({ ...plan, schedule: { id: 's1', at, by: 'rhea', reason: 'so it is' } })
    expect(await aDeployment(memory, forged)).toMatchObject({
      failure: {
        code: 'plan-changed',
        what: expect.stringContaining('the schedule that starts it (now: none)'),
      },
      held: [],
    })
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

  test('goes on with a plan that has begun, whatever a new one would say GH-10', async () => {
    const memory = await ready()
    const plan = await planned(memory, {}, aReader(open))
    memory.shell.play('install', { ends: { kind: 'exited', code: 1 } })
    const first = await aDeployment(memory, plan)
    expect(first.deployed).toMatchObject({ ending: { kind: 'waiting', pause: { id: '4.1' } } })
    const again = await aDeployment(memory, plan, {}, moved)
    expect(again.deployed).toMatchObject({ ending: { kind: 'waiting', pause: { id: '4.1' } } })
  })
})
