import { describe, expect, test } from 'vitest'
import type { ApprovalRule, Unanswered } from '../../src/domain/config/policy.ts'
import { theDeadline } from '../../src/domain/question/deadline.ts'
import { endsByTime } from '../../src/domain/question/pause.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { goOn } from '../../src/pipeline/lock/take-lock.ts'
import { conclude } from '../../src/pipeline/run/drive.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aPlan, aPolicy, aRecipe, aService, count, newer } from '../domain/a-plan.ts'
import { bob, type InMemory, inMemory, keptLedger, opened, reading } from './in-memory.ts'

const hour = 3_600_000

const planOf = (unanswered: Unanswered | null, approval: ApprovalRule = { kind: 'none' }) =>
  aPlan({
    policy: aPolicy({ approval, unanswered }),
    recipe: aRecipe({ services: [aService('web', 4, { minAvailable: count(2) })] }),
  })

/** A deployment in which `web-2` fails its self test, so that a question is open. */
async function failing(unanswered: Unanswered | null): Promise<InMemory> {
  const memory = inMemory()
  memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name, ROLLGATE_RELEASE: tag }) =>
    name === 'web-2' && tag === newer.tag
      ? { kind: 'no', why: 'answered 503', text: '' }
      : { kind: 'yes', text: '' },
  )
  await execute(await opened(memory, planOf(unanswered)))
  return memory
}

async function again(memory: InMemory) {
  const kept = await memory.ledgers.read('shop', 'production')
  const { deployment } = kept.ledger
  if (deployment === null) throw new Error('nothing is under way')
  const session = await goOn(memory.ports, kept, deployment, bob)
  const context = { ports: memory.ports, plan: deployment.plan, session, stop: memory.stop }
  return (await conclude(context, bob.run)).ending
}

const waits = async (memory: InMemory) => {
  const journal = (await keptLedger(memory)).deployment?.journal ?? []
  const asked = journal.findLast((event) => event.kind === 'paused')
  if (asked?.kind !== 'paused' || endsByTime(asked.pause)) throw new Error('nothing is asked')
  return asked.pause
}

describe('a question that nobody answers', () => {
  test('waits as long as it takes where nothing is declared', async () => {
    const memory = await failing(null)
    expect(await waits(memory)).toMatchObject({ id: '7.1', expires: null })
    await memory.clock.advance(1_000 * hour)
    expect(await again(memory)).toMatchObject({ kind: 'waiting', pause: { id: '7.1' } })
  })

  test.each([
    ['exclude', { kind: 'succeeded', excluded: ['web/web-2'] }],
    ['roll-back', { kind: 'rolled-back' }],
    ['abandon', { kind: 'abandoned', by: theDeadline }],
  ] as const)(
    'counts as %s once its time is over, not before, and the journal says who decided',
    async (decision, outcome) => {
      const memory = await failing({ after: 2 * hour, decision })
      const pause = await waits(memory)
      expect(pause.expires?.decision).toBe(decision)
      const asked = memory.clock.now().getTime()
      expect(Date.parse(pause.expires?.at ?? '')).toBeLessThanOrEqual(asked + 2 * hour)
      await memory.clock.advance(hour)
      expect(await again(memory)).toMatchObject({ kind: 'waiting', pause: { id: '7.1' } })
      await memory.clock.advance(hour)
      const before = await keptLedger(memory)
      expect(before.deployment?.journal.some(({ kind }) => kind === 'decided')).toBe(false)
      expect(await again(memory)).toMatchObject({ kind: 'ended', outcome })
    },
  )

  test('a decision that it does not take is not its end: then it waits', async () => {
    const memory = inMemory()
    memory.shell.play('migrate', () => ({ ends: { kind: 'exited', code: 1 } }))
    const plan = aPlan({
      policy: aPolicy({ approval: { kind: 'none' }, unanswered: { after: hour, decision: 'exclude' } }),
    })
    await execute(await opened(memory, plan))
    expect(await waits(memory)).toMatchObject({ step: 'migrate', expires: null })
  })

  test('an answer that comes late is still taken, as long as nobody has acted', async () => {
    const memory = await failing({ after: hour, decision: 'abandon' })
    await memory.clock.advance(2 * hour)
    const kept = await memory.ledgers.read('shop', 'production')
    const answer = {
      environment: 'production',
      pause: '7.1',
      decision: 'exclude',
      instances: [],
      reason: '',
      by: 'bob',
      override: '',
    } as const
    const { ending } = await decide(
      memory.ports,
      { ...kept, policy: aPolicy({ approval: { kind: 'none' } }) },
      answer,
      bob,
      memory.stop,
      reading,
    )
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded', excluded: ['web/web-2'] } })
  })
})

describe('an approval that expires', () => {
  const named = { kind: 'named', from: ['bob'], notSelf: false, expires: hour } as const
  const approve = {
    environment: 'production',
    pause: '7.1',
    decision: 'approve',
    instances: [],
    reason: '',
    by: 'bob',
    override: '',
  } as const

  test('counts as rejected: nothing was changed GH-13', async () => {
    const memory = inMemory()
    await execute(await opened(memory, planOf(null, named)))
    expect(await waits(memory)).toMatchObject({ kind: 'approval', expires: { decision: 'reject' } })
    await memory.clock.advance(hour)
    expect(await again(memory)).toMatchObject({ outcome: { kind: 'rejected', by: theDeadline } })
    expect(memory.effects()).toEqual([])
  })

  test('cannot be given any more, whether or not somebody has acted on it GH-13', async () => {
    const memory = inMemory()
    await execute(await opened(memory, planOf(null, named)))
    await memory.clock.advance(hour)
    const kept = await memory.ledgers.read('shop', 'production')
    await expect(
      decide(
        memory.ports,
        { ...kept, policy: aPolicy({ approval: { kind: 'none' } }) },
        approve,
        bob,
        memory.stop,
        reading,
      ),
    ).rejects.toMatchObject({
      code: 'decision-unasked',
    })
    expect(memory.effects()).toEqual([])
  })
})
