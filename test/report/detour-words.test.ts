import { describe, expect, test } from 'vitest'
import type { Journal } from '../../src/domain/journal/journal.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { aRelease, aScheduler } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from '../pipeline/a-detour-world.ts'
import { keptLedger, opened } from '../pipeline/in-memory.ts'
import { begun, concluded } from '../pipeline/later-run.ts'

/** The words of a detour's pages, as a person meets them who was woken by it. */

const readWrite = { mode: 'read-write', acceptDataLoss: true, validateBeforeSwap: true } as const
const steps = { scheduler: aScheduler({ running: null, deploy: null }) }

async function pageOf({ memory }: DetourWorld, plan: Plan, journal: Journal): Promise<string> {
  const ledger = await keptLedger(memory)
  const now = memory.clock.now().toISOString()
  return outcomeSummary({ plan, journal, ledger, run: 'https://example.com/1', now, form: null })
}

async function inspected(plan: Plan) {
  const world = aDetourWorld()
  const { session } = await opened(world.memory, plan).then(async (context) => {
    await execute(context)
    return context
  })
  return { world, page: () => pageOf(world, plan, session.journal) }
}

describe('the page of an inspection', () => {
  test('does not say that a migration stays which revert takes back', async () => {
    const page = await (await inspected(steppingAside(readWrite, steps))).page()
    expect(page).toContain('nothing is done that cannot be undone')
    expect(page).not.toContain('What stays, because it cannot be undone')
  })

  test('says with each answer what becomes of writes on the stand-in', async () => {
    const page = await (await inspected(steppingAside(readWrite, steps))).page()
    expect(page).toMatch(/\| `complete` \| .*; what visitors wrote on the stand-in is lost \|/)
    expect(page).toMatch(/\| `revert` \| .* with all that they wrote on the stand-in since, .* \|/)
    expect(page).toMatch(/\| `revert-code` \| .*; what visitors wrote on the stand-in is lost; .* \|/)
    const readOnly = await (await inspected(steppingAside({}, steps))).page()
    expect(readOnly).not.toContain('is lost')
  })
})

describe('the page of a way back that waits for an inspection', () => {
  test('with the database says that writes are refused now, and that none is lost', async () => {
    const plan = steppingAside(readWrite, steps)
    const { world } = await inspected(plan)
    const { session } = await concluded(world.memory, 'revert')
    expect(world.memory.detour.state.writes).toBe('shut')
    const page = await pageOf(world, plan, session.journal)
    expect(page).toContain('What they wrote on the stand-in is in the database that came back.')
    expect(page).not.toContain('**what they write is lost**')
    expect(page).toContain('nothing is done that cannot be undone')
  })

  test('in code says that the migration stays', async () => {
    const plan = steppingAside(readWrite, steps)
    const { world } = await inspected(plan)
    const { session } = await concluded(world.memory, 'revert-code', 'it works on it')
    const page = await pageOf(world, plan, session.journal)
    expect(page).toContain('1 step done that cannot be undone')
    expect(page).toContain('- `migrate`: the database was not brought back')
  })
})

describe('the page of a deployment that ended, and left its detour open', () => {
  const next = 'Deploy a release, which goes on in the same detour, or close it by its name'
  const hands = 'The scheduler stays suspended until then: do not change that by hand.'

  test('abandoned: it names the detour, and advises no rollback, which is refused', async () => {
    const plan = steppingAside({}, steps)
    const { world } = await inspected(plan)
    const { session } = await concluded(world.memory, 'abandon', 'none is right')
    const page = await pageOf(world, plan, session.journal)
    expect(page).toContain(next)
    expect(page).toContain('`detour=shop-production-7`')
    expect(page).toContain(hands)
    expect(page).not.toContain('roll back to make it one again')
  })

  test('failed before it joined: nobody is told to resume the scheduler', async () => {
    const { world } = await inspected(steppingAside({}, steps))
    await concluded(world.memory, 'abandon', 'none is right')
    world.memory.shell.play('suspend', { ends: { kind: 'exited', code: 1 } })
    const release = aRelease('v1.2.0', { schemaVersion: '43' })
    const ledger = await keptLedger(world.memory)
    const plan = steppingAside({}, steps, { release, ledger, detour: false })
    const context = await begun(world, plan)
    await execute(context)
    const page = await pageOf(world, plan, context.session.journal)
    expect(page).toContain(next)
    expect(page).toContain(hands)
    expect(page).not.toContain('See that the scheduler is resumed')
    expect(page).toContain('- `suspend-scheduler`: it is kept, because an earlier deployment needs it still')
  })
})
