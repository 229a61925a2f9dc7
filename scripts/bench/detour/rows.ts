import type { VisitorsSeen } from '../../../test/real/bed/visitors.ts'
import { median } from '../median.ts'
import type { Copying } from './copying.ts'
import type { Openings } from './openings.ts'
import type { Story } from './story.ts'

/** A row of a table, and if it is as it should be. */
export interface FigureRow {
  readonly cells: readonly string[]
  readonly met: boolean
}

/** Milliseconds that a read may take beyond its own work, and that may lie between the fence and the marker. */
const LONGEST_WAIT = 500
const LONGEST_MOVE = 250

const row = (cells: readonly string[], met = true): FigureRow => ({ cells, met })

const judged = (what: string, figure: string, goal: string, met: boolean): FigureRow =>
  row([what, figure, goal, met ? 'yes' : 'NO'], met)

const head = row(['what', 'here', 'goal', 'met'])

export function storyRows(story: Story, mode: string): FigureRow[] {
  const { seen, lost } = story
  const shut = mode === 'read-only' ? 'fence to return' : 'the longer of two times'
  return [
    head,
    row(['database', `${Math.round(story.bytes / 1e6)} MB`]),
    ...visitorRows(seen),
    judged(
      'fence to marker',
      ms(story.fenceToMarker),
      `at most ${LONGEST_MOVE} ms`,
      story.fenceToMarker <= LONGEST_MOVE,
    ),
    row([`writes refused, ${shut}`, `${ms(seen.longestShut)}, ${seen.turnedAway} told to come again`]),
    row(['writes acknowledged', String(seen.taken.length)]),
    judged('rows lost or doubled at home', String(story.wrongRows), '0', story.wrongRows === 0),
    judged(
      'rows written at the stand-in',
      `${lost.known}, counted ${lost.counted}`,
      'the same',
      Number(lost.counted) === lost.known,
    ),
    row(['copy', ms(story.copy)]),
    row(['run up to the question, and from the answer', `${ms(story.opened)}, ${ms(story.closed)}`]),
  ]
}

const visitorRows = (seen: VisitorsSeen): FigureRow[] => [
  judged('failed reads', `${seen.failed.length} of ${seen.reads}`, '0', seen.failed.length === 0),
  judged(
    'slowest read beyond its own work',
    ms(seen.longestWait),
    `at most ${LONGEST_WAIT} ms`,
    seen.longestWait <= LONGEST_WAIT,
  ),
  judged('writes in doubt', String(seen.doubtful.length), '0', seen.doubtful.length === 0),
]

export function openingRows({ opened, gaveUp }: Openings, seen: VisitorsSeen): FigureRow[] {
  const whole = opened.map((one) => one.whole).sort((one, other) => one - other)
  const within = whole.filter((time) => time <= LONGEST_MOVE).length
  const part = (name: 'level' | 'cut' | 'at-stand-in') => ms(median(opened.map(({ parts }) => parts[name])))
  const needed = Math.ceil(opened.length * 0.99)
  return [
    head,
    judged(
      'fence to marker',
      `${within} of ${opened.length} within ${LONGEST_MOVE} ms`,
      '99 of 100',
      // An opening that gave up is none: where all did, nothing was within.
      within > 0 && within >= needed,
    ),
    row([
      'half, 99 of 100, and all within',
      [median(whole), whole[needed - 1] ?? 0, whole.at(-1) ?? 0].map(ms).join(', '),
    ]),
    row(['of the half: level, cut, marker', [part('level'), part('cut'), part('at-stand-in')].join(', ')]),
    row(['gave up, with everything as before', String(gaveUp.length)]),
    ...visitorRows(seen),
  ]
}

export function copyingRows(copied: readonly Copying[]): FigureRow[] {
  const ways = [...new Set(copied.map(({ way }) => way))]
  return [
    row(['way', 'time', 'longest wait of a new connection']),
    ...ways.map((way) => {
      const of = copied.filter((one) => one.way === way)
      const took = of.flatMap((one) => one.took ?? [])
      if (took.length === 0) return row([way, `none here: ${of[0]?.why}`])
      return row([way, ms(median(took)), ms(Math.max(...of.map(({ longestWait }) => longestWait)))])
    }),
  ]
}

const ms = (time: number): string =>
  time < 10_000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`
