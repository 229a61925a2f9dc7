import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/config/command.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import { shortened } from '../../src/pipeline/engine/job-name.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, aService } from '../domain/a-plan.ts'
import { enginePlan, goOnFrom, imagesOf, onEngines } from './an-engine.ts'
import { durableLedger, type InMemory, opened } from './in-memory.ts'

const asJob = (run: string): Command => ({
  ...aCommand(run),
  on: { kind: 'engine', service: 'api', container: null },
})

const migrating = (command: Command): Partial<StepRecipes> => ({
  migrate: { command, phase: 'expand', repeatable: false },
})

const deploy = async (memory: InMemory, steps: Partial<StepRecipes>) =>
  execute(await opened(memory, enginePlan({ steps })))

describe('a command on an engine', () => {
  test('is a job in the image of the release, under a name of its deployment and step', async () => {
    const memory = onEngines()
    const { jobs } = memory.engines.at('api')
    const images: unknown[] = []
    memory.engines.at('api').ending = (job) => {
      images.push(job.images)
      return { kind: 'exited', code: 0, tail: [] }
    }
    expect(await deploy(memory, migrating(asJob('migrate')))).toMatchObject({ kind: 'ended' })
    expect(jobs).toEqual(['rollgate-7-migrate'])
    expect(images).toEqual([imagesOf('api', '2')])
    expect(memory.effects()).not.toContain('migrate')
  })

  test('fails with the exit code and the last lines, and a retry is another job', async () => {
    const memory = onEngines()
    const engine = memory.engines.at('api')
    engine.ending = () => ({ kind: 'exited', code: 3, tail: ['no such table'] })
    const plan = enginePlan({ steps: migrating(asJob('migrate')) })
    const context = await opened(memory, plan)
    const ending = await execute(context)
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { failure: { code: 'command-failed', what: 'migrate exited with 3.', tail: ['no such table'] } },
    })
    expect(engine.deeds).toEqual([])
    const { session } = context
    const pause = ending.kind === 'waiting' ? ending.pause.id : ''
    engine.ending = () => ({ kind: 'exited', code: 0, tail: [] })
    session.note({ kind: 'decided', pause, decision: 'retry', instances: [], by: 'bob', reason: '' })
    expect(await execute(context)).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(engine.jobs).toEqual(['rollgate-7-migrate', 'rollgate-7-migrate-2'])
  })

  test('that was not heard of is looked for under its name by a retry, and not run beside itself', async () => {
    const memory = onEngines()
    const engine = memory.engines.at('api')
    const asked: string[] = []
    const { jobs } = engine.control
    if (jobs === null) throw new Error('the engine in memory has jobs')
    const run = jobs.run.bind(jobs)
    const failure = { code: 'engine-unknown', what: 'Nothing was heard of it.', tail: [] }
    jobs.run = async (job, variables, watch) => {
      asked.push(job.name)
      if (asked.length === 1) return { kind: 'unreachable', failure, tail: [] }
      return run(job, variables, watch)
    }
    const context = await opened(memory, enginePlan({ steps: migrating(asJob('migrate')) }))
    const ending = await execute(context)
    const pause = ending.kind === 'waiting' ? ending.pause.id : ''
    context.session.note({ kind: 'decided', pause, decision: 'retry', instances: [], by: 'bob', reason: '' })
    expect(await execute(context)).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(asked).toEqual(['rollgate-7-migrate', 'rollgate-7-migrate'])
  })

  test('is followed by the next run where its run was lost, and does not run twice', async () => {
    const memory = onEngines()
    const engine = memory.engines.at('api')
    const plan = enginePlan({ steps: migrating(asJob('migrate')) })
    const lost: Ledger[] = []
    engine.ending = () => {
      lost.push(durableLedger(memory))
      memory.forceToStop()
      return { kind: 'exited', code: 0, tail: [] }
    }
    await execute(await opened(memory, plan))
    expect(await goOnFrom(memory, lost[0])).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(engine.jobs).toEqual(['rollgate-7-migrate'])
    expect(engine.deeds).toEqual(['hand-over api:2'])
  })

  test('is refused in the plan where the service is on no engine', () => {
    const plan = enginePlan({ services: [aService('api', 2)], steps: migrating(asJob('migrate')) })
    expect(plan.refusals.map(({ code }) => code)).toEqual(['command-nowhere'])
  })
})

test('a name that an engine would not take is shortened, and stays apart from others', () => {
  const names = [
    'hook/A long hook that seeds the search index',
    'hook/A long hook that seeds the search indices',
  ]
  // ECS finds a task by 36 characters of its name: the number of a try must be among them.
  const tries = ['', '-2'].map((end) => shortened(`rollgate-1234567-roll-back-migration${end}`))
  expect(new Set(tries.map((name) => name.slice(0, 36))).size).toBe(2)
  const shorts = names.map((name) => shortened(`rollgate-12-${name}`))
  expect(new Set(shorts).size).toBe(2)
  for (const short of shorts) expect(short).toMatch(/^[a-z0-9-]{1,36}$/)
})
