import { describe, expect, test } from 'vitest'
import type { LostWrites } from '../../src/domain/detour/deed.ts'
import type { Journal } from '../../src/domain/journal/journal.ts'
import { found } from '../../src/domain/reading.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { spokenOf } from '../../src/pipeline/run/record-words.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { permanentInWords } from '../../src/report/plan/first-screen.ts'
import { undoInWords } from '../../src/report/plan/steps-in-words.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from '../pipeline/a-detour-world.ts'
import { keptLedger, opened } from '../pipeline/in-memory.ts'
import { concluded } from '../pipeline/later-run.ts'

const aside = () => steppingAside({ mode: 'read-write', acceptDataLoss: true })

/** The page of a run that ended with this journal. */
async function pageOf({ memory }: DetourWorld, journal: Journal): Promise<string> {
  const ledger = await keptLedger(memory)
  const now = memory.clock.now().toISOString()
  return outcomeSummary({ plan: aside(), journal, ledger, run: 'https://example.com/1', now, form: null })
}

describe('the page of a deployment that steps aside', () => {
  test('says before the inspection where visitors are, since when, and that nothing has ended SD-23', async () => {
    const world = aDetourWorld()
    const context = await opened(world.memory, aside())
    const ending = await execute(context)
    const page = await pageOf(world, context.session.journal)
    expect(page).toContain('Visitors are on the stand-in with v1.0.0 since 2026-03-02 09:00:05 UTC.')
    expect(page).toContain('**Nothing has ended**')
    expect(page).toContain('`do: roll-forward` with its tag')
    expect(page).toMatch(/\| visitors on the stand-in \| since 2026-03-02 09:00:05 UTC/)
    expect(spokenOf(context.plan, { leases: [] }, ending)).toEqual({
      state: 'pending',
      description: 'waiting: visitors are on the stand-in until a person has looked',
    })
  })

  test('says after the return from when to when it lasted, and which writes are lost, by table SD-17', async () => {
    const world = aDetourWorld()
    const context = await opened(world.memory, aside())
    await execute(context)
    world.memory.detour.write('stand-in')
    await world.memory.clock.advance(3_600_000)
    const { session } = await concluded(world.memory, 'complete')
    const page = await pageOf(world, session.journal)
    expect(page).toMatch(
      /\| visitors on the stand-in \| 2026-03-02 09:00:05 UTC to 2026-03-02 10:00:\d\d UTC \(1 h/,
    )
    expect(page).toContain('| writes lost | `1`: `orders 1` |')
    expect(page).toMatch(/\| stand-in removed \| 2026-03-02 10:00/)
  })

  test.each<[string, LostWrites, string]>([
    ['a bound', { kind: 'at-most', rows: 9, why: 'the log is shut' }, '`at most 9`: the log is shut'],
    [
      'a loss that nothing counts',
      { kind: 'uncounted', why: 'the config has no command' },
      '`not counted`: the config has no command',
    ],
    ['no loss', { kind: 'counted', byTable: { orders: 0 } }, '`0`'],
  ])('says of %s what is known of it', async (_what, lost, words) => {
    const world = aDetourWorld()
    await execute(await opened(world.memory, aside()))
    Object.assign(world.memory.detour.database, { lostWrites: async () => found(lost) })
    const { session } = await concluded(world.memory, 'complete')
    expect(await pageOf(world, session.journal)).toContain(`| writes lost | ${words} |`)
  })

  test('says what the look before the copy has found to know', async () => {
    const world = aDetourWorld()
    const warnings = ['3 sequences are not behind the fence.']
    Object.assign(world.memory.detour.database, {
      able: async () => found({ refusals: [], warnings, facts: {} }),
    })
    const context = await opened(world.memory, aside())
    await execute(context)
    expect(await pageOf(world, context.session.journal)).toContain(
      '| to know | 3 sequences are not behind the fence. |',
    )
  })

  test.each([
    ['revert', 'The database is as it was when visitors left it', false],
    ['revert-code', 'not the data that was written meanwhile', true],
  ] as const)(
    'says after %s what became of the database and its migration',
    async (decision, words, stays) => {
      const world = aDetourWorld()
      const context = await opened(world.memory, aside())
      await execute(context)
      const { session } = await concluded(world.memory, decision, 'it must')
      const page = await pageOf(world, session.journal)
      expect(page).toContain(words)
      expect(page.includes('`migrate`: the database was not brought back')).toBe(stays)
    },
  )

  test('is planned as a migration that goes with the whole database, and not as one that stays', () => {
    const plan = aside()
    const migrate = plan.steps.find(({ kind }) => kind === 'migrate') ?? expect.fail()
    expect(undoInWords(plan, migrate)).toBe('yes, with the whole database, by the answer revert')
    expect(permanentInWords(plan)).toBeNull()
  })
})
