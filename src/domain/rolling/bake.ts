import type { TestBed } from '../config/service.ts'
import type { Event } from '../journal/journal.ts'
import type { Figures } from '../judge/series.ts'
import type { Bake, BakeWatch } from './roll-standing.ts'

/** How the watch over a test bed goes on, event by event. */

export const bakingFrom = (since: string, until: string): Bake => ({
  state: 'baking',
  watched: { since, until, readings: [] },
})

export const withFigures = (bake: Bake | null, figures: Readonly<Record<string, Figures>>): Bake | null =>
  bake?.state === 'baking'
    ? { ...bake, watched: { ...bake.watched, readings: [...bake.watched.readings, figures] } }
    : bake

/** The bake after its verdict. A good one leaves nothing to decide, unless the config has a person decide. */
export function judged(
  bake: Bake | null,
  { verdict, at }: Extract<Event, { kind: 'bake-ended' }>,
  testBed: TestBed | null,
): Bake {
  if (verdict.kind === 'better-or-equal' && testBed?.onSuccess !== 'ask') return { state: 'over' }
  return { state: 'judged', verdict, watched: watchedIn(bake) ?? { since: at, until: at, readings: [] } }
}

const watchedIn = (bake: Bake | null): BakeWatch | null =>
  bake !== null && 'watched' in bake ? bake.watched : null

/**
 * The bake after a person has asked for another look. A verdict that lacks readings keeps those that it has, and is
 * watched for longer; every other one is watched anew, because what was wrong may be mended.
 */
export function bakedAgain(bake: Bake | null, at: string, testBed: TestBed | null): Bake {
  const longer = bake?.state === 'judged' ? bake.verdict.longer : null
  const watched = watchedIn(bake)
  if (longer !== null && watched !== null)
    return { state: 'baking', watched: { ...watched, until: after(at, longer) } }
  const reads = testBed !== null && testBed.compare !== null && testBed.compare.figures !== null
  return bakingFrom(at, after(at, reads ? testBed.warmUp + testBed.bakeTime : 0))
}

const after = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString()
