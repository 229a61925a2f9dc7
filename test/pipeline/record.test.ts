import { describe, expect, test } from 'vitest'
import { checkReviewers } from '../../src/pipeline/lock/approvals.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aJournal, aRun, cancelled, done, opened as openedBy, resumed } from '../domain/a-journal.ts'
import { aPlan, aPolicy, aService, newer } from '../domain/a-plan.ts'
import { durableLedger, goingOn, inMemory, keptLedger, leanPlan, opened } from './in-memory.ts'

describe('the record', () => {
  const reviewed = () => aPlan()

  test('is opened once, when somebody has said yes and something is about to change GH-01', async () => {
    const memory = inMemory()
    memory.repository.approve(1, { environment: 'production', user: 'rhea', comment: 'go' })
    let atBuild: number | null = null
    memory.shell.play('build', () => {
      atBuild = memory.records.shown.length
      return {}
    })
    let atBroker: number | null = null
    memory.shell.play('configure-broker', () => {
      atBroker = durableLedger(memory).deployment?.record ?? null
      return {}
    })
    await execute(await opened(memory, reviewed()))
    expect([atBuild, atBroker, memory.records.shown.length]).toEqual([0, 1, 1])
    expect(memory.records.states(1)[0]).toContain(`in_progress: in progress: deploy ${newer.tag}`)
    expect(memory.records.states(1)[0]).toContain('rhea')
  })

  test.each([
    ['nobody approved', 'approval-missing', null],
    ['a reviewer refused', 'approval-rejected', 'rejected'],
  ] as const)('is not opened when %s SP-04 GH-13', async (_what, code, state) => {
    const memory = inMemory()
    memory.repository.environment('production', { reviewers: { users: ['rhea'] } })
    if (state !== null) memory.repository.approve(1, { environment: 'production', user: 'rhea', state })
    expect(await execute(await opened(memory, reviewed()))).toMatchObject({
      kind: 'ended',
      outcome: { kind: 'failed', failure: { code }, stays: [] },
    })
    expect([memory.records.shown, memory.effects()]).toEqual([[], []])
  })

  test('is not opened for an environment that lost its reviewers since the plan GH-05', async () => {
    const memory = inMemory()
    memory.repository.environment('production', {})
    expect(await execute(await opened(memory, reviewed()))).toMatchObject({
      outcome: { failure: { code: 'environment-unprotected' } },
    })
  })

  test('a bypass that the config allows is recorded as one GH-06', async () => {
    const memory = inMemory()
    memory.repository.environment('production', { reviewers: { users: ['rhea'] } })
    const plan = aPlan({ policy: aPolicy({ approval: { kind: 'reviewers', allowBypass: true } }) })
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.records.states(1)[0]).toContain('bypassed')
  })

  test('tells of an approval in a run with attempts that GitHub does not say which of them it was for F03', async () => {
    const memory = inMemory()
    memory.repository.approve(1, { environment: 'production', user: 'rhea', comment: 'go' })
    const rule = { kind: 'reviewers', allowBypass: false } as const
    const check = (attempt: number) =>
      checkReviewers(memory.ports.repository, 'production', rule, { ...aRun(1), attempt })
    expect(await check(1)).toBe('approved by rhea: go')
    expect(await check(2)).toBe(
      'approved by rhea: go (in one of the 2 attempts of this run: GitHub does not tell which)',
    )
  })

  test('nor while named people are asked SP-04', async () => {
    const memory = inMemory()
    const approval = { kind: 'named', from: ['rhea'], notSelf: true } as const
    const context = await opened(memory, aPlan({ policy: aPolicy({ approval }) }))
    expect(await execute(context)).toMatchObject({ kind: 'waiting', pause: { id: '7.1', kind: 'approval' } })
    expect([memory.records.shown, memory.effects()]).toEqual([[], []])
    expect((await keptLedger(memory)).deployment).toMatchObject({ holder: null, record: null })
  })

  test('one that a run opened and could not note is found again, not opened twice GH-01', async () => {
    const memory = inMemory()
    const plan = leanPlan({ services: [aService('web', 2)] })
    await memory.records.open(plan, 7, aRun(1).url, { mayExist: false })
    const journal = aJournal(openedBy, ...done('source'), cancelled, resumed)
    expect(await execute(await goingOn(memory, plan, journal))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(memory.records.shown).toHaveLength(1)
    expect((await keptLedger(memory)).serving?.record).toBe(1)
  })
})
