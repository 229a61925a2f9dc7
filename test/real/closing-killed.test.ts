import { afterAll, describe, expect, test, vi } from 'vitest'
import { type Ending, endings } from '../endings/endings.ts'
import { killedAt, most, type Successor, successors } from '../endings/rounds.ts'
import { aTally } from '../endings/tally.ts'
import { rowsLeft } from './bed/ended-well.ts'
import { aStoryOf, type EndingStory } from './bed/ending-story.ts'
import { missingParts } from './bed/parts.ts'

vi.setConfig({ testTimeout: 3_600_000 })

const missing = missingParts('initdb', 'flock', 'haproxy') !== null

type Mode = 'read-only' | 'read-write'

/**
 * The price of a kill is a detour of its own: eight seconds. ROLLGATE_CLOSING=all takes all moments, or those of the named
 * ending; ROLLGATE_CLOSING_MODE those of one mode, and ROLLGATE_CLOSING_MOMENTS=21-40 a part of them.
 */
const asked = process.env.ROLLGATE_CLOSING ?? ''
const every = Number(process.env.ROLLGATE_MATRIX_EVERY ?? '1')
const [from = 1, to = most] = (process.env.ROLLGATE_CLOSING_MOMENTS ?? '')
  .split('-')
  .filter(Boolean)
  .map(Number)
const mode = process.env.ROLLGATE_CLOSING_MODE
const modes = (['read-only', 'read-write'] as const).filter((one) => mode === undefined || mode === one)

if (asked === '') console.log('endings of a detour: a few kills; ROLLGATE_CLOSING=all takes every moment')

/** One kill of each kind of ending whose bed others share, at a moment of its return. */
const sample: readonly [string, Mode, string, Successor][] = [
  ['complete', 'read-only', 'sent set map', 'a re-run'],
  ['revert by copying back', 'read-only', 'sent pg_promote', 'the clock'],
  ['close-detour by name', 'read-only', 'discarded', 'a decision'],
  ['complete', 'read-write', 'sent LOCK TABLE', 'the clock'],
  ['revert by copying back', 'read-write', 'sent pg_promote', 'a re-run'],
]

const endingOf = (title: string): Ending => {
  const ending = endings.find((one) => one.title === title)
  if (ending === undefined) throw new Error(`there is no ending ${title}`)
  return ending
}

/** The numbers of the moments that are asked for, in their order. */
const moments = Array.from({ length: Math.ceil((to - from + 1) / every) }, (_, at) => from + at * every)
const successorAt = (at: number): Successor => successors[at % successors.length] ?? 'a re-run'

describe.skipIf(missing)('an ending of a detour whose run is killed', () => {
  const tally = aTally()
  afterAll(() => console.log(tally.line()))

  /** Kills one run, and notes how it ended. True if it outlived its moment. */
  async function kill(story: EndingStory, at: number | string, by: Successor): Promise<boolean> {
    const { bed, ending } = story
    const { moment, faults, lost } = await killedAt(story, at, by)
    console.log(`${ending.title}, ${bed.mode}, ${at}, then ${by}: ${moment ?? 'outlived'}`)
    if (moment !== null) tally.count(`${ending.title} (${bed.mode})`, faults)
    expect(faults, `killed at ${moment}, then ${by}\n${lost}`).toEqual([])
    return moment === null
  }

  test.skipIf(asked !== '').each(sample)(
    '%s, %s, at "%s", then %s: it ends as undisturbed SD-18',
    async (title, mode, at, by) => {
      expect(await kill(await aStoryOf(endingOf(title), { mode }), at, by)).toBe(false)
    },
  )

  const wanted = endings
    .filter(({ title }) => asked === 'all' || asked === title)
    .flatMap((ending) => modes.map((mode) => ({ ending, mode, title: ending.title })))
  const shared = wanted.filter(({ ending }) => ending.revertBy !== 'promote')

  test.skipIf(asked === '').each(shared)(
    '$title, $mode, at each moment: it ends as undisturbed',
    async ({ ending, mode }) => {
      const story = await aStoryOf(ending, { mode })
      for (const [at, nth] of moments.entries()) if (await kill(story, nth, successorAt(at))) break
      const { taken } = await story.bed.visitors.stop()
      expect(await story.bed.rows()).toEqual(rowsLeft(story, taken))
    },
  )

  /** A promoted stand-in is home for good, so that each kill has a bed of its own. */
  const cases = wanted
    .filter(({ ending }) => ending.revertBy === 'promote')
    .flatMap((one) => moments.map((nth, at) => ({ ...one, nth, at })))

  test.skipIf(asked === '').each(cases)(
    '$title, $mode, at moment $nth: it ends as undisturbed',
    async ({ ending, mode, nth, at }) => {
      const outlived = await kill(await aStoryOf(ending, { mode }), nth, successorAt(at))
      if (nth === most) expect(outlived).toBe(true)
    },
  )
})
