import { describe, expect, test } from 'vitest'
import { checkoutUnknown } from '../../src/adapters/git/checkout-unknown.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import { Problem } from '../../src/domain/problem.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { allSteps, aPlan, aRecipe, aScheduler, aService, newer, older } from '../domain/a-plan.ts'
import { approvedPlan, inMemory, keptLedger, leanPlan, opened } from './in-memory.ts'

describe('the source', () => {
  test('is another checkout: nothing of it is run', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    expect(await execute(await opened(memory, approvedPlan()))).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'checkout-differs' }, stays: [] },
    })
    expect(memory.effects()).toEqual([])
  })

  test('is not checked out, and commands would run: nothing of it is run F42', async () => {
    const memory = inMemory()
    memory.workspace.head = null
    const context = await opened(memory, leanPlan({ services: [aService('web', 2)] }))
    expect(await execute(context)).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'checkout-unknown' }, stays: [] },
    })
    expect(memory.effects()).toEqual([])
  })

  test('cannot be told: nothing of it is run F03', async () => {
    const memory = inMemory()
    memory.workspace.unknown = checkoutUnknown('/work', 'fatal: detected dubious ownership')
    expect(await execute(await opened(memory, approvedPlan()))).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'checkout-unknown' }, stays: [] },
    })
    expect(memory.effects()).toEqual([])
  })

  test('is not checked out, and no command needs it: that is noted, and the rest is done', async () => {
    const memory = inMemory()
    memory.workspace.head = null
    const context = await opened(memory, leanPlan({}))
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(context.session.standing.steps.get('source')?.note).toContain('nothing is checked out')
  })

  test('leaves no command an empty folder if another commit cannot be fetched F03', async () => {
    const memory = inMemory()
    memory.workspace.gone.add(newer.sha)
    const context = await opened(memory, leanPlan({ services: [aService('web', 2)] }))
    expect(await execute(context)).toMatchObject({
      kind: 'interrupted',
      problem: { code: 'checkout-unknown' },
    })
    expect(memory.effects()).toEqual([])
  })
})

describe('the build', () => {
  const building = async (code: number) => {
    const memory = inMemory()
    const command = allSteps.migrate?.command
    if (command === undefined) throw new Error('no command')
    const unless = { ...command, run: 'exists' }
    memory.shell.play('exists', {
      ends: code < 0 ? { kind: 'not-found', name: 'exists' } : { kind: 'exited', code },
    })
    const build = { command: { ...command, run: 'build' }, unless }
    const context = await opened(memory, leanPlan({ steps: { build }, services: [aService('web', 2)] }))
    const ending = await execute(context)
    return { ending, effects: memory.effects(), build: context.session.standing.steps.get('build') }
  }

  test('is skipped when the artifact exists, else done SP-05', async () => {
    const found = await building(0)
    expect(found.build?.state).toBe('skipped')
    expect(found.effects).not.toContain('build')
    const missing = await building(1)
    expect(missing.build?.state).toBe('succeeded')
    expect(missing.effects.slice(0, 2)).toEqual(['exists', 'build'])
  })

  test('a question that cannot be asked is no answer, and nothing has changed SP-06', async () => {
    const { ending, effects } = await building(-1)
    expect(ending).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'command-not-found' }, stays: [] },
    })
    expect(effects).toEqual(['exists'])
  })
})

describe('steps that fail', () => {
  test('a migration that fails leaves the scheduler suspended, and a person is asked SP-25', async () => {
    const memory = inMemory()
    memory.shell.play('migrate', { lines: ['deadlock'], ends: { kind: 'exited', code: 1 } })
    expect(await execute(await opened(memory, approvedPlan()))).toMatchObject({
      kind: 'waiting',
      pause: {
        step: 'migrate',
        failure: { code: 'command-failed', tail: expect.arrayContaining(['deadlock']) },
      },
    })
    expect(memory.effects()).not.toContain('resume')
    expect(suspensionIn(await keptLedger(memory))).toMatchObject({ deployment: 7 })
  })

  test('a last hook that fails is told, and the release serves SP-37', async () => {
    const memory = inMemory()
    memory.shell.play('post-deploy', { ends: { kind: 'signalled', signal: 'SIGKILL' } })
    expect(await execute(await opened(memory, approvedPlan()))).toMatchObject({
      outcome: { kind: 'succeeded', afterwards: { code: 'command-failed' } },
    })
    expect((await keptLedger(memory)).serving?.release.tag).toBe(newer.tag)
  })

  test('rolled back unasked where the config says so: instances first, then the schedulers, each seen to WX-24', async () => {
    const memory = inMemory()
    memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name, ROLLGATE_MODE: mode }) =>
      name === 'web-2' && mode === 'deploy'
        ? { kind: 'no', why: 'answered 503', text: '' }
        : { kind: 'yes', text: '' },
    )
    const plan = leanPlan({
      steps: { scheduler: aScheduler() },
      services: [aService('web', 3, { onFailure: 'roll-back' })],
    })
    expect(await execute(await opened(memory, plan))).toMatchObject({
      outcome: { kind: 'rolled-back', failure: { code: 'self-test-failed' } },
    })
    const effects = memory.effects()
    expect(effects.filter((effect) => /^(install|deploy-scheduler|resume)/.test(effect))).toEqual([
      'deploy-scheduler',
      'resume',
      'install web-1',
      'install web-2',
      'install web-1',
      'install web-2',
      'deploy-scheduler',
      'resume',
    ])
    expect([...memory.installed]).toEqual([
      ['web-1', older.tag],
      ['web-2', older.tag],
    ])
    expect(await keptLedger(memory)).toMatchObject({ desired: { tag: older.tag }, leases: [] })
  })

  test('a way back that fails stops for a person, and is tried again when it is answered', async () => {
    const memory = inMemory()
    memory.shell.play('resume', { ends: { kind: 'exited', code: 1 } })
    memory.shell.play('pre-configure', { ends: { kind: 'exited', code: 1 } })
    expect(await execute(await opened(memory, approvedPlan()))).toMatchObject({
      kind: 'waiting',
      pause: { step: 'suspend-scheduler', options: ['retry', 'force-next', 'abandon'] },
    })
    expect(suspensionIn(await keptLedger(memory))).not.toBeNull()
  })

  test('a problem of a port is the failure of its step; any other error is unexpected', async () => {
    const problem = new Problem('github-unavailable', {
      what: 'GitHub is down.',
      why: 'So it says.',
      next: 'Wait.',
    })
    for (const [thrown, code] of [
      [problem, 'github-unavailable'],
      [new Error('boom'), 'unexpected'],
    ] as const) {
      const memory = inMemory()
      memory.repository.approvals = async () => Promise.reject(thrown)
      expect(await execute(await opened(memory, aPlan({ recipe: aRecipe() })))).toMatchObject({
        outcome: { kind: 'failed', failure: { code } },
      })
    }
  })
})
