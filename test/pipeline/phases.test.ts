import { describe, expect, test } from 'vitest'
import { hasTwoPhases, type Recipe } from '../../src/domain/config/recipe.ts'
import { migrationRefusals } from '../../src/domain/plan/migrating.ts'
import type { FrozenMigration, Migration } from '../../src/domain/release/manifest.ts'
import { withPhase } from '../../src/domain/release/settled-phase.ts'
import { settledMigrations } from '../../src/pipeline/release/phases.ts'
import { aCommand, aPlan, aRecipe, aWish, newer, noSteps } from '../domain/a-plan.ts'
import { type InMemory, inMemory } from './in-memory.ts'

const asked: FrozenMigration = { run: 'bin/migrate', phase: aCommand('bin/phase') }
const recipe: Recipe = aRecipe({
  steps: {
    ...noSteps,
    migrate: { command: aCommand('bin/migrate'), phase: aCommand('bin/phase'), repeatable: false },
  },
})

function settled(memory: InMemory, ...migrations: readonly FrozenMigration[]) {
  memory.workspace.head = newer.sha
  return settledMigrations(memory.ports, { app: 'shop', release: newer, migrations }, null, memory.stop)
}

/** A command that prints this, as the shell hands lines of stdout on. */
const says = (...lines: readonly string[]) => ({ lines })

describe('the phase of a migration', () => {
  test('is what the command prints when the release is made, and stands in the manifest', async () => {
    const memory = inMemory()
    memory.shell.play('bin/phase', says('expand'))
    expect(await settled(memory, asked)).toEqual([{ run: 'bin/migrate', phase: 'expand' }])
    expect(memory.shell.calls[0]?.variables).toMatchObject({
      ROLLGATE_RELEASE: newer.tag,
      ROLLGATE_SHA: newer.sha,
    })
  })

  test('that is written runs no command', async () => {
    const memory = inMemory()
    const written: Migration = { run: 'bin/migrate', phase: 'contract' }
    expect(await settled(memory, written)).toEqual([written])
    expect(memory.effects()).toEqual([])
  })

  test.each([
    ['another word', says('shrink'), 'printed "shrink"'],
    ['nothing', says(), 'printed nothing'],
    ['two words', says('expand', 'contract'), 'printed "expand\\ncontract"'],
    ['a failure', { lines: ['expand'], ends: { kind: 'exited', code: 3 } }, 'exited with 3'],
  ] as const)('is not guessed from %s: nothing is made', async (_what, play, words) => {
    const memory = inMemory()
    memory.shell.play('bin/phase', play)
    await expect(settled(memory, asked)).rejects.toMatchObject({
      code: 'phase-unknown',
      what: expect.stringContaining(words),
    })
  })

  test('is asked in the files of the commit alone', async () => {
    const memory = inMemory()
    memory.workspace.head = 'f'.repeat(40)
    const making = settledMigrations(
      memory.ports,
      { app: 'shop', release: newer, migrations: [asked] },
      null,
      memory.stop,
    )
    await expect(making).rejects.toMatchObject({ code: 'checkout-differs' })
    expect(memory.effects()).toEqual([])
  })

  test('kept in the manifest is that of the plan; without a manifest the plan is refused, and promises nothing', () => {
    const kept = withPhase(recipe, [{ run: 'bin/migrate', phase: 'expand' }])
    expect(aPlan({ recipe: kept })).toMatchObject({ refusals: [] })
    const alone = aPlan({ recipe: withPhase(recipe, []) })
    expect(alone.refusals.map(({ code }) => code)).toEqual(['phase-unknown'])
    expect(alone.steps).toContainEqual(expect.objectContaining({ kind: 'migrate', phase: 'contract' }))
    expect(alone.steps.some(hasTwoPhases)).toBe(false)
  })

  test('is not needed by a rollback, which never migrates', () => {
    const { world } = aWish({ recipe })
    expect(migrationRefusals({ mode: 'rollback', acknowledgeDataLoss: false }, world)).toEqual([])
  })
})
