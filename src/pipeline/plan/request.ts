import type { Override } from '../../domain/release/override.ts'
import type { Wanted } from '../../domain/release/release.ts'
import type { Overriding } from './timetable.ts'

/** The request, as the doors read it. */
export interface Request {
  readonly wanted: Wanted
  readonly environment: string
  /** The tag; a rollback without one goes to the release that served before. A restart takes what serves. */
  readonly tag: string | null
  /** The services to restart, by name; none for all. */
  readonly services?: readonly string[]
  /** The task to run, by name. */
  readonly task?: string
  readonly changeBase?: boolean
  readonly reset?: boolean
  /** The typed confirmation. */
  readonly confirm?: string
  readonly app: string
  readonly configPath: string
  readonly redeploy: boolean
  readonly acknowledged: { readonly older: boolean; readonly dataLoss: boolean }
  /** The person who overrides a freeze, and the reason. */
  readonly override: Overriding | null
  /** The person who overrides the proof of `verified-in`, and the reason; null without one. */
  readonly overrideVerified: Override | null
  /** The same for the rehearsal that `rehearsed-in` asks for. */
  readonly overrideRehearsed?: Override | null
  /** The id of the schedule that is to begin now; left out where a person asks by themselves. */
  readonly schedule?: string
}
