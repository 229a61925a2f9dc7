import { FLOOR } from './contestants.ts'
import type { Lap } from './races.ts'

/** A row of the table. Times in milliseconds, memory in bytes. */
export interface Row {
  readonly hosts: number
  readonly width: number
  readonly name: string
  readonly wall: number | null
  /** The time as a multiple of the hosts' own work. */
  readonly timesFloor: number | null
  readonly overheadPerHost: number | null
  readonly cpu: number | null
  readonly memory: number | null
  readonly requests: number
  readonly failed: number
  readonly why: string | null
}

/**
 * Rows of laps with the same hosts and width. A lap with more than the roll has two rows: one for the roll,
 * and one for all of it.
 */
export function rowsOf(laps: readonly Lap[]): Row[] {
  const floor = laps.find(({ contestant }) => contestant.key === FLOOR)?.rolled?.wall ?? null
  return laps.flatMap((lap) => {
    const { rolled, contestant } = lap
    if (rolled === null || rolled.rolling === null)
      return [rowOf(lap, contestant.name, rolled?.wall ?? null, floor)]
    return [
      rowOf(lap, `${contestant.name}: the roll`, rolled.rolling, floor),
      rowOf(lap, `${contestant.name}: the whole run`, rolled.wall, floor),
    ]
  })
}

function rowOf(
  { hosts, width, rolled, why, requests }: Lap,
  name: string,
  wall: number | null,
  floor: number | null,
): Row {
  const known = wall !== null && floor !== null
  return {
    hosts,
    width,
    name,
    wall,
    timesFloor: known ? wall / floor : null,
    overheadPerHost: known ? (wall - floor) / hosts : null,
    cpu: rolled?.cpu ?? null,
    memory: rolled?.memory ?? null,
    requests: requests.count,
    failed: requests.failures,
    why,
  }
}

const heads = ['', 'wall s', '× floor', 'ms a host over it', 'CPU s', 'memory MB', 'failed requests']

/** Formats the table as Markdown, aligned for readers of the source. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [heads, ...rows.map(cellsOf)]
  const widths = heads.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const lines = cells.map((line) => barred(line.map((cell, at) => padded(cell, widths[at] ?? 0, at))))
  const rule = barred(widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

const cellsOf = (row: Row): string[] => [
  row.name,
  row.wall === null ? 'failed' : (row.wall / 1000).toFixed(2),
  row.timesFloor?.toFixed(2) ?? '',
  row.overheadPerHost?.toFixed(0) ?? '',
  row.cpu === null ? '' : (row.cpu / 1000).toFixed(2),
  row.memory === null ? '' : (row.memory / 1e6).toFixed(0),
  `${row.failed} of ${row.requests}`,
]

const padded = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)

const barred = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
