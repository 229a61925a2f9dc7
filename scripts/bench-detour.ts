import { parseArgs } from 'node:util'
import { missingParts, postgresFolders } from '../test/real/bed/parts.ts'
import { type AtEnd, startSmooth } from '../test/real/bed/smooth.ts'
import { printColumns } from './bench/columns.ts'
import { copyings } from './bench/detour/copying.ts'
import { openings } from './bench/detour/openings.ts'
import { copyingRows, openingRows, storyRows } from './bench/detour/rows.ts'
import { smoothStory } from './bench/detour/story.ts'

/**
 * `npm run bench:detour`: what a detour costs visitors, on a real PostgreSQL behind two real HAProxy, under 50 reads and 10
 * writes a second over kept connections. The bundle must be built. `--server`: a folder of PostgreSQL's programs.
 */
const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    openings: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '1' },
    server: { type: 'string' },
    only: { type: 'string' },
  },
})
const missing = missingParts('initdb', 'flock', 'haproxy')
if (missing !== null) throw new Error(`The bench ${missing}.`)

const megabytes = Number(values.megabytes)
const server = values.server ?? postgresFolders()[0] ?? ''
console.log(`PostgreSQL in ${server}`)
const met: boolean[] = []

const parts: Readonly<Record<string, (atEnd: AtEnd) => Promise<void>>> = {
  'read-only': (atEnd) => story('read-only', atEnd),
  'read-write': (atEnd) => story('read-write', atEnd),
  async openings(atEnd) {
    const bed = await startSmooth({ server, rows: 1000, settings: 'fsync = on', atEnd })
    const { seen } = bed.visitors
    const times = await openings(bed, Number(values.openings))
    await bed.visitors.stop()
    show('Openings of a detour of a small database, one after the other', openingRows(times, seen))
  },
  async copies(atEnd) {
    const rounds = Number(values.rounds)
    const copied = await copyings({ megabytes, rounds, server }, atEnd)
    show(`Copies of ${megabytes} MB by turns, with a new connection all the time`, copyingRows(copied))
  },
}
for (const name of values.only?.split(',') ?? Object.keys(parts)) {
  const part = parts[name]
  if (part === undefined) throw new Error(`--only knows ${Object.keys(parts).join(', ')}, and not ${name}.`)
  await using ends = new AsyncDisposableStack()
  await part((end) => void ends.defer(end))
}
if (!met.every(Boolean)) process.exitCode = 1

async function story(mode: 'read-only' | 'read-write', atEnd: AtEnd): Promise<void> {
  const figures = await smoothStory(megabytes, { mode, server }, atEnd)
  show(`A deployment of the bundle that steps aside, ${mode}`, storyRows(figures, mode))
}

function show(title: string, rows: ReturnType<typeof storyRows>): void {
  console.log(`\n${title}\n`)
  printColumns(rows.map((row) => row.cells))
  met.push(...rows.map((row) => row.met))
}
