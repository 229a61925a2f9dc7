import type { DetourDeed, DetourEvidence, LostWrites } from '../../src/domain/detour/deed.ts'
import type { DatabaseSeen, DoorSeen, Writable } from '../../src/domain/detour/detour-seen.ts'
import { type DetourSide, otherSide } from '../../src/domain/detour/side.ts'
import { absent, found, type Reading, readingOf, unknown } from '../../src/domain/reading.ts'
import type { DetourControl } from '../../src/pipeline/ports.ts'

/** The databases and the door of a detour, as they are. A test changes them as people and faults would. */
export interface DetourState {
  standIn: 'partial' | 'stopped' | 'running' | null
  follows: boolean
  frozenAt: string | null
  /** The rows of each side; a stand-in that follows has those of home. */
  rows: { home: number; 'stand-in': number }
  writable: Writable
  fence: DetourSide | null
  /** Rows that were written on the stand-in since it was opened for writes. */
  lost: number | null
  sessions: { home: number; 'stand-in': number }
  file: DetourSide
  memory: DetourSide
  marker: DetourSide
  writes: 'open' | 'shut'
  inFlight: { home: number; 'stand-in': number }
  /** The place of the database that failed at home; null without one. */
  failedHome: string | null
  /** The names of the copies whose databases each side has, as its marks tell; null for a side without one. */
  marks: { home: string | null; 'stand-in': string | null }
  /** Reasons why it must not be opened. */
  refusals: string[]
}

export interface MemoryDetour extends DetourControl {
  readonly state: DetourState
  /** Every change that was made, in order: `copy`, `fence home`, `point stand-in`. */
  readonly changes: readonly string[]
  /** The copies that were made and removed. */
  readonly copies: { readonly made: number; readonly removed: number }
  /** Has a verb fail, as often as it is called from now on; null has it work again. */
  fail(verb: string, what: string | null): void
  /** Has a part of the next looks be unknown; null has it be known again. */
  hide(part: string | null): void
  /** A writer that passes the door. False where the write did not happen. */
  write(side: DetourSide): boolean
}

/** Does a change. A test may lose the run before it, or right after it. */
type Around = (what: string, change: () => void) => Promise<void>

const simply: Around = async (_what, change) => change()

const failedAt = (id: string): string => `home.failed-${id}`

const at = (rows: number): string => `0/${rows}`

/** A detour in memory. Its stand-in follows home until it is cut, and its engine refuses writes there. */
export function createMemoryDetour(around: Around = simply): MemoryDetour {
  const state: DetourState = {
    standIn: null,
    follows: false,
    frozenAt: null,
    rows: { home: 100, 'stand-in': 0 },
    writable: 'impossible',
    fence: null,
    lost: null,
    sessions: { home: 3, 'stand-in': 0 },
    ...{ file: 'home', memory: 'home', marker: 'home', writes: 'open' },
    inFlight: { home: 0, 'stand-in': 0 },
    failedHome: null,
    marks: { home: null, 'stand-in': null },
    refusals: [],
  }
  const changes: string[] = []
  const copies = { made: 0, removed: 0 }
  const failures = new Map<string, string>()
  let hidden: string | null = null

  const change = (what: string, effect: () => void) =>
    around(what, () => {
      changes.push(what)
      effect()
    })
  const set = (part: Partial<DetourState>) => void Object.assign(state, part)
  const done = (evidence: DetourEvidence = {}): DetourDeed => ({ kind: 'done', evidence })
  const refused = (what: string): DetourDeed => ({
    kind: 'failed',
    failure: { code: 'detour-unseen', what, tail: [] },
  })
  const verb = async (name: string, work: () => Promise<DetourDeed>): Promise<DetourDeed> => {
    const failure = failures.get(name)
    return failure === undefined ? work() : refused(failure)
  }
  const look = <T>(part: string, reading: Reading<T>): Reading<T> =>
    hidden === part
      ? unknown({ code: 'detour-unseen', what: `${part} did not answer.`, why: 'It hangs.', next: 'Look.' })
      : reading

  const writableOf = (side: DetourSide): Reading<Writable> => {
    if (side === 'stand-in' && state.standIn !== 'running') return absent
    if (state.fence === side) return found('fenced')
    return found(side === 'home' ? 'open' : state.writable)
  }

  const seen = (): DatabaseSeen => ({
    standIn: look('standIn', readingOf(state.standIn)),
    follows: look('follows', state.standIn === null ? absent : found(state.follows)),
    frozenAt: look('frozenAt', readingOf(state.frozenAt)),
    position: {
      home: found(at(state.rows.home)),
      'stand-in': state.standIn === null ? absent : found(at(state.rows['stand-in'])),
    },
    timeline: { home: absent, 'stand-in': absent },
    writable: {
      home: look('writable', writableOf('home')),
      'stand-in': look('writable', writableOf('stand-in')),
    },
    fence: look('fence', readingOf(state.fence)),
    sessions: { home: found(state.sessions.home), 'stand-in': found(state.sessions['stand-in']) },
    address: found('home.example:5432'),
  })

  const doorSeen = (): DoorSeen => ({
    file: look('file', found(state.file)),
    memory: look('memory', found(state.memory)),
    marker: look('marker', found(state.marker)),
    writes: look('writes', found(state.writes)),
    inFlight: { home: found(state.inFlight.home), 'stand-in': found(state.inFlight['stand-in']) },
  })

  return {
    state,
    changes,
    copies,
    fail(name, what) {
      if (what === null) failures.delete(name)
      else failures.set(name, what)
    },
    hide(part) {
      hidden = part
    },
    write(side) {
      const writable = writableOf(side)
      if (writable.kind !== 'found' || writable.value !== 'open') return false
      state.rows[side] += 1
      if (side === 'home' && state.follows) state.rows['stand-in'] = state.rows.home
      if (side === 'stand-in') state.lost = (state.lost ?? 0) + 1
      return true
    },
    database: {
      async able() {
        return look(
          'able',
          found({ refusals: state.refusals, warnings: [], facts: { rows: `${state.rows.home}` } }),
        )
      },
      async observe() {
        return seen()
      },
      open: (id) =>
        verb('open', async () => {
          if (state.standIn !== null && !state.follows) return refused('A copy that was cut off is there.')
          if (state.standIn !== 'running')
            await change('copy', () => {
              copies.made += 1
              state.standIn = 'running'
              state.follows = true
              state.marks['stand-in'] = id
              state.rows['stand-in'] = state.rows.home
            })
          return done({ rows: at(state.rows.home) })
        }),
      fence: (_id, side) =>
        verb('fence', async () => {
          if (state.fence !== side) await change(`fence ${side}`, () => set({ fence: side }))
          return done({ position: at(state.rows[side]) })
        }),
      unfence: (_id, side) =>
        verb('unfence', async () => {
          if (side === 'stand-in' && state.writable !== 'open')
            await change('open stand-in for writes', () => set({ writable: 'open', lost: 0 }))
          if (state.fence === side) await change(`unfence ${side}`, () => set({ fence: null }))
          return done()
        }),
      level: (_id, position) =>
        verb('level', async () =>
          at(state.rows['stand-in']) === position ? done({ position }) : refused('The stand-in is behind.'),
        ),
      cut: () =>
        verb('cut', async () => {
          if (state.fence !== 'home') return refused('The fence is not held.')
          if (state.follows)
            await change('cut', () => {
              state.follows = false
              state.frozenAt = at(state.rows['stand-in'])
            })
          return done({ position: state.frozenAt ?? '' })
        }),
      rejoin: () =>
        verb('rejoin', async () => {
          if (!state.follows)
            await change('rejoin', () => {
              state.follows = true
              state.frozenAt = null
              state.rows['stand-in'] = state.rows.home
            })
          return done()
        }),
      harden: () =>
        verb('harden', async () => {
          if (state.follows) return refused('The stand-in still follows home.')
          await change('harden', () => {
            state.fence = null
            state.sessions.home = 0
          })
          return done({ sessions: '0' })
        }),
      close: (id, way) =>
        verb('close', async () => {
          if (state.writable === 'open' && state.fence !== 'stand-in')
            await change('fence stand-in', () => set({ fence: 'stand-in' }))
          if (way === 'revert')
            await change('restore home', () =>
              set({ rows: { ...state.rows, home: state.rows['stand-in'] }, failedHome: failedAt(id) }),
            )
          const kept = way === 'revert' ? { kept: failedAt(id) } : {}
          return done({ position: at(state.rows['stand-in']), ...kept })
        }),
      discard: () =>
        verb('discard', async () => {
          if (state.sessions['stand-in'] > 0) return refused('The stand-in has sessions.')
          if (state.standIn !== null)
            await change('discard', () => {
              copies.removed += 1
              state.standIn = null
              state.follows = false
              state.frozenAt = null
              state.fence = state.fence === 'stand-in' ? null : state.fence
            })
          return done()
        }),
      async failedHome() {
        return look('failedHome', readingOf(state.failedHome))
      },
      discardFailedHome: () =>
        verb('discardFailedHome', async () => {
          if (state.failedHome !== null)
            await change('remove the failed home', () => set({ failedHome: null }))
          return done()
        }),
      clear: (_id, earlier) =>
        verb('clear', async () => {
          const mark = state.marks['stand-in']
          if (state.standIn === null) return done({ place: 'empty' })
          if (mark === null || !earlier.includes(mark)) return refused('Something else is in the place.')
          await change('clear', () =>
            set({
              ...{ standIn: null, follows: false, frozenAt: null, writable: 'impossible', lost: null },
              marks: { ...state.marks, 'stand-in': null },
            }),
          )
          return done({ place: 'empty' })
        }),
      async still(_id, position) {
        return look('still', found(at(state.rows.home) === position))
      },
      mark: () =>
        verb('mark', async () => {
          await change('mark', () => set({ lost: 0 }))
          return done()
        }),
      leave: (id, side) =>
        verb('leave', async () => {
          await change(`leave ${side}`, () =>
            set({
              fence: state.fence === side ? null : state.fence,
              marks: { ...state.marks, [side]: side === 'home' ? id : state.marks[side] },
            }),
          )
          return done({ sessions: '0' })
        }),
      async lostWrites() {
        const rows: LostWrites | null =
          state.lost === null ? null : { kind: 'counted', byTable: { orders: state.lost } }
        return look('lost', readingOf(rows))
      },
    },
    door: {
      async observe() {
        return doorSeen()
      },
      point: (side) =>
        verb('point', async () => {
          if (state.file !== side) await change(`file ${side}`, () => set({ file: side }))
          if (state.memory !== side)
            await change(`point ${side}`, () => {
              state.memory = side
              state.marker = side
            })
          return done({ marker: state.marker, frontends: '1' })
        }),
      writes: (to) =>
        verb('writes', async () => {
          if (state.writes !== to) await change(`writes ${to}`, () => set({ writes: to }))
          return done({ writes: to })
        }),
      drained: (side) =>
        verb('drained', async () =>
          state.inFlight[side] === 0 && state.marker === otherSide(side)
            ? done({ inFlight: '0' })
            : refused(`${side} has ${state.inFlight[side]} requests in flight.`),
        ),
    },
  }
}
