import { describe, expect, test } from 'vitest'
import type { StepHook } from '../../src/domain/config/recipe.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import { aCommand, allSteps, aPlan, aPolicy, aRecipe, aService } from '../domain/a-plan.ts'
import { readBoth } from '../inputs/config.fixture.ts'
import { goingOn, inMemory, keptLedger, opened } from './in-memory.ts'

const hook = (name: string, when: StepHook['when'], step: string): StepHook => ({
  name,
  when,
  step,
  command: aCommand(name),
})

const planOf = (hooks: readonly StepHook[], asks: Parameters<typeof aPlan>[0] = {}) =>
  aPlan({
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({
      steps: { ...allSteps, hooks },
      services: [aService('web', 2), aService('worker', 2)],
    }),
    ...asks,
  })

const ids = ({ steps }: { readonly steps: readonly { readonly id: string }[] }) => steps.map(({ id }) => id)

describe('hooks beside steps', () => {
  test('stand before the first and after the last step that they mean, in their declared order', () => {
    const plan = planOf([
      hook('one', 'after', 'migrate'),
      hook('two', 'after', 'migrate'),
      hook('three', 'before', 'roll-services'),
      hook('four', 'before', 'roll-services/worker'),
      hook('five', 'after', 'roll-services'),
    ])
    const from = ids(plan).indexOf('migrate')
    expect(ids(plan).slice(from)).toEqual([
      ...['migrate', 'hook/one', 'hook/two', 'resume-scheduler', 'hook/three', 'roll-services/web'],
      ...[
        'hook/four',
        'roll-services/worker',
        'hook/five',
        'record-version',
        'post-configure',
        'post-deploy',
      ],
    ])
  })

  test('are in every mode that has their step, and in no other', () => {
    const hooks = [hook('one', 'after', 'migrate'), hook('two', 'after', 'roll-services')]
    const back = planOf(hooks, { wanted: 'rollback' })
    expect(ids(back)).toContain('hook/two')
    expect(ids(back)).not.toContain('hook/one')
  })

  test('that no step of the config meets are warned of', () => {
    expect(planOf([hook('one', 'after', 'verify')]).warnings).toContain(
      'The hook one is to run after verify, and the config has no such step: it never runs.',
    )
    expect(planOf([hook('one', 'after', 'migrate')]).warnings.join()).not.toContain('never runs')
  })

  test('run where they stand, and a failure asks', async () => {
    const memory = inMemory()
    memory.shell.play('warm', { ends: { kind: 'exited', code: 4 } })
    const plan = planOf([hook('warm', 'after', 'pre-configure')])
    const context = await opened(memory, plan)
    await execute(context)
    expect(context.session.standing.pause).toMatchObject({
      kind: 'failed-step',
      step: 'hook/warm',
      failure: { what: 'hook/warm exited with 4.' },
    })
    expect(memory.effects().at(-1)).toBe('warm')
  })

  test('that a lost run had begun are not run again without an answer', async () => {
    const memory = inMemory()
    const at = memory.clock.now().toISOString()
    const plan = planOf([hook('warm', 'before', 'configure-broker')])
    const done = ['source', 'build'].flatMap((step) => [
      { at, kind: 'step-started', step } as const,
      { at, kind: 'step-succeeded', step } as const,
    ])
    const context = await goingOn(memory, plan, [
      { at, kind: 'opened', number: 7, run: aRun(1), by: ['alice'] },
      ...done,
      { at, kind: 'step-started', step: 'hook/warm' },
      { at, kind: 'interrupted', cause: 'lost' },
      { at, kind: 'resumed', run: aRun(2), by: ['alice'] },
    ])
    await execute(context)
    expect(memory.effects()).toEqual([])
    expect(context.session.standing.pause).toMatchObject({
      step: 'hook/warm',
      failure: { code: 'outcome-unknown' },
    })
  })
})

describe('a search index that follows a migration', () => {
  const sync = hook('sync', 'after', 'roll-services')

  test('counts as done when its own command has ended, and not with the migration of the database SP-23', async () => {
    const memory = inMemory()
    const context = await opened(memory, planOf([sync]))
    const stateOf = (step: string) => context.session.standing.steps.get(step)?.state
    const seen: unknown[] = []
    memory.shell.play('sync', () => {
      seen.push([stateOf('migrate'), stateOf('hook/sync'), context.session.standing.outcome])
      return { ends: { kind: 'exited', code: 1 } }
    })
    expect(await execute(context)).toMatchObject({ pause: { kind: 'failed-step', step: 'hook/sync' } })
    expect(seen).toEqual([['succeeded', 'running', null]])
    expect((await keptLedger(memory)).serving?.release.tag).not.toBe(context.plan.release.tag)
  })

  test('tells its progress in the log, holds no service up, and is waited for only if the config says so SP-27', async () => {
    const waiting = inMemory()
    waiting.shell.play('sync', { lines: ['4,000 of 9,000 products', 'all products'], takes: 30_000 })
    const plan = planOf([sync])
    expect(await execute(await opened(waiting, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    const effects = waiting.effects()
    expect(effects.indexOf('sync')).toBeGreaterThan(effects.lastIndexOf('start worker-2'))
    expect(waiting.voice.texts('quoted').join('\n')).toMatch(/4,000 of 9,000 products\n.*all products/)

    const going = inMemory()
    expect(await execute(await opened(going, planOf([])))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(waiting.seconds() - going.seconds()).toBe(30)
  })
})

test('hooks are read in the order of the file, with their place', () => {
  const { steps } = readBoth(`version: 1
environments: { production: { class: production } }
services: { web: { fleet: { local: { instances: [web-1] }, stop: a, start: b }, rollout: { accept-downtime: true } } }
steps:
  hooks:
    b: { run: bin/b, after: migrate }
    a: { run: bin/a, before: roll-services/web, on: { service: web, instances: all } }
`).recipe
  expect(steps.hooks?.map(({ name, when, step }) => [name, when, step])).toEqual([
    ['b', 'after', 'migrate'],
    ['a', 'before', 'roll-services/web'],
  ])
})
