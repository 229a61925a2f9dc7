import { describe, expect, test } from 'vitest'
import type { CommandScheduler, SchedulerRecipe } from '../../src/domain/config/recipe.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { undo } from '../../src/pipeline/run/step.ts'
import { suspend } from '../../src/pipeline/scheduler/suspend.ts'
import { aCommand, allSteps, aScheduler, aService, newer, older, stepOf } from '../domain/a-plan.ts'
import type { Part } from '../fakes/fake-shell.ts'
import { type InMemory, inMemory, keptLedger, leanPlan, opened, unrepeated } from './in-memory.ts'

const planWith = (scheduler: SchedulerRecipe) =>
  leanPlan({ steps: { scheduler, migrate: allSteps.migrate }, services: [aService('web', 2)] })

async function suspended(memory: InMemory, change: Partial<CommandScheduler> = {}) {
  const scheduler = aScheduler(change)
  return suspend(await opened(memory, planWith(scheduler)), 'suspend-scheduler', scheduler)
}

/** The running jobs, one reading after another; the last one stays. */
function readings(memory: InMemory, ...jobs: readonly string[][]): void {
  let taken = 0
  memory.shell.play('running', () => {
    const lines = jobs[Math.min(taken, jobs.length - 1)] ?? []
    taken += 1
    return { lines }
  })
}

const count = (memory: InMemory, effect: string) => memory.effects().filter((one) => one === effect).length

describe('draining', () => {
  test('no new job starts, then it waits until repeated readings find none SP-12 SP-13', async () => {
    const memory = inMemory()
    readings(memory, ['mail #1', 'report #2'], ['report #2'], ['report #2'], [])
    expect(await suspended(memory)).toBeNull()
    expect(memory.timeline()).toEqual(['0 suspend', ...[0, 1, 2, 3, 4, 5].map((at) => `${at} running`)])
  })

  test('a job that comes and goes between two readings begins the count anew SP-13', async () => {
    const memory = inMemory()
    readings(memory, [], [], ['mail #1'], [], [], ['mail #2'], [])
    expect(await suspended(memory)).toBeNull()
    expect(count(memory, 'running')).toBe(9)
  })

  test('stderr of the reading is shown, and is no job F21', async () => {
    const memory = inMemory()
    memory.shell.play('running', { errors: ['DeprecationWarning: punycode'] })
    expect(await suspended(memory)).toBeNull()
    expect(count(memory, 'running')).toBe(3)
    expect(memory.voice.texts('line')).toContain('  │ DeprecationWarning: punycode')
  })

  test('lines of blanks are no jobs', async () => {
    const memory = inMemory()
    readings(memory, ['', '  \t'])
    expect(await suspended(memory)).toBeNull()
    expect(count(memory, 'running')).toBe(3)
  })

  test('says once which jobs it waits for', async () => {
    const memory = inMemory()
    readings(memory, ['mail #1'], ['mail #1'], [], ['mail #1'], [])
    await suspended(memory)
    const waiting = memory.voice.texts('line').filter((line) => line.includes('mail #1'))
    expect(waiting).toHaveLength(2)
  })

  test('without a command that lists the jobs, a suspension is all there is', async () => {
    const memory = inMemory()
    expect(await suspended(memory, { running: null })).toBeNull()
    expect(memory.effects()).toEqual(['suspend'])
  })

  test('a suspension that fails is not waited for', async () => {
    const memory = inMemory()
    memory.shell.play('suspend', { lines: ['no console'], ends: { kind: 'exited', code: 1 } })
    expect(await suspended(memory)).toMatchObject({ code: 'command-failed', tail: ['no console'] })
    expect(memory.effects()).toEqual(['suspend'])
  })

  test.each([
    ['fails', { ends: { kind: 'exited', code: 2 } }, 'command-failed'],
    ['hangs', { takes: Number.POSITIVE_INFINITY }, 'command-timed-out'],
    ['is not there', { ends: { kind: 'not-found', name: 'jobs' } }, 'command-not-found'],
  ] satisfies [string, Part, string][])(
    'a reading that %s is no reading of nothing SP-13',
    async (_how, part, code) => {
      const memory = inMemory()
      memory.shell.play('running', part)
      expect(await suspended(memory)).toMatchObject({ code })
      expect(memory.effects()).toEqual(['suspend', 'running'])
    },
  )
})

describe('a job that outlasts the drain', () => {
  test('fails it by default, and is named SP-14', async () => {
    const memory = inMemory()
    readings(memory, ['report #2'])
    const failure = await suspended(memory)
    expect(failure).toMatchObject({ code: 'drain-timed-out', tail: ['report #2'] })
    expect(failure?.what).toContain('report #2')
    expect(memory.seconds()).toBe(60)
  })

  test('jobs that come and go are no drain either SP-14', async () => {
    const memory = inMemory()
    let odd = false
    memory.shell.play('running', () => {
      odd = !odd
      return { lines: odd ? ['mail'] : [] }
    })
    expect(await suspended(memory, { interval: 500 })).toMatchObject({ code: 'drain-timed-out' })
    expect(memory.seconds()).toBe(60)
  })

  test('on fail the scheduler is resumed and nothing was migrated SP-14', async () => {
    const memory = inMemory()
    readings(memory, ['report #2'])
    const context = await opened(memory, planWith(aScheduler()))
    expect(await execute(context)).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'drain-timed-out' }, stays: [] },
    })
    expect(unrepeated(memory.effects())).toEqual(['suspend', 'running', 'resume'])
    expect(suspensionIn(await keptLedger(memory))).toBeNull()
  })

  test('on kill it is ended, and readings of nothing are waited for all the same SP-14', async () => {
    const memory = inMemory()
    memory.shell.play('running', () => ({ lines: memory.seconds() < 62 ? ['report #2'] : [] }))
    expect(await suspended(memory, { onTimeout: 'kill', kill: aCommand('kill') })).toBeNull()
    expect(unrepeated(memory.effects())).toEqual(['suspend', 'running', 'kill', 'running'])
    expect(memory.voice.texts('warning').join()).toContain('report #2')
    expect(memory.seconds()).toBe(64)
  })

  test('a job that outlives the kill fails it, after one more wait SP-14', async () => {
    const memory = inMemory()
    readings(memory, ['report #2'])
    const scheduler = { onTimeout: 'kill', kill: aCommand('kill'), drainTimeout: 900_000 } as const
    expect(await suspended(memory, scheduler)).toMatchObject({ code: 'drain-timed-out' })
    expect(memory.seconds()).toBe(960)
    expect(count(memory, 'kill')).toBe(1)
  })

  test('so does a kill that fails SP-14', async () => {
    const memory = inMemory()
    readings(memory, ['report #2'])
    memory.shell.play('kill', { ends: { kind: 'exited', code: 1 } })
    const scheduler = { onTimeout: 'kill', kill: aCommand('kill') } as const
    expect(await suspended(memory, scheduler)).toMatchObject({ code: 'command-failed' })
    expect(memory.effects().at(-1)).toBe('kill')
  })

  test('on proceed it goes on, and says so SP-14', async () => {
    const memory = inMemory()
    readings(memory, ['report #2'])
    expect(await suspended(memory, { onTimeout: 'proceed' })).toBeNull()
    expect(memory.voice.texts('warning').join()).toContain('report #2')
  })
})

describe('cancelled while it drains', () => {
  test('it ends at once, ends no job and counts as nothing: the step is left open', async () => {
    const memory = inMemory()
    readings(memory, ['report #2'])
    void memory.clock.sleep(10_500).then(memory.askToStop)
    const scheduler = aScheduler({ onTimeout: 'kill', kill: aCommand('kill') })
    expect(await execute(await opened(memory, planWith(scheduler)))).toEqual({
      kind: 'interrupted',
      problem: null,
    })
    expect(memory.seconds()).toBe(10.5)
    expect(unrepeated(memory.effects())).toEqual(['suspend', 'running'])
    const ledger = await keptLedger(memory)
    const { deployment } = ledger
    expect(deployment?.journal.at(-1)).toMatchObject({ kind: 'interrupted', cause: 'cancelled' })
    expect(deployment?.journal.at(-2)).toMatchObject({ kind: 'step-started', step: 'suspend-scheduler' })
    expect(suspensionIn(ledger)).toMatchObject({ deployment: 7 })
  })
})

describe('bringing the previous scheduler back', () => {
  const backOf = async (memory: InMemory) => {
    const plan = planWith(aScheduler())
    return undo(await opened(memory, plan), stepOf(plan, 'deploy-scheduler'))
  }

  test('drains first: it may have been resumed since', async () => {
    const memory = inMemory()
    readings(memory, ['mail #1'], [])
    expect(await backOf(memory)).toBeNull()
    expect(unrepeated(memory.effects())).toEqual(['suspend', 'running', 'deploy-scheduler'])
    const variables = Object.fromEntries(
      memory.shell.calls.map((call) => [call.command.run, call.variables.ROLLGATE_RELEASE]),
    )
    expect(variables).toEqual({ suspend: newer.tag, running: newer.tag, 'deploy-scheduler': older.tag })
  })

  test('does not replace a scheduler whose jobs still run', async () => {
    const memory = inMemory()
    readings(memory, ['report #2'])
    expect(await backOf(memory)).toMatchObject({ code: 'drain-timed-out' })
    expect(memory.effects()).not.toContain('deploy-scheduler')
  })
})
