import { describe, expect, test } from 'vitest'
import { dutyOf } from '../../src/domain/ledger/duty.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { close } from '../../src/pipeline/run/close.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { leaseAlerts } from '../../src/report/outcome/lease-alerts.ts'
import { factsTable } from '../../src/report/status/facts.ts'
import { aRun, done } from '../domain/a-journal.ts'
import { aCommand, aRelease, aScheduler, aService } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { inMemory, keptLedger, type Lean, leanPlan, opened } from './in-memory.ts'
import { answered, begun, watched } from './later-run.ts'

/** Jobs of a scheduler write at home: none may start there while visitors are on the stand-in. */

const better = aRelease('v1.2.0', { schemaVersion: '43' })
const steps = { scheduler: aScheduler({ running: null }), preConfigure: aCommand('pre-configure') }

/** A world in which a detour is open: its inspection waits, or its deployment was abandoned. */
async function away({ abandoned = false } = {}): Promise<DetourWorld> {
  const world = aDetourWorld()
  await execute(await opened(world.memory, steppingAside({}, steps)))
  if (abandoned) await answered(world.memory, 'abandon')
  return world
}

const commands = ({ memory }: DetourWorld): string[] => memory.shell.calls.map(({ command }) => command.run)

/** Jobs are kept from starting, by what ran and by what the ledger remembers. */
async function expectSuspended(world: DetourWorld): Promise<void> {
  const ran = commands(world).filter((run) => run === 'suspend' || run === 'resume')
  expect(ran.filter((run) => run === 'resume')).toEqual([])
  const { leases, detour } = await keptLedger(world.memory)
  expect([leases.map(({ kind }) => kind), detour?.phase]).toEqual([['scheduler'], 'open'])
}

const commandsOf = (plan: Plan): string[] =>
  plan.steps.flatMap((step) => [
    ...('command' in step && step.command !== null ? [step.command.run] : []),
    ...('scheduler' in step ? ['suspend'] : []),
  ])

type Later = readonly [string, boolean, Partial<Lean>]

const later: readonly Later[] = [
  ['a deployment that goes on in it', true, { release: better }],
  ['a roll forward', false, { release: better, rollForward: true }],
  ['its closing by name', true, { wanted: 'close-detour', closes: 'shop-production-7', as: 'revert' }],
]

async function laterPlan({ memory }: DetourWorld, asks: Partial<Lean>) {
  return steppingAside({}, steps, { ...asks, ledger: await keptLedger(memory), detour: false })
}

describe.each(later)('in an open detour %s', (_what, abandoned, asks) => {
  test.each(['suspend', 'pre-configure', 'deploy-scheduler'])(
    'that fails at %s resumes no scheduler: the detour is still open SD-15',
    async (at) => {
      const world = await away({ abandoned })
      const plan = await laterPlan(world, asks)
      const has = commandsOf(plan).includes(at)
      let turns = 0
      world.memory.shell.play(at, () => {
        turns += 1
        return turns === 1 ? { ends: { kind: 'exited', code: 1 } } : {}
      })
      const ending = await execute(await begun(world, plan))
      expect(turns > 0).toBe(has)
      if (!has) return
      const stays = expect.arrayContaining(['suspend-scheduler'])
      expect(ending).toMatchObject({ outcome: { kind: 'failed', stays } })
      await expectSuspended(world)
    },
  )

  test('that is lost right after it has suspended jobs resumes none SD-15', async () => {
    const world = await away({ abandoned })
    const { session } = await begun(world, await laterPlan(world, asks))
    for (const event of [...done('source'), ...done('suspend-scheduler')]) session.note(event)
    await session.save()
    await close(world.memory.ports, 'shop', 'production', { run: aRun(3), by: ['bob'] })
    await expectSuspended(world)
    expect((await keptLedger(world.memory)).deployment).toBeNull()
  })
})

describe('a lease on the scheduler that is over while a detour is open', () => {
  test('is given back by no run, and every page says until when it stays SD-15', async () => {
    const world = await away()
    const { memory } = world
    await memory.clock.sleep(30 * 86_400_000)
    const now = memory.clock.now()
    await watched(memory)
    await expectSuspended(world)
    const ledger = await keptLedger(memory)
    expect(dutyOf(ledger, false, now)).toBeNull()
    const words = 't stays suspended until the detour shop-production-7 is closed'
    expect(leaseAlerts({ ledger, now: now.toISOString() } as never)).toContain(words)
    const view = { kind: 'read', ledger, live: false, question: null } as const
    expect(factsTable(view, now.toISOString())).toContain(words)
  })

  test.each(['complete', 'revert', 'revert-code'] as const)(
    'is given back once %s has ended the detour, and not before SD-15',
    async (decision) => {
      const world = await away()
      await answered(world.memory, decision, 'it must')
      const { leases, detour } = await keptLedger(world.memory)
      expect([leases, detour]).toEqual([[], null])
      expect(commands(world).filter((run) => run === 'resume')).toHaveLength(1)
    },
  )
})

describe('a deployment after one that was abandoned in the middle of its migration', () => {
  const migrate = { command: aCommand('migrate'), phase: 'expand', repeatable: true } as const
  const asked = { steps: { ...steps, migrate }, services: [aService('web', 2)] }

  /** Abandons a deployment whose migration failed, and begins the next one, which fails at a command. */
  async function next(failing: string) {
    const memory = inMemory()
    memory.shell.play('migrate', { ends: { kind: 'exited', code: 1 } })
    await execute(await opened(memory, leanPlan(asked)))
    await answered(memory, 'abandon')
    memory.shell.play('migrate', {})
    memory.shell.play(failing, { ends: { kind: 'exited', code: 1 } })
    const plan = leanPlan({ ...asked, release: better, ledger: await keptLedger(memory) })
    const ending = await execute(await begun({ memory }, plan))
    return {
      memory,
      ending,
      resumed: () => memory.shell.calls.some(({ command }) => command.run === 'resume'),
    }
  }

  test('fails before it migrates → the scheduler stays suspended, and only a person may end that', async () => {
    const { memory, ending, resumed } = await next('pre-configure')
    const stays = expect.arrayContaining(['suspend-scheduler'])
    expect(ending).toMatchObject({ outcome: { kind: 'failed', stays } })
    const { leases } = await keptLedger(memory)
    expect([resumed(), leases]).toMatchObject([false, [{ kind: 'scheduler', pinned: true }]])
  })

  test('migrates, and goes back after that → the scheduler is resumed', async () => {
    const { memory, resumed } = await next('start')
    await answered(memory, 'roll-back', 'it must')
    expect([resumed(), (await keptLedger(memory)).leases]).toEqual([true, []])
  })
})
