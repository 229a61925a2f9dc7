import { describe, expect, test, vi } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { type Ending, endings } from '../endings/endings.ts'
import { aRunsMoments } from '../endings/moments.ts'
import { answeredBy, openedFor } from '../endings/rounds.ts'
import { rowsAfter } from './bed/client-log.ts'
import { aCronJob, doing } from './bed/disturbing.ts'
import { aStoryOf, type EndingStory } from './bed/ending-story.ts'
import { missingParts } from './bed/parts.ts'
import { type PostgresBedOptions, query } from './bed/postgres.ts'

vi.setConfig({ testTimeout: 240_000 })

/** The faults need beds of their own, a minute and a half: ROLLGATE_CLOSING=faults, or all. */
const asked = ['faults', 'all'].includes(process.env.ROLLGATE_CLOSING ?? '')
const missing = missingParts('initdb', 'flock', 'haproxy') !== null
if (!asked) console.log('faults at the ending of a detour: left out; ROLLGATE_CLOSING=faults takes them')

const completing = endings.find(({ title }) => title === 'complete') as Ending

/** Has a fault happen at every moment of a run that ends a detour. Returns what is wrong afterwards. */
async function endedUnder(story: EndingStory, fault: () => Promise<unknown>): Promise<string[]> {
  const opened = await openedFor(story)
  const address = await doing(fault)
  const moments = aRunsMoments()
  await answeredBy(story, opened, moments.askedAt('every', address))
  expect(moments.seen().length).toBeGreaterThan(20)
  story.serving = opened.round.after
  return story.faults(opened.round)
}

const settings =
  "archive_mode = on\narchive_command = 'cp %p ../archive/%f'\nrestore_command = 'cp ../archive/%f %p'"

describe.skipIf(missing || !asked)('a detour that comes home', () => {
  const aStory = (options: PostgresBedOptions = {}) => aStoryOf(completing, options)

  test('with both balancers reloaded at every moment: visitors end at home, and the map says so', async () => {
    const story = await aStory()
    const { balancers } = story.bed
    const faults = await endedUnder(story, () => Promise.all([balancers.reload(0), balancers.reload(1)]))
    // A reload closes kept connections, and a request may be on its way in one: no deed of a detour does that.
    expect(faults.filter((fault) => !fault.endsWith(': socket hang up'))).toEqual([])
  })

  test('with every fence ended at each moment: nothing is lost, and the stand-in goes once', async () => {
    const story = await aStory()
    const { admin } = story.bed.postgres
    const ends =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '% fence'"
    expect(await endedUnder(story, () => query(admin, ends))).toEqual([])
  })

  test('with an archive at hand, and a job that writes past the door: no row of either is lost', async () => {
    const story = await aStory({ settings })
    const stop = aCronJob(story.bed.postgres)
    expect(await endedUnder(story, async () => {})).toEqual([])
    const written = await stop()
    const { taken } = await story.bed.visitors.stop()
    const kept = (await story.bed.rows()).orders
    expect([...written, ...rowsAfter(taken).orders].filter((note) => !kept.includes(note))).toEqual([])
    expect(written.length).toBeGreaterThan(5)
  })

  test.each(['home', 'standIn'] as const)(
    'after the database of %s was restarted: it ends as undisturbed',
    async (place) => {
      const story = await aStory()
      const opened = await openedFor(story)
      const { data } = story.bed.postgres[place]
      await story.bed.postgres.program(
        'pg_ctl',
        '-D',
        data,
        '-l',
        `${data}/log`,
        '-w',
        '-m',
        'fast',
        'restart',
      )
      await answeredBy(story, opened)
      story.serving = opened.round.after
      const faults = await story.faults(opened.round)
      // Visitors of the stand-in notice its restart, which is none of the detour's deeds.
      expect(faults.filter((fault) => place === 'home' || !fault.startsWith('a read failed'))).toEqual([])
    },
  )

  test('is stopped by a stand-in that was promoted by hand, and the page says so', async () => {
    const story = await aStory()
    const opened = await openedFor(story)
    const { standIn } = story.bed.postgres
    await story.bed.postgres.program('pg_ctl', '-D', standIn.data, '-w', 'promote')
    await eventually('it is promoted', async () => {
      const [row] = await query(standIn.url, 'SELECT pg_is_in_recovery() AS recovery')
      return row?.recovery === false
    })
    const main = await answeredBy(story, opened)
    expect(main.outputs).toMatchObject({ outcome: 'waiting' })
    expect(main.summary).toContain('its database does not refuse writes')
    expect((await story.ledger())?.detour).toMatchObject({ id: opened.round.detour })
    const seen = await fetch(`${story.bed.balancers.doors[0]}version`)
    expect([seen.status, seen.headers.get('x-side')]).toEqual([200, 'stand-in'])
  })
})
