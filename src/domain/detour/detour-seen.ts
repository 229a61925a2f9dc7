import type { Reading } from '../reading.ts'
import type { BySide, DetourSide } from './side.ts'

/**
 * The answer of a side's database to a write. `fenced`: writes wait or are refused, and the fence can be taken away.
 * `impossible`: the engine itself refuses them, as a standby does.
 */
export type Writable = 'open' | 'fenced' | 'impossible'

/** One look at the databases of a detour. Absent: the thing was looked for, and is not there. */
export interface DatabaseSeen {
  /** The copy of the stand-in: begun and not whole, whole and stopped, or running. Absent before it is begun. */
  readonly standIn: Reading<'partial' | 'stopped' | 'running'>
  /** True while the stand-in follows home: whatever is written at home arrives there. */
  readonly follows: Reading<boolean>
  /** The position at which the stand-in stopped following. Absent while it follows. */
  readonly frozenAt: Reading<string>
  /** The newest position of each side, in words of the engine. */
  readonly position: BySide<Reading<string>>
  /** The timeline of each side, which a promotion changes. Absent where the engine has none. */
  readonly timeline: BySide<Reading<string>>
  readonly writable: BySide<Reading<Writable>>
  /** The side whose fence is held. Absent where none is. */
  readonly fence: Reading<DetourSide>
  /** Sessions of applications on each side: those of this run and of the engine are none. */
  readonly sessions: BySide<Reading<number>>
  /** The address of home's database, without credentials. */
  readonly address: Reading<string>
}

/** One look at the door of a detour: what sends visitors to a side. */
export interface DoorSeen {
  /** The side in its settings, which a reload reads. Absent where the door has no settings that it reads again. */
  readonly file: Reading<DetourSide>
  /** The side that it sends new requests to, the same on every frontend. */
  readonly memory: Reading<DetourSide>
  /** The side whose marker answers carry, the same on every frontend, on fresh and on kept connections. */
  readonly marker: Reading<DetourSide>
  /** The door's answer to visitors' writes. Absent where the door does not tell reads from writes. */
  readonly writes: Reading<'open' | 'shut'>
  /** Requests in flight on each side. Absent where the door does not count them. */
  readonly inFlight: BySide<Reading<number>>
}

/** One look at a whole detour. */
export interface DetourSeen {
  readonly database: DatabaseSeen
  readonly door: DoorSeen
}
