import { existsSync } from 'node:fs'
import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { type Ending, endings } from '../endings/endings.ts'
import { aRunsMoments } from '../endings/moments.ts'
import { answeredBy } from '../endings/rounds.ts'
import { rowsAfter } from './bed/client-log.ts'
import { aCronJob, doing } from './bed/disturbing.ts'
import { faultsAtHome } from './bed/ended-well.ts'
import { aStoryOf, type EndingStory } from './bed/ending-story.ts'
import { missingParts } from './bed/parts.ts'
import { query } from './bed/postgres.ts'
import { resultOf } from './bed/rolling.ts'
import type { SmoothOptions } from './bed/smooth.ts'

vi.setConfig({ testTimeout: 240_000 })

/** The faults need beds of their own, two minutes: ROLLGATE_CLOSING=faults, or all. */
const asked = ['faults', 'all'].includes(process.env.ROLLGATE_CLOSING ?? '')
const missing = missingParts('initdb', 'flock', 'haproxy') !== null
if (!asked) console.log('faults at the opening of a detour: left out; ROLLGATE_CLOSING=faults takes them')

const completing = endings.find(({ title }) => title === 'complete') as Ending
const deploying = { command: 'deploy', release: 'v2', detour: 'true' } as const

/** The end of an opening under a fault: visitors are on the stand-in, or all is as before; and what is wrong then. */
interface OpenedUnder {
  readonly opened: boolean
  readonly faults: readonly string[]
  readonly log: string
}

/** Has a fault happen at every moment of a run that opens a detour. One that is taken back is opened again, without it. */
async function openedUnder(
  story: EndingStory,
  fault: () => Promise<unknown>,
  between: () => Promise<unknown> = async () => {},
): Promise<OpenedUnder> {
  const moments = aRunsMoments()
  const first = await ended(story, moments.askedAt('every', await doing(fault)))
  expect(moments.seen().length).toBeGreaterThan(20)
  const opened = gateOf(first) === 'inspect'
  const log = first.log.filter((line) => !line.startsWith('::debug')).join('\n')
  if (opened) return { opened, log, faults: await completed(story, first) }
  const before = { ...story, ending: { ...completing, migrated: false } }
  const faults = await faultsAtHome(before, {
    before: 'v1',
    after: 'v2',
    better: 'v3',
    detour: 'shop-production-2',
  })
  await between()
  return { opened, log, faults: [...faults, ...(await completed(story, await ended(story)))] }
}

async function ended(story: EndingStory, env: Readonly<Record<string, string>> = {}) {
  const started = await story.start('v2', deploying, env)
  const main = await started.ended
  await started.post(main)
  return main
}

const gateOf = (main: Awaited<ReturnType<typeof ended>>): string => resultOf({ main }).pause?.gate ?? 'none'

/** Answers the inspection of an opened detour. Returns what is wrong afterwards. */
async function completed(story: EndingStory, main: Awaited<ReturnType<typeof ended>>): Promise<string[]> {
  const detour = (await story.ledger())?.detour?.id ?? ''
  if (gateOf(main) !== 'inspect') return [`no inspection waits: ${main.log.slice(-25).join('\n')}`]
  const round = { before: 'v1', after: 'v2', better: 'v3', detour }
  await answeredBy(story, { round, asked: completing.ask(round, main.outputs.pause ?? '') })
  story.serving = 'v2'
  return story.faults(round)
}

/** Restarts the stand-in's database where it runs, and visitors are not on it. */
async function restarted({ bed: { postgres, balancers } }: EndingStory): Promise<void> {
  const { data } = postgres.standIn
  if (!existsSync(`${data}/postmaster.pid`) || balancers.written().includes('side stand-in')) return
  await postgres
    .program('pg_ctl', '-D', data, '-l', `${data}/log`, '-w', '-m', 'fast', 'restart')
    .catch(() => {})
}

const endsFences =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '% fence'"
const endsReaders =
  'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL'
const dropsSlots = 'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active'

describe.skipIf(missing || !asked)('a detour that is opened', () => {
  const aStory = (options: SmoothOptions = {}) => aStoryOf(completing, options)

  test('with both balancers reloaded at every moment: it opens, and visitors notice nothing else', async () => {
    const story = await aStory()
    const { balancers } = story.bed
    const { opened, faults, log } = await openedUnder(story, () =>
      Promise.all([balancers.reload(0), balancers.reload(1)]),
    )
    expect(opened, log).toBe(true)
    // A reload closes kept connections, and a request may be on its way in one: no deed of a detour does that.
    expect(faults.filter((fault) => !fault.endsWith(': socket hang up'))).toEqual([])
  })

  test.each<[string, (story: EndingStory) => Promise<unknown>]>([
    ['every fence ended', ({ bed }) => query(bed.postgres.admin, endsFences)],
    ['the stand-in restarted until visitors are on it', restarted],
    ['its slot dropped', ({ bed }) => query(bed.postgres.admin, endsReaders, dropsSlots).catch(() => {})],
  ])(
    'with %s at each moment: it opens, or all is as before and another try opens it',
    async (_what, fault) => {
      const story = await aStory()
      const { opened, faults, log } = await openedUnder(story, () => fault(story))
      console.log(opened ? 'opened' : `taken back: ${log.slice(-600)}`)
      expect(faults, log).toEqual([])
    },
  )

  test('with a writer that ends too late: it is given up, the writer is named, and all is as before', async () => {
    const story = await aStory()
    const writer = new pg.Client({
      connectionString: story.bed.postgres.home.url,
      application_name: 'nightly',
    })
    await writer.connect()
    for (const sql of ['BEGIN', "INSERT INTO orders (note) VALUES ('nightly')"]) await writer.query(sql)
    const commit = async () => {
      await writer.query('COMMIT')
      await writer.end()
    }
    const { opened, faults, log } = await openedUnder(story, async () => {}, commit)
    expect([opened, faults], log).toEqual([false, []])
    expect(log).toMatch(/Writers were still at work after 2 s.*\(nightly, from 127\.0\.0\.1\)/)
  })

  test('with a job that writes past the door from begin to end: no row of it is lost', async () => {
    const story = await aStory({ mode: 'read-write' })
    const stop = aCronJob(story.bed.postgres)
    const { faults, log } = await openedUnder(story, async () => {})
    expect(faults, log).toEqual([])
    const written = await stop()
    const { taken } = await story.bed.visitors.stop()
    const kept = (await story.bed.rows()).orders
    const home = rowsAfter(taken.filter(({ side }) => side === 'home')).orders
    expect([...written, ...home].filter((note) => !kept.includes(note))).toEqual([])
    expect(written.length).toBeGreaterThan(5)
  })
})
