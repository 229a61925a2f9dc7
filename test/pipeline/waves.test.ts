import { describe, expect, test } from 'vitest'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { Problem } from '../../src/domain/problem.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { startWaves } from '../../src/pipeline/act/start-waves.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import { aRun, aTime } from '../domain/a-journal.ts'
import { aHistory, aPast } from '../domain/a-ledger.ts'
import { aLedgerServing, aPolicy, newer, older } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { type InMemory, inMemory, keptLedger, leanPlan, opened, reading } from './in-memory.ts'

const hour = 3_600_000
const then = (lasts = 0): Pick<EnvironmentPolicy, 'name' | 'waves'> => ({
  name: 'production',
  waves: [{ environment: 'production-eu', lasts }],
})
const forced = { kind: 'succeeded', forced: ['verify'], excluded: [], failed: [], afterwards: null } as const
const started = { do: 'deploy', environment: 'production-eu', release: newer.tag }

/** The environment serves the newer release since the last of these deployments. */
async function served(memory: InMemory, ...pasts: readonly Past[]): Promise<void> {
  const history = aHistory(...pasts)
  const ledger = aLedgerServing(newer, { history })
  const serving = ledger.serving && { ...ledger.serving, deployment: history[0]?.number ?? 0 }
  await memory.ledgers.append(null, { ...ledger, serving }, 'it serves')
}

const run = (memory: InMemory, policy = then()) => startWaves(memory.ports, 'shop', policy)
const now = (memory: InMemory) => memory.clock.now().toISOString()

describe('the next environment', () => {
  test('is started by the form once a release is proven, and never twice', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    expect(await run(memory)).toMatchObject([
      { kind: 'started', environment: 'production-eu', release: { tag: newer.tag } },
    ])
    expect(await run(memory)).toEqual([])
    expect(memory.forms.starts).toEqual([started])
    expect((await keptLedger(memory)).waves).toMatchObject([{ kind: 'started', deployment: 1 }])
  })

  test('that cannot be started is a warning: the release is there, and the next run starts it', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    const { ledgers } = memory.ports
    const problem = { what: 'GitHub is silent.', why: 'It answered 502.', next: '' }
    const silent = { ...ledgers, read: () => Promise.reject(new Problem('github-unavailable', problem)) }
    expect(await startWaves({ ...memory.ports, ledgers: silent }, 'shop', then())).toEqual([])
    expect(memory.voice.texts('warning')).toEqual([
      'GitHub is silent. It answered 502. The next watch starts them.',
    ])
    expect(await run(memory)).toMatchObject([{ kind: 'started' }])
  })

  test('is started once by two runs at the same moment', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    await Promise.all([run(memory), run(memory), run(memory)])
    expect(memory.forms.starts).toEqual([started])
  })

  test('is started again by the next watch where GitHub refused, and shown', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    memory.forms.answer(
      { kind: 'refused', why: 'actions: write is missing.' },
      { kind: 'started', run: null },
    )
    expect(await run(memory)).toMatchObject([{ kind: 'refused', why: 'actions: write is missing.' }])
    expect(await run(memory)).toMatchObject([{ kind: 'started' }])
    expect(await run(memory)).toEqual([])
    expect(memory.forms.starts).toHaveLength(2)
  })

  test('is never asked for again where the answer was lost, or the run died in between', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    memory.forms.answer({ kind: 'asked' })
    expect(await run(memory)).toMatchObject([{ kind: 'asked' }])
    expect(await run(memory)).toEqual([])
    const killed = inMemory()
    await served(killed, aPast(newer))
    const ports = {
      ...killed.ports,
      forms: {
        start: async () => {
          throw new Error('killed')
        },
      },
    }
    await expect(startWaves(ports, 'shop', then())).rejects.toThrow('killed')
    expect(await run(killed)).toEqual([])
    expect((await keptLedger(killed)).waves).toMatchObject([{ kind: 'asked' }])
  })

  test.each<[string, Past[]]>([
    ['a step of the proof was counted as done', [aPast(newer, { outcome: forced })]],
    [
      'it went back to the release',
      [aPast(newer), aPast(older), aPast(newer, { mode: 'rollback', from: older })],
    ],
    ['nothing is known of how it came there', []],
  ])('is not started if %s', async (_title, pasts) => {
    const memory = inMemory()
    await served(memory, ...pasts)
    expect(await run(memory)).toEqual([])
    expect(memory.forms.starts).toEqual([])
  })

  test('is started by a redeployment that proves what was forced before', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer, { outcome: forced }), aPast(newer, { mode: 'redeploy', from: newer }))
    expect(await run(memory)).toMatchObject([{ kind: 'started', deployment: 2 }])
  })

  test('waits for the time that it wants the release to have been kept', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer, { endedAt: now(memory) }))
    expect(await run(memory, then(hour))).toEqual([])
    await memory.clock.sleep(hour)
    expect(await run(memory, then(hour))).toMatchObject([{ kind: 'started' }])
  })

  test('is not started, and no held ledger is moved, while another deployment is under way', async () => {
    const memory = inMemory()
    const history = aHistory(aPast(newer))
    const before = aLedgerServing(newer, { history }).serving
    await opened(memory, leanPlan({}), { history, serving: before && { ...before, deployment: 1 } })
    const commits = memory.ledgers.commits('shop', 'production').length
    expect(await run(memory)).toEqual([])
    expect(memory.ledgers.commits('shop', 'production')).toHaveLength(commits)
  })

  test('stays one whose answer is not known if another run holds the ledger by then', async () => {
    const memory = inMemory()
    await served(memory, aPast(newer))
    const ports = {
      ...memory.ports,
      forms: {
        async start() {
          const { head, ledger } = await memory.ledgers.read('shop', 'production')
          const held = await heldBy(ledger)
          await memory.ledgers.append(head, held, 'another deployment')
          return { kind: 'started', run: null } as const
        },
      },
    }
    expect(await startWaves(ports, 'shop', then())).toMatchObject([{ kind: 'started' }])
    expect((await keptLedger(memory)).waves).toMatchObject([{ kind: 'asked' }])
  })
})

describe('a deployment that a wave has started, in the name of a robot', () => {
  const approval = { kind: 'named', from: ['alice', 'carol'], notSelf: true } as const
  const policy = aPolicy({ approval, follows: ['staging'] })
  const robot = { run: aRun(2), by: ['github-actions[bot]'] }

  /** Alice brought the release to staging, and the wave to production has started. */
  async function begun(doer: Doer): Promise<InMemory> {
    const memory = inMemory()
    const { v3: release, serve } = await aRepository(memory)
    await serve()
    memory.workspace.head = release.sha
    const history = aHistory(aPast(release, { by: ['alice'] }))
    const wave = {
      kind: 'started',
      environment: 'production',
      release,
      deployment: 1,
      at: aTime(0),
      run: null,
    } as const
    const staging = aLedgerServing(release, { environment: 'staging', history, waves: [wave] })
    await memory.ledgers.append(null, staging, 'it serves')
    await deploy(
      anActingRun({ ports: memory.ports, config: aReader({ policy }), doer, stop: memory.stop }),
      aRequest(),
      null,
    )
    return memory
  }

  async function approves(memory: InMemory, login: string) {
    const kept = { ...(await memory.ledgers.read('shop', 'production')), policy }
    const pause = standing(...underwayIn(kept.ledger)).pause?.id ?? ''
    const answer = { environment: 'production', pause, decision: 'approve', instances: [] } as const
    const said = { ...answer, reason: '', by: login, override: '' }
    return decide(memory.ports, kept, said, { run: aRun(3), by: [login] }, memory.stop, reading)
  }

  test('is not approved by the person who brought the release to the environment before: not-self', async () => {
    const memory = await begun(robot)
    await expect(approves(memory, 'alice')).rejects.toMatchObject({ code: 'approver-not-allowed' })
    expect((await approves(memory, 'carol')).ending.kind).not.toBe('waiting')
  })

  test('is in the name of the person who started it where that is no robot', async () => {
    const memory = await begun({ run: aRun(2), by: ['bob'] })
    expect((await keptLedger(memory)).deployment?.journal[0]).toMatchObject({ kind: 'opened', by: ['bob'] })
  })
})

const underwayIn = ({ deployment }: Ledger) => {
  if (deployment === null) throw new Error('nothing is under way')
  return [deployment.plan, deployment.journal] as const
}

async function heldBy(ledger: Ledger): Promise<Ledger> {
  const { session } = await opened(inMemory(), leanPlan({}))
  return { ...ledger, deployment: { ...session.deployment, number: 2 } }
}

test('a wave goes from a release to another once, however often it comes back', async () => {
  const memory = inMemory()
  await served(
    memory,
    aPast(newer),
    aPast(older, { endedAt: aTime(100) }),
    aPast(newer, { endedAt: aTime(200) }),
  )
  expect(await run(memory)).toHaveLength(1)
  expect(await run(memory)).toEqual([])
})
