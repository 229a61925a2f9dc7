import { plainDeploy, type Wanted } from '../../domain/plan/undertaking.ts'
import type { Overriding } from './timetable.ts'

/** The requested environment, and the path of its config. */
export interface RequestPlace {
  readonly environment: string
  /** The app where the policy names none. */
  readonly app: string
  readonly configPath: string
}

/** The request, as the doors read it. */
export interface Request extends RequestPlace {
  readonly undertaking: Wanted
  /** The tag; a rollback without one goes to the release that served before. A restart takes the serving one. */
  readonly tag: string | null
  /** The typed confirmation; empty without one. */
  readonly confirm: string
  /** The person who overrides a freeze, and the reason. */
  readonly override: Overriding | null
}

/** Returns a request without confirmations and overrides: a plain deployment, or another undertaking. */
export const plainRequest = (
  { environment, app, configPath }: RequestPlace,
  tag: string | null,
  undertaking: Wanted = plainDeploy,
): Request => ({ environment, app, configPath, undertaking, tag, confirm: '', override: null })
