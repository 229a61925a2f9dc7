import type { DetourAct, DetourNote } from '../../../src/domain/detour/deed.ts'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import type { EndedProcess } from '../../../src/sandbox/runner/runner.ts'
import type { JobInputs } from '../../../src/sandbox/stage.ts'
import { bySide, changedBy, rowsAfter } from '../../../test/real/bed/client-log.ts'
import { query } from '../../../test/real/bed/postgres.ts'
import { type AtEnd, type SmoothBed, type SmoothOptions, startSmooth } from '../../../test/real/bed/smooth.ts'
import { aSmoothProject, lostIn } from '../../../test/real/bed/smooth-project.ts'
import type { VisitorsSeen } from '../../../test/real/bed/visitors.ts'

/** A deployment of the bundle that steps aside and is completed, as its visitors and its journal saw it. */
export interface Story {
  readonly bytes: number
  readonly seen: VisitorsSeen
  /** Milliseconds. */
  readonly copy: number
  readonly fenceToMarker: number
  /** From the deployment's start to the question, and from the answer to its end. */
  readonly opened: number
  readonly closed: number
  /** Rows that home lacks and should have, or has and should not. */
  readonly wrongRows: number
  /** Rows that were written at the stand-in, by the client's log and by the record. */
  readonly lost: { readonly known: number; readonly counted: string }
}

/** About 290 bytes a row. */
const ROWS_PER_MB = 3450

export async function smoothStory(
  megabytes: number,
  options: Pick<SmoothOptions, 'mode' | 'server'>,
  atEnd: AtEnd,
): Promise<Story> {
  const settings = 'fsync = on\nmax_wal_size = 4GB\nshared_buffers = 256MB'
  const bed = await startSmooth({ ...options, settings, rows: megabytes * ROWS_PER_MB, atEnd })
  const { project, env } = await aSmoothProject(bed, {}, { atEnd })
  const job = async (inputs: JobInputs, release: string, wanted: string) => {
    const from = performance.now()
    const { main } = await project.job(release, inputs, env)
    if (main.outputs.outcome !== wanted) throw new Error(main.log.join('\n'))
    return { main, took: performance.now() - from }
  }
  await job({ command: 'deploy', release: 'v1' }, 'v1', 'succeeded')
  const { seen } = bed.visitors
  await ordersCome(bed)
  const [size] = await query(bed.postgres.admin, 'SELECT pg_database_size(current_database()) AS bytes')
  const opening = await job({ command: 'deploy', release: 'v2', detour: 'true' }, 'v2', 'waiting')
  const notes = project.ledger()?.detour?.notes ?? []
  if (bed.mode === 'read-write') await ordersCome(bed)
  const { took: closed } = await job(
    { ...answer(opening.main), decision: 'complete', reason: 'seen' },
    'v2',
    'succeeded',
  )
  await ordersCome(bed)
  await bed.visitors.stop()
  const log = bySide(seen.taken)
  return {
    bytes: Number(size?.bytes),
    seen,
    copy: Number.parseInt(noteOf(notes, 'copied').evidence.copy ?? '', 10),
    fenceToMarker: timeOf(notes, 'at-stand-in') - timeOf(notes, 'fenced'),
    opened: opening.took,
    closed,
    wrongRows: differing(await bed.rows(), rowsAfter(log.home)),
    lost: {
      known: Object.values(changedBy(log['stand-in'])).reduce((sum, rows) => sum + rows, 0),
      counted: lostIn(project) ?? 'not at all',
    },
  }
}

const answer = ({ outputs }: EndedProcess) => ({ command: 'decide', pause: outputs.pause ?? '' })

async function ordersCome({ visitors }: SmoothBed): Promise<void> {
  const until = visitors.seen.taken.length + 50
  await eventually('orders come', () => visitors.seen.taken.length > until)
}

function noteOf(notes: readonly DetourNote[], act: DetourAct): DetourNote {
  const note = notes.findLast((one) => one.act === act)
  if (note === undefined) throw new Error(`The ledger has no ${act}.`)
  return note
}

const timeOf = (notes: readonly DetourNote[], act: DetourAct): number => Date.parse(noteOf(notes, act).at)

/** The rows that only one of the two has; a doubled row counts, and each piece of stock. */
function differing(is: Awaited<ReturnType<SmoothBed['rows']>>, should: typeof is): number {
  const count = (notes: readonly string[]) => Map.groupBy(notes, (note) => note)
  const [there, wanted] = [count(is.orders), count(should.orders)]
  const wrong = [...new Set([...there.keys(), ...wanted.keys()])].map((note) =>
    Math.abs((there.get(note)?.length ?? 0) - (wanted.get(note)?.length ?? 0)),
  )
  return wrong.reduce((sum, rows) => sum + rows, Math.abs(is.stock - should.stock))
}
