import { describe, expect, test } from 'vitest'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { approvalsIn } from '../../src/domain/question/approvals.ts'
import type { FinalAnswer } from '../../src/pipeline/act/admit.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { withdrawApproval } from '../../src/pipeline/act/withdraw-approval.ts'
import type { Kept } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import { aPlan, aPolicy } from '../domain/a-plan.ts'
import { type InMemory, inMemory, keptLedger, opened, reading } from './in-memory.ts'

const hour = 3_600_000

const named = {
  kind: 'named',
  from: ['alice', 'bob', 'Carol', 'acme/releasers'],
  notSelf: true,
  atLeast: 2,
} as const

const policyOf = (approval: EnvironmentPolicy['approval']): EnvironmentPolicy => aPolicy({ approval })
const plan = aPlan({ policy: policyOf(named) })

/** Alice asked for a deployment, and two others must approve it. */
async function asking(memory: InMemory, asked = plan): Promise<void> {
  expect(await execute(await opened(memory, asked))).toMatchObject({ kind: 'waiting' })
}

const by = (login: string, decision: FinalAnswer['decision'] = 'approve'): FinalAnswer => ({
  ...{ environment: 'production', pause: '7.1', decision, instances: [] },
  ...{ reason: 'seen', by: login, override: '' },
})

const recalled = (kept: Kept, approval: EnvironmentPolicy['approval'] = named) => ({
  ...kept,
  policy: policyOf(approval),
})

const read = (memory: InMemory) => memory.ledgers.read('shop', 'production')

async function answers(memory: InMemory, answer: FinalAnswer, approval?: EnvironmentPolicy['approval']) {
  const doer = { run: aRun(2), by: [answer.by] }
  const kept = recalled(await read(memory), approval)
  return (await decide(memory.ports, kept, answer, doer, memory.stop, reading)).ending
}

async function withdraws(memory: InMemory, login: string, pause = '7.1') {
  const asked = { environment: 'production', pause, by: login, reason: 'not sure any more' }
  const doer = { run: aRun(3), by: [login] }
  const withdrawn = await withdrawApproval(memory.ports, recalled(await read(memory)), asked, doer)
  return withdrawn.kind === 'withdrawn' ? withdrawn.concluded.ending : withdrawn
}

const approvers = async (memory: InMemory): Promise<string[]> =>
  approvalsIn((await keptLedger(memory)).deployment?.journal ?? []).map(({ by }) => by)

const succeeded = { kind: 'ended', outcome: { kind: 'succeeded' } }

describe('a deployment that two people must approve', () => {
  test('waits after the first approval with nothing run, and begins with the second SP-04 GH-06', async () => {
    const memory = inMemory()
    await asking(memory)
    expect(await answers(memory, by('bob'))).toMatchObject({ kind: 'waiting', pause: { id: '7.1' } })
    expect([memory.effects(), memory.records.shown]).toEqual([[], []])
    expect(await keptLedger(memory)).toMatchObject({ deployment: { holder: null } })
    expect(await answers(memory, by('carol'))).toMatchObject(succeeded)
    expect(memory.records.states(1)[0]).toContain('approved by bob: seen; approved by carol: seen')
    const [past] = (await keptLedger(memory)).history
    expect(past?.decisions.map(({ decision, by }) => `${by} ${decision}`)).toEqual([
      'bob approve',
      'carol approve',
    ])
  })

  test('counts one person once, in any case of letters', async () => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('carol'))
    await expect(answers(memory, by('CAROL'))).rejects.toMatchObject({
      code: 'approver-not-allowed',
      what: expect.stringContaining('CAROL has approved'),
    })
    expect(await approvers(memory)).toEqual(['carol'])
  })

  test('counts neither the requester nor a stranger, and a member of a team', async () => {
    const memory = inMemory()
    memory.repository.team('releasers', ['tessa'])
    await asking(memory)
    for (const login of ['ALICE', 'mallory'])
      await expect(answers(memory, by(login))).rejects.toMatchObject({ code: 'approver-not-allowed' })
    await answers(memory, by('tessa'))
    expect(await answers(memory, by('bob'))).toMatchObject(succeeded)
  })

  test('does not count a person whom the policy of now names no longer', async () => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('bob'))
    const now = { ...named, from: ['alice', 'Carol', 'dora'] }
    expect(await answers(memory, by('carol'), now)).toMatchObject({ kind: 'waiting' })
    expect(memory.effects()).toEqual([])
    expect(await answers(memory, by('dora'), now)).toMatchObject(succeeded)
    expect(memory.records.states(1)[0]).not.toContain('bob')
  })

  test('needs as many as the stricter of the policy of now and of the plan', async () => {
    const memory = inMemory()
    await asking(memory)
    const { atLeast: _, ...one } = named
    expect(await answers(memory, by('bob'), one)).toMatchObject({ kind: 'waiting' })
    expect(await answers(memory, by('carol'), { ...named, atLeast: 3 })).toMatchObject({ kind: 'waiting' })
    expect(memory.effects()).toEqual([])
    // With three asked for by the policy of a moment, and two again, Bob approves what has enough approvals.
    expect(await answers(memory, by('bob'))).toMatchObject(succeeded)
  })

  test('ends with one no, whoever has approved', async () => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('bob'))
    expect(await answers(memory, by('carol', 'reject'))).toMatchObject({ outcome: { kind: 'rejected' } })
    expect(memory.effects()).toEqual([])
  })

  test('takes no approval after its time, and is rejected then with half of them', async () => {
    const memory = inMemory()
    await asking(memory, aPlan({ policy: policyOf({ ...named, expires: hour }) }))
    await answers(memory, by('bob'))
    await memory.clock.advance(hour)
    await expect(answers(memory, by('carol'))).rejects.toMatchObject({ code: 'decision-unasked' })
    expect(memory.effects()).toEqual([])
  })

  test('two approvals at once both count: the second writer begins it', async () => {
    const memory = inMemory()
    await asking(memory)
    const ends = await Promise.all([answers(memory, by('bob')), answers(memory, by('carol'))])
    expect(ends.map(({ kind }) => kind).sort()).toEqual(['ended', 'waiting'])
  })
})

describe('an approver who takes the approval back', () => {
  test('is not counted: two others must approve then', async () => {
    const memory = inMemory()
    memory.repository.team('releasers', ['tessa'])
    await asking(memory)
    await answers(memory, by('bob'))
    expect(await withdraws(memory, 'BOB')).toMatchObject({ kind: 'waiting', pause: { id: '7.1' } })
    expect(await answers(memory, by('carol'))).toMatchObject({ kind: 'waiting' })
    expect(memory.effects()).toEqual([])
    expect(await answers(memory, by('tessa'))).toMatchObject(succeeded)
    expect(memory.records.states(1)[0]).not.toContain('bob')
  })

  test('may approve again', async () => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('bob'))
    await withdraws(memory, 'bob')
    await answers(memory, by('bob'))
    expect(await approvers(memory)).toEqual(['bob'])
  })

  test.each([
    ['by a person who gave none', 'carol', '7.1', 'approver-not-allowed'],
    ['for another question', 'bob', '6.1', 'decision-unasked'],
  ])('%s it is refused, and the ledger stays', async (_what, login, pause, code) => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('bob'))
    const before = await read(memory)
    await expect(withdraws(memory, login, pause)).rejects.toMatchObject({ code })
    expect(await read(memory)).toEqual(before)
  })

  test('after the last approval, whose run was lost before it changed anything, opens the question again', async () => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('bob'))
    memory.askToStop()
    expect(await answers(memory, by('carol'))).toMatchObject({ kind: 'interrupted' })
    memory.repository.run({ id: 2, status: 'completed', conclusion: 'cancelled' })
    expect(await withdraws(memory, 'bob')).toMatchObject({ kind: 'waiting', pause: { id: '7.2' } })
    const { deployment } = await keptLedger(memory)
    expect(deployment && standing(deployment.plan, deployment.journal)).toMatchObject({
      approvedBy: null,
      pause: { kind: 'approval', id: '7.2' },
    })
    expect([await approvers(memory), memory.effects()]).toEqual([['carol'], []])
  })

  test('a withdrawal beside the run at work halts it before its next batch, and asks SP-04', async () => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('bob'))
    // The approver withdraws while the first instance is changed.
    let asked: unknown = null
    memory.shell.play(
      'install',
      ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
        memory.installed.set(name, tag)
        memory.repository.run({ id: 2, status: 'in_progress' })
        asked ??= withdraws(memory, 'bob')
        return { takes: 1_000 }
      },
    )
    const ending = await answers(memory, by('carol'))
    expect(await asked).toEqual({ kind: 'asked', deployment: 7 })
    expect(ending).toMatchObject({ kind: 'waiting', pause: { kind: 'halt' } })
    expect(memory.effects().filter((effect) => effect.startsWith('install'))).toEqual(['install web-1'])
    const { deployment } = await keptLedger(memory)
    expect(JSON.stringify(deployment?.journal)).toContain('the approval was taken back: not sure any more')
  })

  test('a second withdrawal halts again, after the first was answered with retry SP-04', async () => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('bob'))
    const asked: Promise<unknown>[] = []
    memory.shell.play(
      'install',
      ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
        memory.installed.set(name, tag)
        memory.repository.run({ id: 2, status: 'in_progress' })
        asked.push(withdraws(memory, 'bob'))
        return { takes: 1_000 }
      },
    )
    expect(await answers(memory, by('carol'))).toMatchObject({ kind: 'waiting', pause: { kind: 'halt' } })
    const again = { ...by('carol', 'retry'), pause: '7.2' }
    expect(await answers(memory, again)).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'halt', id: '7.3' },
    })
    expect(await Promise.all(asked)).toHaveLength(2)
    expect(memory.effects().filter((effect) => effect.startsWith('install'))).toEqual([
      'install web-1',
      'install web-2',
    ])
  })

  test('a withdrawal while the deployment goes back is refused: nothing would hear it', async () => {
    const memory = inMemory()
    await asking(memory)
    await answers(memory, by('bob'))
    memory.shell.play('install', () => ({ ends: { kind: 'exited', code: 1 } }))
    expect(await answers(memory, by('carol'))).toMatchObject({ kind: 'waiting', pause: { id: '7.2' } })
    let asked: Promise<unknown> | null = null
    memory.shell.play(
      'install',
      ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
        memory.installed.set(name, tag)
        memory.repository.run({ id: 2, status: 'in_progress' })
        asked ??= withdraws(memory, 'bob').catch((refused) => refused)
        return { takes: 1_000 }
      },
    )
    const back = await answers(memory, { ...by('carol', 'roll-back'), pause: '7.2' })
    expect(back).toMatchObject({ kind: 'ended', outcome: { kind: 'rolled-back' } })
    expect(await asked).toMatchObject({ code: 'decision-unasked' })
    expect(await memory.asks.read('shop', 'production')).toEqual({ kind: 'absent' })
  })

  test('at the same moment as the last approval: either it begins, or it waits, and never both', async () => {
    for (const first of ['approval', 'withdrawal'] as const) {
      const memory = inMemory()
      await asking(memory)
      await answers(memory, by('bob'))
      const kept = recalled(await read(memory))
      if (first === 'withdrawal') await withdraws(memory, 'bob')
      // The approver's run read the ledger before the withdrawal was written.
      const doer = { run: aRun(2), by: ['carol'] }
      const { ending } = await decide(memory.ports, kept, by('carol'), doer, memory.stop, reading)
      expect(ending.kind).toBe(first === 'approval' ? 'ended' : 'waiting')
      expect(memory.effects().length > 0).toBe(first === 'approval')
      if (first === 'approval')
        await expect(withdraws(memory, 'bob')).rejects.toMatchObject({ code: 'approver-not-allowed' })
    }
  })
})
