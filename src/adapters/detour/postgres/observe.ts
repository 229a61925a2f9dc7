import type { DatabaseSeen, Writable } from '../../../domain/detour/detour-seen.ts'
import type { DetourSide } from '../../../domain/detour/side.ts'
import { absent, found, type Reading } from '../../../domain/reading.ts'
import { isCut, sourcesOf, timelineOf } from './cut.ts'
import { addressOf } from './engine/address.ts'
import { fenceOn } from './engine/locks.ts'
import { onSide } from './engine/on-side.ts'
import { countSessions } from './engine/sessions.ts'
import { foreign, type StandInSeen, seeStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { look, unseen } from './trouble.ts'

/** Looks at both databases. Each fact that could not be seen is unknown by itself. */
export async function observe(work: PostgresWork): Promise<DatabaseSeen> {
  const files = await look(async () => found(await seeStandIn(work)))
  const [home, standIn] = await Promise.all([
    look(() => seeSide(work, 'home')),
    look(() => seeCopy(work, files)),
  ])
  const each = <T>(of: (seen: SideSeen) => T): Record<DetourSide, Reading<T>> => ({
    home: part(home, (seen) => found(of(seen))),
    'stand-in': part(standIn, (seen) => found(of(seen))),
  })
  return {
    standIn: part(files, (seen) => copyOf(work, seen)),
    follows:
      standIn.kind === 'absent' ? stillCut(files, () => false) : part(standIn, (seen) => found(seen.follows)),
    frozenAt:
      standIn.kind === 'absent'
        ? stillCut(files, (cut) => cut)
        : part(standIn, (seen) => frozenAt(seen, files)),
    position: each((seen) => seen.position),
    timeline: each((seen) => seen.timeline),
    writable: each((seen) => seen.writable),
    fence: fenced(home, standIn),
    sessions: each((seen) => seen.sessions),
    address: await look(async () => found(addressOf(work, homeIs(files)).shown)),
  }
}

interface SideSeen {
  readonly follows: boolean
  readonly recovery: boolean
  readonly position: string
  readonly timeline: string
  readonly writable: Writable
  readonly sessions: number
}

async function seeSide(work: PostgresWork, side: DetourSide): Promise<Reading<SideSeen>> {
  return onSide(work, side, async (on) => {
    const sources = await sourcesOf(on)
    const { at } = sources.recovery ? sources : await on.row('SELECT pg_current_wal_flush_lsn() AS at')
    const { held } = await fenceOn(on, work.id)
    return found({
      follows: sources.recovery && !isCut(sources),
      recovery: sources.recovery,
      position: at ?? '',
      timeline: await timelineOf(on),
      writable: sources.recovery ? 'impossible' : held === 'all' ? 'fenced' : 'open',
      sessions: await countSessions(on, work.id),
    })
  })
}

/** A server that is seen not to run has nothing to be asked. */
async function seeCopy(work: PostgresWork, files: Reading<StandInSeen>): Promise<Reading<SideSeen>> {
  if (files.kind !== 'found') return files
  const { folder, running } = files.value
  if (folder === 'absent' || folder === 'partial') return absent
  if (folder === 'foreign') throw foreign(work)
  return running ? seeSide(work, 'stand-in') : absent
}

function copyOf(work: PostgresWork, { folder, running }: StandInSeen): DatabaseSeen['standIn'] {
  switch (folder) {
    case 'absent':
      return absent
    case 'foreign':
      return unseen(foreign(work))
    case 'partial':
      return found('partial')
    case 'whole':
      return found(running ? 'running' : 'stopped')
  }
}

function frozenAt({ follows, recovery, position }: SideSeen, files: Reading<StandInSeen>): Reading<string> {
  if (follows) return absent
  if (recovery) return found(position)
  return stillCut(files, (cut) => cut)
}

/** A stopped server keeps its cut, which is noted; without one nothing follows until it is started. */
const stillCut = <T>(files: Reading<StandInSeen>, of: (cut: string) => T): Reading<T> =>
  part(files, ({ notes }) => (notes.cut === undefined ? absent : found(of(notes.cut))))

function fenced(home: Reading<SideSeen>, standIn: Reading<SideSeen>): Reading<DetourSide> {
  const holds = (seen: Reading<SideSeen>) => seen.kind === 'found' && seen.value.writable === 'fenced'
  if (holds(home)) return found('home')
  if (holds(standIn)) return found('stand-in')
  if (home.kind === 'unknown') return home
  return standIn.kind === 'unknown' ? standIn : absent
}

const homeIs = (files: Reading<StandInSeen>): DetourSide =>
  files.kind === 'found' && files.value.notes.home === 'stand-in' ? 'stand-in' : 'home'

const part = <T, U>(reading: Reading<T>, of: (value: T) => Reading<U>): Reading<U> =>
  reading.kind === 'found' ? of(reading.value) : reading
