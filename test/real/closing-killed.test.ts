import { describe, expect, test, vi } from 'vitest'
import { type Ending, endings } from '../endings/endings.ts'
import { killedAt, most, type Successor, successors } from '../endings/rounds.ts'
import { rowsAfter } from './bed/client-log.ts'
import { aStoryOf } from './bed/ending-story.ts'
import { missingParts } from './bed/parts.ts'

vi.setConfig({ testTimeout: 3_600_000 })

const missing = missingParts('initdb', 'flock', 'haproxy') !== null

/** The price of a kill is a detour of its own: ten seconds. ROLLGATE_CLOSING=all takes all moments, or those of the named ending. */
const asked = process.env.ROLLGATE_CLOSING ?? ''
const every = Number(process.env.ROLLGATE_MATRIX_EVERY ?? '1')

if (asked === '') console.log('endings of a detour: three kills; ROLLGATE_CLOSING=all takes every moment')

/** One kill of each kind of ending whose bed others share: a moment in the middle of the return. */
const sample: readonly [string, number, Successor][] = [
  ['complete', 14, 'a re-run'],
  ['revert by copying back', 22, 'the clock'],
  ['close-detour by name', 20, 'a decision'],
]

const endingOf = (title: string): Ending => {
  const ending = endings.find((one) => one.title === title)
  if (ending === undefined) throw new Error(`there is no ending ${title}`)
  return ending
}

describe.skipIf(missing)('an ending of a detour whose run is killed', () => {
  test.skipIf(asked !== '').each(sample)(
    '%s, at moment %i, then %s: it ends as undisturbed SD-18',
    async (title, nth, by) => {
      const { moment, faults, lost } = await killedAt(await aStoryOf(endingOf(title)), nth, by)
      expect(moment, lost).not.toBeNull()
      expect(faults).toEqual([])
    },
  )

  const wanted = endings.filter(({ title }) => asked === 'all' || asked === title)
  const shared = wanted.filter(({ revertBy }) => revertBy !== 'promote')

  test.skipIf(asked === '').each(shared)('$title, at each moment: it ends as undisturbed', async (ending) => {
    const story = await aStoryOf(ending)
    let killed = 0
    for (let nth = 1; ; nth += every) {
      const by = successors[killed % successors.length] ?? 'a re-run'
      const { moment, faults, lost } = await killedAt(story, nth, by)
      console.log(`${ending.title} ${nth}, then ${by}: ${moment ?? 'outlived'}`)
      expect(faults, `killed at ${moment}, then ${by}\n${lost}`).toEqual([])
      if (moment === null) break
      killed += 1
    }
    console.log(`${ending.title}: ${killed} kills ended as undisturbed`)
    const { taken } = await story.bed.visitors.stop()
    expect(await story.bed.rows()).toEqual(rowsAfter(taken))
  })

  /** A promoted stand-in is home for good, so that each kill has a bed of its own. */
  const moments = Array.from({ length: most / every }, (_, at) => 1 + at * every)
  const promoting = wanted.filter(({ revertBy }) => revertBy === 'promote')
  const cases = promoting.flatMap((ending) => moments.map((nth, at) => ({ ending, nth, at })))

  test.skipIf(asked === '').each(cases)(
    'revert by promotion, at moment $nth: it ends as undisturbed',
    async ({ ending, nth, at }) => {
      const by = successors[at % successors.length] ?? 'a re-run'
      const { moment, faults, lost } = await killedAt(await aStoryOf(ending), nth, by)
      console.log(`${ending.title} ${nth}, then ${by}: ${moment ?? 'outlived'}`)
      expect(faults, `killed at ${moment}, then ${by}\n${lost}`).toEqual([])
      if (nth === most) expect(moment).toBeNull()
    },
  )
})
