import { describe, expect, test } from 'vitest'
import type { VerifyRecipe } from '../../src/domain/config/recipe.ts'
import { verificationOf } from '../../src/domain/release/verification.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, aService, newer } from '../domain/a-plan.ts'
import { inMemory, keptLedger, leanPlan, opened } from './in-memory.ts'
import { answered } from './later-run.ts'

const address = 'https://shop.example.com/production/health'

const aVerify = (change: Partial<VerifyRecipe> = {}): VerifyRecipe => ({
  http: { kind: 'http', url: 'https://shop.example.com/$ROLLGATE_ENVIRONMENT/health', timeout: 60_000 },
  command: aCommand('smoke-test'),
  attempts: 3,
  interval: 5_000,
  onFailure: 'ask',
  ...change,
})

const verifying = (change: Partial<VerifyRecipe> = {}) =>
  leanPlan({ steps: { verify: aVerify(change) }, services: [aService('web', 2)] })

const yes = { kind: 'yes', text: '' } as const
const broken = { kind: 'no', why: 'answered 503', text: 'no database' } as const

describe('the front door', () => {
  test('is asked after the services, by an address and a command that name the environment MM-15', async () => {
    const memory = inMemory()
    memory.prober.reply(address, yes)
    const context = await opened(memory, verifying())
    expect(await execute(context)).toMatchObject({
      kind: 'ended',
      outcome: { kind: 'succeeded', forced: [] },
    })
    const effects = memory.effects()
    expect(memory.prober.asked).toContain(address)
    expect(effects.at(-1)).toBe('smoke-test')
    expect(memory.shell.calls.at(-1)?.variables).toMatchObject({ ROLLGATE_ENVIRONMENT: 'production' })
    expect(effects.findLastIndex((effect) => effect.endsWith('web-2'))).toBeLessThan(effects.length - 2)
    expect(context.session.standing.steps.get('verify')?.note).toContain('production')
  })

  test('gets as many tries as the config says, a pause apart', async () => {
    const memory = inMemory()
    memory.prober.reply(address, broken, broken, yes)
    const before = memory.seconds()
    expect(await execute(await opened(memory, verifying()))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.prober.asked.filter((asked) => asked === address)).toHaveLength(3)
    expect(memory.seconds() - before).toBeGreaterThanOrEqual(10)
  })

  test('that does not pass is a question, and the environment does not count as serving the release', async () => {
    const memory = inMemory()
    memory.prober.reply(address, broken)
    expect(await execute(await opened(memory, verifying()))).toMatchObject({
      kind: 'waiting',
      pause: {
        kind: 'failed-step',
        step: 'verify',
        failure: { code: 'verify-failed', tail: ['no database'] },
        options: ['retry', 'force-next', 'roll-back', 'abandon'],
      },
    })
    expect((await keptLedger(memory)).serving?.release.tag).not.toBe(newer.tag)
  })

  test('that does not pass takes the deployment back where the config says so', async () => {
    const memory = inMemory()
    memory.prober.reply(address, yes)
    memory.shell.play('smoke-test', { ends: { kind: 'exited', code: 1 } })
    expect(await execute(await opened(memory, verifying({ onFailure: 'roll-back' })))).toMatchObject({
      outcome: { kind: 'rolled-back', failure: { code: 'verify-failed' } },
    })
    expect([...memory.installed.values()]).toEqual(['v1.0.0', 'v1.0.0'])
  })

  test('that a person passes by is no proof of the release MM-18', async () => {
    const memory = inMemory()
    memory.prober.reply(address, broken)
    await execute(await opened(memory, verifying()))
    const ending = await answered(memory, 'force-next')
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded', forced: ['verify'] } })
    expect(verificationOf(await keptLedger(memory), newer, null)).toMatchObject({ kind: 'unverified' })
  })

  test('is asked again by the next run if its run was told to stop between two tries', async () => {
    const memory = inMemory()
    memory.prober.replyBy(address, () => {
      memory.askToStop()
      return broken
    })
    const context = await opened(memory, verifying())
    expect(await execute(context)).toMatchObject({ kind: 'interrupted' })
    expect(context.session.standing.steps.get('verify')?.state).toBe('running')
  })
})
