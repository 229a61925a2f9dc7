import type { EndingStory } from './ending-story.ts'
import { query } from './postgres.ts'

/**
 * Looks at the world while visitors are on a read-only stand-in, home is migrated, and a person is asked. Has both
 * balancers reloaded and the stand-in restarted, and looks again. Returns what is wrong, each a sentence.
 */
export async function faultsAside(story: EndingStory): Promise<string[]> {
  const { balancers, postgres } = story.bed
  const before = [...(await ofStandIn(story, '')), ...(await ofDoors(story, '')), ...ofVisitors(story)]
  await Promise.all(balancers.doors.map((_, at) => balancers.reload(at)))
  const reloaded = await ofDoors(story, ' after a reload')
  await query(postgres.admin, "INSERT INTO orders (note) VALUES ('aside')", 'SELECT pg_switch_wal()')
  const { data } = postgres.standIn
  await postgres.program('pg_ctl', '-D', data, '-l', `${data}/log`, '-w', '-m', 'fast', 'restart')
  return [...before, ...reloaded, ...(await ofStandIn(story, ' after a restart'))]
}

/** A standby that follows again needs a moment: it is asked until it has the change, or for two seconds. */
async function ofStandIn({ bed: { postgres } }: EndingStory, when: string): Promise<string[]> {
  const until = Date.now() + (when === '' ? 0 : 2000)
  for (;;) {
    const [row = {}] = await query(
      postgres.standIn.url,
      "SELECT pg_is_in_recovery() AS recovery, (SELECT count(*)::int FROM information_schema.columns WHERE table_name = 'orders' AND column_name = 'state') AS migrated",
    )
    if (row.recovery !== true) return [`the stand-in takes writes${when}`]
    if (row.migrated !== 0) return [`the stand-in has the migration${when}`]
    if (Date.now() >= until) return []
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function ofDoors({ bed: { balancers } }: EndingStory, when: string): Promise<string[]> {
  const sides = await Promise.all(
    balancers.doors.map(async (door) => (await fetch(`${door}version`)).headers.get('x-side')),
  )
  return sides.every((side) => side === 'stand-in') ? [] : [`visitors are not on the stand-in${when}`]
}

export const ofVisitors = ({ bed: { visitors } }: EndingStory): string[] =>
  visitors.seen.failed.map((one) => `a read failed: ${one}`)
