import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/config/command.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, aPlan, aPolicy, aRecipe, noSteps } from '../domain/a-plan.ts'
import { readBoth } from '../inputs/config.fixture.ts'
import { inMemory, opened } from './in-memory.ts'

const eof = 'Error response from daemon: Get "https://registry.example.com/v2/": unexpected EOF'

async function pushed(
  fails: number,
  command: Partial<Command> = {},
  said = eof,
  step: 'build' | 'hook' = 'build',
) {
  const memory = inMemory()
  let left = fails
  memory.shell.play('push', () => {
    if (left === 0) return {}
    left -= 1
    return { errors: [said], ends: { kind: 'exited', code: 1 } }
  })
  const run = { ...aCommand('push'), ...command }
  const steps = step === 'build' ? { build: { command: run, unless: null } } : { configureBroker: run }
  const plan = aPlan({
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({ steps: { ...noSteps, ...steps }, services: [] }),
  })
  const context = await opened(memory, plan)
  const ending = await execute(context)
  const tries = memory.effects().filter((effect) => effect === 'push').length
  return { memory, context, ending, tries }
}

describe('a failure that is known to pass by itself', () => {
  test('is tried again twice in a build, with growing waits SP-47', async () => {
    const { ending, tries, memory } = await pushed(2)
    expect([tries, memory.seconds()]).toEqual([3, 15])
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.voice.texts('line')).toContain(
      'the registry ended the connection: tried again in 5 s, 1 of 2',
    )
  })

  test('is given up after the last try, and the question says that it may be tried again SP-47', async () => {
    const { ending, tries } = await pushed(9)
    expect(tries).toBe(3)
    expect(ending).toMatchObject({
      outcome: { kind: 'failed', failure: { next: expect.stringContaining('known to pass by itself') } },
    })
  })

  test('is not tried again in a hook unless the hook says so SP-47', async () => {
    expect((await pushed(1, {}, eof, 'hook')).tries).toBe(1)
    expect((await pushed(1, { retry: { times: 1, on: [] } }, eof, 'hook')).tries).toBe(2)
  })

  test('is any that the config names, and then no other SP-47', async () => {
    const retry = { times: 3, on: ['quota of the day'] }
    expect((await pushed(2, { retry }, 'the quota of the day is used up')).tries).toBe(3)
    expect((await pushed(2, { retry })).tries).toBe(1)
  })

  test.each([
    'no such file: EOFException.java',
    'assertion failed',
    'cat <<EOF',
    'bash: unexpected EOF while looking for matching `"\'',
  ])('is not %j, which is a mistake', async (said) => {
    expect((await pushed(1, {}, said)).tries).toBe(1)
  })
})

test('a run that is told to stop waits for no further try', async () => {
  const memory = inMemory()
  memory.shell.play('push', () => {
    memory.askToStop()
    return { errors: [eof], ends: { kind: 'exited', code: 1 } }
  })
  const build = { command: aCommand('push'), unless: null }
  const plan = aPlan({
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({ steps: { ...noSteps, build }, services: [] }),
  })
  await execute(await opened(memory, plan))
  expect(memory.effects()).toEqual(['push'])
  expect(memory.seconds()).toBe(0)
})

test('a step over the time of the config is warned of, and another is not SP-39', async () => {
  const slow = async (takes: number, slowAfter?: number) => {
    const memory = inMemory()
    memory.shell.play('import', { takes })
    const postConfigure = { ...aCommand('import'), timeout: 7_200_000 }
    const steps = { ...noSteps, postConfigure, ...(slowAfter === undefined ? {} : { slowAfter }) }
    const plan = aPlan({
      policy: aPolicy({ approval: { kind: 'none' } }),
      recipe: aRecipe({ steps, services: [] }),
    })
    await execute(await opened(memory, plan))
    return memory.voice.texts('warning')
  }
  expect((await slow(31 * 60_000)).join()).toContain('post-configure took 31 min')
  expect(await slow(29 * 60_000)).toEqual([])
  expect(await slow(31 * 60_000, 3_600_000)).toEqual([])
})

test('retries and the time of a slow step are read', () => {
  const { steps } = readBoth(`version: 1
environments: { production: { class: production } }
services: { web: { fleet: { local: { instances: [web-1] }, stop: a, start: b }, rollout: { accept-downtime: true } } }
steps:
  slow-after: 45m
  build: { run: bin/build, retry: { times: 4 } }
  pre-configure: { run: bin/pull, retry: { times: 1, on: [EOF] } }
`).recipe
  expect(steps.slowAfter).toBe(2_700_000)
  expect(steps.build?.command.retry).toEqual({ times: 4, on: [] })
  expect(steps.preConfigure?.retry).toEqual({ times: 1, on: ['EOF'] })
})
