import { describe, expect, test } from 'vitest'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { Problem } from '../../src/domain/problem.ts'
import { type Answering, foreseeAnswer } from '../../src/pipeline/act/admit.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { foresee } from '../../src/pipeline/plan/foresee.ts'
import { recall } from '../../src/pipeline/plan/survey.ts'
import { aRun } from '../domain/a-journal.ts'
import { aReader, aRepository, aRequest, type Requests } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, inMemory, keptLedger } from './in-memory.ts'

const policy: Partial<EnvironmentPolicy> = { approval: { kind: 'none' } }
const later = { run: aRun(40), by: ['carol'] }

/** A shop in which v3 is being deployed, and waits because it could not be installed. */
async function aWaitingShop({ serving = true } = {}) {
  const memory = inMemory()
  const repository = await aRepository(memory)
  if (serving) await repository.serve()
  memory.workspace.head = repository.v3.sha
  memory.shell.play('install', { ends: { kind: 'exited', code: 1 } })
  const reader = aReader({ policy })
  await deploy(
    anActingRun({ ports: memory.ports, config: reader, doer: bob, stop: memory.stop }),
    aRequest(),
    null,
  )
  const before = memory.shell.calls.length
  const head = (await memory.ledgers.read('shop', 'production')).head
  const plans = (request: Requests) => foresee(memory.ports, reader, aRequest(request), later)
  const begins = (request: Requests) =>
    deploy(
      anActingRun({ ports: memory.ports, config: reader, doer: later, stop: memory.stop }),
      aRequest(request),
      null,
    )
  return { memory, plans, begins, before, head }
}

const thrownBy = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => null,
    (thrown) => (thrown instanceof Problem ? thrown.words : thrown),
  )

describe('while a question is open', () => {
  test.each([
    ['another release', { tag: 'v1', acknowledged: { older: true, dataLoss: false } }],
    ['a rollback', { wanted: 'rollback', tag: null }],
    ['a redeployment', { tag: 'v2', redeploy: true }],
    ['a restart', { wanted: 'restart', tag: null }],
  ] as const)('%s is refused by the plan, in the words of the run behind the gate F14', async (_, asked) => {
    const { memory, plans, begins, before, head } = await aWaitingShop()
    const foreseen = await plans(asked)
    expect(foreseen).toMatchObject({
      kind: 'planned',
      obstacle: { kind: 'question', pause: { id: '4.1' } },
      plan: { refusals: [{ code: 'decision-needed', next: expect.stringContaining('question 4.1') }] },
    })
    if (foreseen.kind !== 'planned') throw new Error('it is planned')
    expect(await thrownBy(begins(asked))).toEqual(foreseen.plan.refusals[0])
    expect(memory.shell.calls).toHaveLength(before)
    expect((await memory.ledgers.read('shop', 'production')).head).toBe(head)
  })

  test('the release that serves is not called deployed already F14', async () => {
    const { plans, begins } = await aWaitingShop()
    const refused = { code: 'decision-needed' }
    expect(await plans({ tag: 'v2' })).toMatchObject({ kind: 'kept-waiting', obstacle: { kind: 'question' } })
    expect(await thrownBy(begins({ tag: 'v2' }))).toMatchObject(refused)
  })

  test.each([
    { wanted: 'rollback', tag: null },
    { wanted: 'restart', tag: null },
  ] as const)('a $wanted that has no target yet is told of the question F14', async (asked) => {
    const { plans, begins } = await aWaitingShop({ serving: false })
    const refused = { code: 'decision-needed', next: expect.stringContaining('question 1.1') }
    expect(await plans(asked)).toMatchObject({ kind: 'kept-waiting', obstacle: { pause: { id: '1.1' } } })
    expect(await thrownBy(begins(asked))).toMatchObject(refused)
  })

  test('the same release is shown its question, and nobody is asked to approve it F14', async () => {
    const { plans } = await aWaitingShop()
    expect(await plans({})).toMatchObject({ kind: 'waits', pause: { id: '4.1' }, underway: { number: 4 } })
  })
})

describe('while a run is at work', () => {
  const atWork = async (live: boolean) => {
    const shop = await aWaitingShop()
    const { head, ledger } = await shop.memory.ledgers.read('shop', 'production')
    if (ledger.deployment === null || head === null) throw new Error('it waits')
    const journal = ledger.deployment.journal.filter(({ kind }) => kind !== 'paused')
    const deployment = { ...ledger.deployment, journal, holder: aRun(9) }
    await shop.memory.ledgers.append(head, { ...ledger, deployment }, 'at work')
    shop.memory.repository.run({ id: 9, status: live ? 'in_progress' : 'completed' })
    return shop
  }

  test.each([{ tag: 'v3' }, { tag: 'v2', redeploy: true }, { wanted: 'rollback', tag: null }] as const)(
    'no other plan for the environment is green: %o F14',
    async (asked) => {
      const { plans } = await atWork(true)
      expect(await plans(asked)).toMatchObject({
        obstacle: { kind: 'at-work' },
        plan: { refusals: [{ code: 'environment-locked', why: expect.stringContaining(aRun(9).url) }] },
      })
    },
  )

  test('a run that is gone keeps another release waiting, and not its own F14', async () => {
    const { memory, plans } = await atWork(false)
    expect(await plans({ wanted: 'rollback', tag: null })).toMatchObject({
      obstacle: { kind: 'left', pause: { id: '4.1' } },
      plan: { refusals: [{ code: 'deployment-open' }] },
    })
    expect(await plans({})).toMatchObject({ kind: 'planned', obstacle: null, plan: { refusals: [] } })
    expect((await keptLedger(memory)).deployment?.holder).toEqual(aRun(9))
  })
})

describe('an answer', () => {
  const answers = async (change: Partial<Answering>) => {
    const { memory } = await aWaitingShop()
    const recalled = await recall(memory.ports, aReader({ policy }), aRequest())
    const { deployment } = recalled.ledger
    if (deployment === null) throw new Error('it waits')
    const { pause } = standing(deployment.plan, deployment.journal)
    if (pause === null) throw new Error('it waits')
    const given = { environment: 'production', instances: [], reason: '', by: 'rhea', override: '' }
    const answer = { ...given, pause: pause.id, decision: 'abandon', ...change } as const
    return thrownBy(foreseeAnswer(memory.ports, recalled, deployment, pause, answer))
  }

  test('that does not fit its question is refused before a reviewer is asked F14', async () => {
    expect(await answers({ pause: '4.9' })).toMatchObject({ code: 'decision-unasked' })
    expect(await answers({ decision: 'approve' })).toMatchObject({ code: 'decision-not-offered' })
    expect(await answers({ decision: 'retry', instances: ['web-9'] })).toMatchObject({
      code: 'decision-not-offered',
    })
    expect(await answers({})).toBeNull()
  })
})
