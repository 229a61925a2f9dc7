import { onTestFinished } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import type { DetourShape } from '../../../src/adapters/detour/postgres/means.ts'
import { createPostgresDetour } from '../../../src/adapters/detour/postgres.ts'
import type { PostgresDetour } from '../../../src/domain/config/detour-recipe.ts'
import type { DetourDeed, DetourEvidence } from '../../../src/domain/detour/deed.ts'
import type { DetourDatabase } from '../../../src/pipeline/ports.ts'
import { realShell } from '../../adapters/real-shell.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { type PostgresBed, type PostgresBedOptions, query, startPostgres } from './postgres.ts'

export const id = 'shop-production-7'

/** A detour of a real PostgreSQL, with the hands to work it. */
export interface AtWork {
  readonly bed: PostgresBed
  readonly database: DetourDatabase
  see(): ReturnType<DetourDatabase['observe']>
  done(deed: Promise<DetourDeed>): Promise<DetourEvidence>
}

export interface AtWorkOptions extends PostgresBedOptions {
  readonly recipe?: Partial<PostgresDetour>
  readonly shape?: Partial<DetourShape>
}

export async function aBed({ recipe = {}, shape = {}, ...options }: AtWorkOptions = {}): Promise<AtWork> {
  const bed = await startPostgres({
    ...options,
    settings: `max_prepared_transactions = 5\n${options.settings ?? ''}`,
  })
  onTestFinished(() => bed.close())
  await query(
    bed.home.url,
    'CREATE TABLE orders (id serial PRIMARY KEY, note text)',
    'CREATE TABLE stock (id int)',
    "INSERT INTO orders (note) VALUES ('first')",
  )
  const database = databaseOf(bed, recipe, shape)
  onTestFinished(async () => void (await database.unfence(id, 'home', {}, listener())))
  onTestFinished(async () => void (await database.unfence(id, 'stand-in', {}, listener())))
  return { bed, database, see: () => database.observe(id, {}, listener().signal), done: doneOf }
}

export const databaseOf = (
  bed: PostgresBed,
  recipe: Partial<PostgresDetour>,
  shape: Partial<DetourShape> = {},
  env: NodeJS.ProcessEnv = bed.env,
): DetourDatabase =>
  createPostgresDetour(
    { ...bed.recipe, ...recipe },
    { mode: 'read-only', revertBy: 'promote', ...shape },
    {
      clock: createClock(),
      programs: realShell().shell,
      env,
    },
  )

export async function doneOf(deed: Promise<DetourDeed>): Promise<DetourEvidence> {
  const end = await deed
  if (end.kind === 'failed') throw new Error(`${end.failure.what}\n${end.failure.tail.join('\n')}`)
  return end.evidence
}

/** Opens it, and goes as far as the cut. */
export async function toCut(database: DetourDatabase, done: AtWork['done']): Promise<void> {
  await done(database.open(id, {}, listener()))
  const { position = '' } = await done(database.fence(id, 'home', {}, listener()))
  await done(database.level(id, position, {}, listener()))
  await done(database.cut(id, {}, listener()))
}
