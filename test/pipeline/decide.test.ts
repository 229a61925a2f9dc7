import { describe, expect, test } from 'vitest'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { absent } from '../../src/domain/reading.ts'
import type { FinalAnswer } from '../../src/pipeline/act/admit.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import type { Kept } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import { aRun } from '../domain/a-journal.ts'
import { allSteps, aPlan, aPolicy, aScheduler, aService, count, newer, older } from '../domain/a-plan.ts'
import { bob, type InMemory, inMemory, keptLedger, leanPlan, opened, reading } from './in-memory.ts'

const web = [aService('web', 4, { minAvailable: count(2) })]

/** A deployment that has stopped at its first question: the self tests of these instances fail. */
async function asking(memory: InMemory, plan: Plan, broken: readonly string[] = ['web-2']): Promise<Kept> {
  memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name = '' }) =>
    broken.includes(name) ? { kind: 'no', why: 'answered 503', text: '' } : { kind: 'yes', text: '' },
  )
  const ending = await execute(await opened(memory, plan))
  if (ending.kind !== 'waiting') throw new Error(`it does not wait: ${ending.kind}`)
  return memory.ledgers.read('shop', 'production')
}

const anAnswer = (decision: FinalDecision, change: Partial<FinalAnswer> = {}): FinalAnswer => ({
  environment: 'production',
  pause: '7.1',
  decision,
  instances: [],
  reason: 'seen to',
  by: 'bob',
  override: '',
  ...change,
})

const policy = aPolicy({ approval: { kind: 'none' } })

const answer = (memory: InMemory, kept: Kept, given: FinalAnswer, doer = bob) =>
  decide(memory.ports, { ...kept, policy }, given, doer, memory.stop, reading)

const installs = (memory: InMemory) => memory.effects().filter((effect) => effect.startsWith('install'))

describe('an answer that is not asked for', () => {
  test('without a deployment, or beside a run at work, it is refused WX-24', async () => {
    const memory = inMemory()
    const nothing = await memory.ledgers.read('shop', 'production')
    await expect(answer(memory, nothing, anAnswer('retry'))).rejects.toMatchObject({
      code: 'decision-unasked',
    })
    await opened(memory, leanPlan({ services: web }))
    memory.repository.run({ id: 1, status: 'in_progress' })
    const working = await memory.ledgers.read('shop', 'production')
    await expect(answer(memory, working, anAnswer('retry'))).rejects.toMatchObject({
      code: 'decision-unasked',
    })
  })

  test.each([
    ['for another pause', anAnswer('retry', { pause: '7.2' }), 'decision-unasked'],
    ['for a pause of another deployment', anAnswer('retry', { pause: '6.1' }), 'decision-unasked'],
    ['that this gate does not take', anAnswer('approve'), 'decision-not-offered'],
    [
      'for an instance that it is not about',
      anAnswer('retry', { instances: ['web-2', 'web-4'] }),
      'decision-not-offered',
    ],
  ])('one %s is refused, and the question still waits WX-24', async (_what, given, code) => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    await expect(answer(memory, kept, given)).rejects.toMatchObject({ code })
    expect(await memory.ledgers.read('shop', 'production')).toEqual(kept)
  })

  test('one that is withheld is refused with the reason', async () => {
    const memory = inMemory()
    const kept = await asking(
      memory,
      leanPlan({ services: [aService('web', 4, { minAvailable: count(3) })] }),
    )
    await expect(answer(memory, kept, anAnswer('exclude'))).rejects.toMatchObject({
      code: 'decision-not-offered',
      what: expect.stringContaining('fewer than 3'),
    })
  })

  test('two answers at once: the first wins WX-24', async () => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    const first = answer(memory, kept, anAnswer('abandon'))
    const second = answer(memory, kept, anAnswer('roll-back', { by: 'carol' }), {
      run: aRun(3),
      by: ['carol'],
    })
    expect(await first).toMatchObject({ ending: { outcome: { kind: 'abandoned', by: 'bob' } } })
    await expect(second).rejects.toMatchObject({ code: 'decision-unasked' })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2'])
  })
})

describe('a deployment that its run has left', () => {
  const left = async (memory: InMemory) => {
    void memory.clock.sleep(2_000).then(memory.forceToStop)
    const context = await opened(memory, leanPlan({ services: web }))
    expect(await execute(context)).toMatchObject({ kind: 'interrupted' })
    return memory.ledgers.read('shop', 'production')
  }
  const later = (memory: InMemory, kept: Kept, given: FinalAnswer) =>
    decide(memory.ports, { ...kept, policy }, given, bob, neverStops, reading)

  test('may be taken back by decision: only what it had changed', async () => {
    const memory = inMemory()
    const { ending } = await later(memory, await left(memory), anAnswer('roll-back'))
    expect(ending).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-1'])
    expect([...memory.installed]).toEqual([['web-1', older.tag]])
  })

  test('may be left as it is', async () => {
    const memory = inMemory()
    const { ending } = await later(memory, await left(memory), anAnswer('abandon'))
    expect(ending).toMatchObject({ outcome: { kind: 'abandoned', by: 'bob' } })
    expect(installs(memory)).toEqual(['install web-1'])
  })

  test('may be gone on with', async () => {
    const memory = inMemory()
    const { ending } = await later(memory, await left(memory), anAnswer('retry'))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
  })
})

describe('the right to approve', () => {
  const unapproved = (notSelf: boolean) =>
    aPlan({
      policy: aPolicy({ approval: { kind: 'named', from: ['Alice', 'rhea', 'acme/releasers'], notSelf } }),
    })

  test.each([
    ['whoever asked, in any case of letters', true, 'ALICE'],
    ['a stranger', true, 'mallory'],
    ['a stranger where one may approve one’s own', false, 'mallory'],
  ])('%s may not, and the question still waits GH-05', async (_who, notSelf, by) => {
    const memory = inMemory()
    const kept = await asking(memory, unapproved(notSelf))
    const refused = answer(memory, kept, anAnswer('approve', { by }))
    await expect(refused).rejects.toMatchObject({ code: 'approver-not-allowed' })
    expect(await memory.ledgers.read('shop', 'production')).toEqual(kept)
  })

  test('nor may whoever asked reject GH-05', async () => {
    const memory = inMemory()
    const kept = await asking(memory, unapproved(true))
    await expect(answer(memory, kept, anAnswer('reject', { by: 'alice' }))).rejects.toMatchObject({
      code: 'approver-not-allowed',
      next: expect.not.stringContaining('Alice'),
    })
  })

  test.each([
    ['somebody who is named', true, 'rhea'],
    ['a member of a team that is named', true, 'tessa'],
    ['whoever asked, where the config allows it', false, 'alice'],
  ])('%s may, and is recorded GH-06', async (_who, notSelf, by) => {
    const memory = inMemory()
    memory.repository.team('releasers', ['tessa'])
    const kept = await asking(memory, unapproved(notSelf), [])
    const { ending } = await answer(memory, kept, anAnswer('approve', { by }))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.records.states(1)[0]).toContain(`approved by ${by}`)
  })

  test('rejected it ends, with nothing run, nothing recorded, wherever the tag and the checkout are GH-13', async () => {
    const memory = inMemory()
    const kept = await asking(memory, unapproved(true))
    await memory.repository.tag(newer.tag, older.sha)
    memory.workspace.head = older.sha
    const { ending } = await answer(memory, kept, anAnswer('reject', { by: 'rhea', reason: 'not today' }))
    expect(ending).toMatchObject({ outcome: { kind: 'rejected', by: 'rhea', reason: 'not today' } })
    expect([memory.effects(), memory.records.shown]).toEqual([[], []])
    expect(await keptLedger(memory)).toMatchObject({ deployment: null, serving: { release: older } })
  })

  test('at any other gate the environment decides who may: nobody is named there', async () => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    const { ending } = await answer(memory, kept, anAnswer('abandon', { by: 'mallory' }))
    expect(ending).toMatchObject({ outcome: { kind: 'abandoned', by: 'mallory' } })
  })
})

describe('the effect of an answer', () => {
  test('force-next goes on with the next, leaves the failed one out of traffic, and says who and why WX-21 WX-25', async () => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    const { ending } = await answer(memory, kept, anAnswer('force-next'))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded', forced: ['web/web-2'] } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2', 'install web-3', 'install web-4'])
    expect(memory.effects()).not.toContain('enter web-2')
  })

  test('it stands in the journal, with its run WX-21', async () => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    memory.askToStop()
    await answer(memory, kept, anAnswer('retry', { reason: 'the cache is warm now' }))
    const journal = (await keptLedger(memory)).deployment?.journal ?? []
    expect(journal.slice(-3)).toMatchObject([
      { kind: 'decided', pause: '7.1', by: 'bob', reason: 'the cache is warm now' },
      { kind: 'resumed', run: bob.run },
      { kind: 'interrupted', cause: 'cancelled' },
    ])
  })

  test('roll-back changes back what was changed and nothing else, even when the tag is gone WX-22', async () => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    memory.repository.resolveTag = async () => absent
    memory.prober.reply('self-test', { kind: 'yes', text: '' })
    const { ending } = await answer(memory, kept, anAnswer('roll-back'))
    expect(ending).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect(installs(memory).slice(2)).toEqual(['install web-1', 'install web-2'])
    expect([...memory.installed.values()]).toEqual([older.tag, older.tag])
  })

  test('a way back whose self test fails asks again WX-23', async () => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    const { ending } = await answer(memory, kept, anAnswer('roll-back'))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { id: '7.2', instances: ['web-2'] } })
    expect(ending.kind === 'waiting' && ending.pause.options).not.toContain('roll-back')
  })

  test('two that failed together are decided one by one WX-24', async () => {
    const memory = inMemory()
    const both = [aService('web', 4, { maxParallel: count(2), minAvailable: count(1) })]
    const kept = await asking(memory, leanPlan({ services: both }), ['web-1', 'web-2'])
    const one = await answer(memory, kept, anAnswer('exclude', { instances: ['web-1'] }))
    expect(one.ending).toMatchObject({ kind: 'waiting', pause: { id: '7.2', instances: ['web-2'] } })
    const next = await memory.ledgers.read('shop', 'production')
    const two = await answer(memory, next, anAnswer('force-next', { pause: '7.2' }))
    expect(two.ending).toMatchObject({ outcome: { excluded: ['web/web-1'], forced: ['web/web-2'] } })
  })

  test('retry goes forward, so the tag must be what was approved; the question still waits CC-20', async () => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    await memory.repository.tag(newer.tag, older.sha)
    await expect(answer(memory, kept, anAnswer('retry'))).rejects.toMatchObject({ code: 'tag-moved' })
    expect(await memory.ledgers.read('shop', 'production')).toEqual(kept)
  })

  test('and so must the checkout, for whatever runs commands', async () => {
    const memory = inMemory()
    const kept = await asking(memory, leanPlan({ services: web }))
    memory.workspace.head = older.sha
    await expect(answer(memory, kept, anAnswer('roll-back'))).rejects.toMatchObject({
      code: 'checkout-differs',
    })
    expect(await answer(memory, kept, anAnswer('abandon'))).toMatchObject({ ending: { kind: 'ended' } })
  })

  test('a failed migration that is abandoned leaves the scheduler suspended; counted as done, it is resumed SP-25', async () => {
    const steps = { scheduler: aScheduler(), migrate: allSteps.migrate }
    for (const [decision, resumed] of [
      ['abandon', false],
      ['force-next', true],
    ] as const) {
      const memory = inMemory()
      memory.shell.play('migrate', { ends: { kind: 'exited', code: 1 } })
      const kept = await asking(memory, leanPlan({ steps, services: web }), [])
      await answer(memory, kept, anAnswer(decision))
      expect(memory.effects().includes('resume')).toBe(resumed)
      expect(suspensionIn(await keptLedger(memory)) === null).toBe(resumed)
      expect(memory.records.states(1).at(-1)?.includes('scheduler is suspended')).toBe(!resumed)
    }
  })
})
