import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { Problem } from '../../src/domain/problem.ts'
import type { Status } from '../../src/pipeline/ports.ts'
import { conclude } from '../../src/pipeline/run/drive.ts'
import { aRun } from '../domain/a-journal.ts'
import { aFailed, aHistory, aPast, aSuspension } from '../domain/a-ledger.ts'
import { aCommand, allSteps, aPlan, aPolicy, aScheduler, aService, newer, older } from '../domain/a-plan.ts'
import { type InMemory, inMemory, keptLedger, leanPlan, opened, overtake } from './in-memory.ts'

const web = [aService('web', 2)]
const plan = leanPlan({ services: web })

/** Three deployments; the first and the second succeeded, with the records 1 and 2. */
const history = aHistory(
  aPast(older, { record: 1 }),
  aPast(older, { record: 2 }),
  aFailed(newer, { record: 3 }),
)

/** Concludes deployment 7, whose record is the fourth. `spoken` lists the statuses in order. */
async function concluded(memory: InMemory, wanted: Plan = plan, change: Partial<Ledger> = {}) {
  for (let deployment = 1; deployment <= 3; deployment++)
    await memory.records.open(wanted, deployment, '', { mayExist: false })
  const spoken: string[] = []
  const say = memory.records.say
  memory.records.say = (record: number, status: Status) => {
    spoken.push(`${record} ${status.state}`)
    return say(record, status)
  }
  const result = await conclude(await opened(memory, wanted, { history, ...change }), aRun(1))
  return { ...result, spoken, said: memory.records.shown[3]?.statuses.at(-1) }
}

const fails = { ends: { kind: 'exited', code: 1 } } as const
const no = { kind: 'no', why: 'answered 503', text: '' } as const

describe('after a success', () => {
  test('the record of what served before becomes inactive, and only then GH-03', async () => {
    const memory = inMemory()
    const { spoken } = await concluded(memory)
    expect(spoken).toEqual(['4 in_progress', '4 success', '2 inactive'])
    expect(memory.records.states(2)).toEqual([`inactive: superseded by ${newer.tag}`])
  })

  test('a first deployment has nobody to make inactive', async () => {
    const { spoken } = await concluded(inMemory(), plan, { history: [] })
    expect(spoken).toEqual(['4 in_progress', '4 success'])
  })

  test('a last hook that failed is said, and the older record becomes inactive all the same SP-37', async () => {
    const memory = inMemory()
    memory.shell.play('post-deploy', fails)
    const wanted = leanPlan({ steps: { postDeploy: allSteps.postDeploy }, services: web })
    const { spoken, said } = await concluded(memory, wanted)
    expect(spoken.slice(1)).toEqual(['4 success', '2 inactive'])
    expect(said?.description).toContain('post-deploy exited with 1')
  })

  test('the record leads to the run and to the environment', async () => {
    const url = 'https://shop.example.com'
    const wanted = aPlan({ policy: aPolicy({ url, approval: { kind: 'none' } }) })
    const { said } = await concluded(inMemory(), wanted)
    expect(said).toMatchObject({ environmentUrl: url, logUrl: aRun(1).url })
  })
})

describe('the older record stays active GH-04', () => {
  const stuck = { scheduler: aScheduler({ running: null, deploy: null }), migrate: allSteps.migrate }

  test.each([
    [
      'when the deployment failed',
      'failure',
      leanPlan({ steps: stuck, services: web }),
      (memory: InMemory) => memory.shell.play('suspend', fails),
    ],
    [
      'when it was rolled back',
      'failure',
      leanPlan({ services: [aService('web', 2, { onFailure: 'roll-back' })] }),
      (memory: InMemory) =>
        memory.prober.replyBy('self-test', ({ ROLLGATE_MODE: mode }) =>
          mode === 'deploy' ? no : { kind: 'yes', text: '' },
        ),
    ],
    [
      'while it waits for a person',
      'pending',
      plan,
      (memory: InMemory) => memory.prober.reply('self-test', no),
    ],
    [
      'when the run was cancelled',
      'error',
      plan,
      (memory: InMemory) =>
        memory.shell.play('stop', () => {
          memory.askToStop()
          return {}
        }),
    ],
  ] as const)('%s', async (_when, state, wanted, arrange) => {
    const memory = inMemory()
    arrange(memory)
    expect((await concluded(memory, wanted)).spoken).toEqual(['4 in_progress', `4 ${state}`])
    expect(memory.records.states(2)).toEqual([])
  })
})

describe('the description of the record', () => {
  const endless = `It failed${' because of something else'.repeat(20)}`

  test('is at most 140 characters, with the state first GH-02', async () => {
    const memory = inMemory()
    memory.prober.reply('self-test', { kind: 'no', why: endless, text: '' })
    const { said } = await concluded(memory)
    expect(said?.description).toMatch(/^waiting: The self test of web-1 failed: It failed/)
    expect(said?.description.length).toBe(140)
  })

  test('that the scheduler is suspended stands before whatever may be cut SP-25', async () => {
    const memory = inMemory()
    const hook = aCommand('migrate')
    memory.shell.play('migrate', { ends: { kind: 'not-found', name: endless } })
    const steps = {
      scheduler: aScheduler(),
      migrate: { command: hook, phase: 'expand', repeatable: false },
    } as const
    const { said } = await concluded(memory, leanPlan({ steps, services: web }))
    expect(said?.description).toMatch(/^waiting, the scheduler is suspended: migrate needs It failed/)
  })

  test.each([
    ['failed', 'preConfigure', 'pre-configure', 'failed, the scheduler is suspended: pre-configure needs'],
    ['succeeded', 'postDeploy', 'post-deploy', 'succeeded, the scheduler is suspended, but afterwards:'],
  ] as const)(
    'also when it %s and a deployment before has left it so SP-25',
    async (_how, key, hook, words) => {
      const memory = inMemory()
      memory.shell.play(hook, { ends: { kind: 'not-found', name: endless } })
      const scheduler = aSuspension({ deployment: 6 })
      const wanted = leanPlan({ steps: { [key]: aCommand(hook) }, services: web })
      expect((await concluded(memory, wanted, { leases: [scheduler] })).said?.description).toContain(words)
    },
  )

  test('a run that broke off writes nothing: the run that closes it reads the ledger first GH-09', async () => {
    const memory = inMemory()
    memory.shell.play('migrate', () => {
      void overtake(memory)
      return { takes: 1_000 }
    })
    const wanted = leanPlan({ steps: { migrate: allSteps.migrate }, services: web })
    const { ending, spoken } = await concluded(memory, wanted)
    expect(ending).toMatchObject({ kind: 'interrupted', problem: { code: 'lock-lost' } })
    expect(spoken).toEqual(['4 in_progress'])
  })

  test('nothing, where nothing was about to change', async () => {
    const memory = inMemory()
    const approval = { kind: 'named', from: ['rhea'], notSelf: true } as const
    const { spoken, unsaid } = await concluded(memory, aPlan({ policy: aPolicy({ approval }) }))
    expect([spoken, unsaid]).toEqual([[], []])
  })
})

describe('a record that GitHub does not take', () => {
  const down = new Problem('github-unavailable', {
    what: 'GitHub is down.',
    why: 'So it says.',
    next: 'Wait.',
  })

  test('stops nothing: the ledger has it right, a warning says so, and it is kept for a later try', async () => {
    const memory = inMemory()
    memory.records.say = async () => Promise.reject(down)
    const result = await conclude(await opened(memory, plan, { history }), aRun(1))
    expect(result.ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(result.unsaid).toMatchObject([
      { record: 1, status: { state: 'success', run: aRun(1).url } },
      { record: 2, status: { state: 'inactive' } },
    ])
    expect(memory.voice.texts('warning')).toHaveLength(3)
    expect((await keptLedger(memory)).serving?.release).toEqual(newer)
  })

  test('is something else than a mistake of ours, which is not hidden', async () => {
    const memory = inMemory()
    memory.records.say = async () => Promise.reject(new TypeError('no'))
    await expect(conclude(await opened(memory, plan), aRun(1))).rejects.toThrow(TypeError)
  })

  test('that cannot be opened stops the run before anything changes', async () => {
    const memory = inMemory()
    memory.records.open = async () => Promise.reject(down)
    const { ending } = await conclude(await opened(memory, plan), aRun(1))
    expect(ending).toMatchObject({ kind: 'interrupted', problem: { code: 'github-unavailable' } })
    expect(memory.effects().filter((effect) => !effect.includes('?'))).toEqual([])
  })
})
