import type { Override } from '../release/override.ts'

/** The people who override a proof that the policy asks for, and their reasons; null without an override. */
export interface WithoutProof {
  readonly verified: Override | null
  readonly rehearsed: Override | null
}

/** The requested action: one variant a mode, with the fields of that mode alone. */
export type Undertaking =
  | {
      readonly mode: 'deploy'
      /** True to bring the release again where it serves already. */
      readonly redeploy: boolean
      /** True to set all data up anew, in place of the migration. */
      readonly reset: boolean
      /** True to bring the base version of the release with it. */
      readonly changeBase: boolean
      /** True if the person knows that the release may be older than the one that serves. */
      readonly acknowledgeOlder: boolean
      readonly without: WithoutProof
      /** The person who lets it through while a signal halts; null without one. */
      readonly overrideHalt: Override | null
      /** Instances that try the release out first, as `web-1` or `web/web-1`; none for those of the config. */
      readonly testBed: readonly string[]
      /** The id of the schedule that it begins; null if a person asks now. */
      readonly schedule: string | null
      /** True if the stand-in is to serve while home is changed. */
      readonly detour: boolean
      /** True if it may take the place of a deployment that waits while visitors are on the stand-in. */
      readonly rollForward: boolean
    }
  | {
      readonly mode: 'rollback'
      /** True if the person knows that data may be lost. */
      readonly acknowledgeDataLoss: boolean
    }
  /** A release is to be brought that serves already. */
  | {
      readonly mode: 'redeploy'
      /** True if it is brought to the instances again: a person asks for that, or an instance was left unfinished. */
      readonly again: boolean
      readonly reset: boolean
    }
  /** `services`: their names; none for all. */
  | { readonly mode: 'restart'; readonly services: readonly string[] }
  | { readonly mode: 'scheduler-run' }
  /** The maintenance page alone, which stays until it is taken off, or its lease is over. */
  | { readonly mode: 'maintenance-on' }
  | { readonly mode: 'maintenance-off' }
  | {
      readonly mode: 'close-detour'
      /** The name of the open detour. */
      readonly closes: string
      /** The way of ending it for the database of home. */
      readonly as: ClosingAs
      /** True if the person knows that the release may not work on the database as it is migrated. */
      readonly acknowledgeDataLoss: boolean
    }
  /** `discards`: the name of the ended detour whose failed home is removed. */
  | { readonly mode: 'discard-failed-home'; readonly discards: string }
  /** `backup`: its name; the newest for none. */
  | { readonly mode: 'restore'; readonly backup: string }
  /** Visitors are on the stand-in, and the release comes back that served when the backup was made. */
  | { readonly mode: 'restore-aside'; readonly backup: string }
  | { readonly mode: 'task'; readonly task: string }
  | { readonly mode: 'build' }
  | {
      readonly mode: 'complete-migration'
      /** The deployment whose migration the clock completes after its soak; null if a person asks. */
      readonly soaked: number | null
    }

/** The ends of a detour that is closed by name: home's database is the safe point again, or stays as it is. */
export const closings = ['revert-code', 'revert'] as const

export type ClosingAs = (typeof closings)[number]

export type Mode = Undertaking['mode']

/** The undertaking of one mode. */
export type UndertakingOf<M extends Mode> = Extract<Undertaking, { readonly mode: M }>

/** The undertakings to ask for: a deployment of the serving release becomes a redeploy. */
export type Wanted = Exclude<Undertaking, { readonly mode: 'redeploy' }>

/** A deployment without further requests and acknowledgements. */
export const plainDeploy: UndertakingOf<'deploy'> = {
  mode: 'deploy',
  redeploy: false,
  reset: false,
  changeBase: false,
  acknowledgeOlder: false,
  without: { verified: null, rehearsed: null },
  overrideHalt: null,
  testBed: [],
  schedule: null,
  detour: false,
  rollForward: false,
}

/** True if the requested release already serves, and nothing asks to bring it again. */
export const changesNothing = (undertaking: Undertaking): boolean =>
  'again' in undertaking && !undertaking.again && !undertaking.reset

/** True if all data is to be set up anew. */
export const resetsData = (undertaking: Undertaking): boolean => 'reset' in undertaking && undertaking.reset

/** The instances that are named to try the release out; none for those of the config. */
export const testBedIn = (undertaking: Undertaking): readonly string[] =>
  'testBed' in undertaking ? undertaking.testBed : []

/** The id of the schedule that it begins; null if a person asks now. */
export const scheduleOf = (undertaking: Undertaking): string | null =>
  'schedule' in undertaking ? undertaking.schedule : null

/** The deployment whose migration the clock completes after its soak; null if a person asks. */
export const soakedOf = (undertaking: Undertaking): number | null =>
  'soaked' in undertaking ? undertaking.soaked : null

/** True if it may take the place of a deployment that waits in a detour. */
export const rollsForward = (undertaking: Undertaking): boolean =>
  'rollForward' in undertaking && undertaking.rollForward

/** True if the stand-in is asked to serve while home is changed. */
export const asksForDetour = (undertaking: Undertaking): boolean =>
  'detour' in undertaking && undertaking.detour

/** Returns the name of the task to run; null without one. */
export const taskOf = (undertaking: Undertaking): string | null =>
  'task' in undertaking ? undertaking.task : null

/** Returns the name of the detour to close; null where none is closed by name. */
export const closesNamed = (undertaking: Undertaking): string | null =>
  'closes' in undertaking ? undertaking.closes : null

/** Returns the name of the detour whose failed home is removed; null where none is. */
export const discardedIn = (undertaking: Undertaking): string | null =>
  'discards' in undertaking ? undertaking.discards : null

/** Returns the name of the backup to restore, empty for the newest; null where nothing is restored. */
export const backupOf = (undertaking: Undertaking): string | null =>
  'backup' in undertaking ? undertaking.backup : null

/** Returns the services to restart, by name; empty for all. */
export const servicesOf = (undertaking: Undertaking): readonly string[] =>
  'services' in undertaking ? undertaking.services : []

/** True if a person knows that the release may be older than the one that serves. */
export const acknowledgesOlder = (undertaking: Undertaking): boolean =>
  'acknowledgeOlder' in undertaking && undertaking.acknowledgeOlder

/** True if a person knows that data may be lost. */
export const acknowledgesDataLoss = (undertaking: Undertaking): boolean =>
  'acknowledgeDataLoss' in undertaking && undertaking.acknowledgeDataLoss

/** Returns the person who lets it through while a signal halts; null without one. */
export const overridesHalt = (undertaking: Undertaking): Override | null =>
  'overrideHalt' in undertaking ? undertaking.overrideHalt : null

/** Returns the overridden proofs; empty without an override. */
export const withoutProof = (undertaking: Undertaking): WithoutProof =>
  'without' in undertaking ? undertaking.without : { verified: null, rehearsed: null }
