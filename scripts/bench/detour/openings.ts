import type { DetourAct, DetourNote } from '../../../src/domain/detour/deed.ts'
import { nextOpening } from '../../../src/domain/detour/opening.ts'
import { type DetourState, type DetourTurn, over, stands } from '../../../src/domain/detour/turn.ts'
import { backInCode } from '../../../src/domain/journal/direction.ts'
import { proceed } from '../../../src/pipeline/detour/proceed.ts'
import type { DetourWork } from '../../../src/pipeline/detour/work.ts'
import { listener } from '../../../test/contracts/shell.contract.ts'
import { detour, done, type SmoothBed } from '../../../test/real/bed/smooth.ts'

/** One opening, from the fence to the marker of every frontend, in milliseconds. */
export interface Opening {
  readonly whole: number
  /** The parts of it: each deed, with the look before it. */
  readonly parts: Readonly<Record<'level' | 'cut' | 'at-stand-in', number>>
}

export interface Openings {
  readonly opened: readonly Opening[]
  /** Reasons of those that gave up, with everything as before. */
  readonly gaveUp: readonly string[]
}

/**
 * Moves visitors to the stand-in and home again, so many times, in a detour that was copied once. The way there is the
 * pipeline's own: a look before each deed, which chooses it.
 */
export async function openings(bed: SmoothBed, times: number): Promise<Openings> {
  await done(bed.database.open(detour, {}, listener()))
  await bed.start('stand-in')
  const opened: Opening[] = []
  const gaveUp: string[] = []
  for (let time = 0; time < times; time += 1) {
    const end = await moveAside(bed)
    if (typeof end === 'string') gaveUp.push(end)
    else opened.push(end)
    await moveHome(bed)
  }
  return { opened, gaveUp }
}

async function moveAside({ database, door }: SmoothBed): Promise<Opening | string> {
  const notes: Timed[] = [noted('able'), noted('copied')]
  const failure = await proceed(workOf({ database, door }, notes), untilAway)
  if (failure !== null) return failure.what
  const at = (act: DetourAct) => notes.find((note) => note.act === act)?.millis ?? 0
  const [fenced, level, cut, there] = [at('fenced'), at('level'), at('cut'), at('at-stand-in')]
  return {
    whole: there - fenced,
    parts: { level: level - fenced, cut: cut - level, 'at-stand-in': there - cut },
  }
}

/** The stand-in's application runs already, and what comes after the marker is left out. */
const untilAway = (state: DetourState): DetourTurn =>
  stands(state, 'at-stand-in') ? over : nextOpening({ ...state, fresh: [...state.fresh, 'stand-in-started'] })

/** A note with its time on the clock that measures. */
interface Timed extends DetourNote {
  readonly millis: number
}

const noted = (act: DetourAct, evidence: DetourNote['evidence'] = {}): Timed => ({
  at: new Date().toISOString(),
  act,
  evidence,
  millis: performance.now(),
})

/** The work of a run whose ledger is a list in memory: between the fence and the marker the ledger is not asked. */
function workOf(control: DetourWork['control'], notes: Timed[]): DetourWork {
  const { signal } = new AbortController()
  const context = {
    stop: { asked: signal, forced: signal },
    ports: { voice: { quote: () => ({ line: () => {}, resume: () => {} }) } },
    session: {
      note: ({ deed, evidence }: { deed: DetourAct; evidence: DetourNote['evidence'] }) =>
        void notes.push(noted(deed, evidence)),
      stillLocked: async () => {},
      save: async () => {},
    },
  }
  return {
    context: context as unknown as DetourWork['context'],
    step: 'open-detour',
    mode: 'read-only',
    id: detour,
    control,
    seen: {},
    ...{ home: [], standIn: [], engines: [] },
    direction: backInCode,
    way: 'return',
    at: { home: 'home', 'stand-in': 'stand-in' },
    earlier: [],
    notes: () => notes,
  }
}

async function moveHome({ database, door }: SmoothBed): Promise<void> {
  const watch = listener()
  await done(door.point('home', {}, watch))
  await done(database.rejoin(detour, {}, watch))
  await done(database.unfence(detour, 'home', {}, watch))
  await done(door.writes('open', {}, watch))
}
