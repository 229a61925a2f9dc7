import type { BySide, DetourSide } from '../detour/side.ts'
import type { Command, Probe } from './command.ts'
import type { DeclaredService } from './declared-service.ts'

/** The detour of an environment. `aside`: the stand-in serves while home is changed. `over`: traffic moves to the stand-in. */
export type DetourRecipe = StepAside | MoveOver

export interface StepAside {
  readonly kind: 'aside'
  readonly door: DoorRecipe
  /** The services of the stand-in, in places of their own, started with the serving release when it steps aside. */
  readonly services: readonly DeclaredService[]
  /** Variables of workloads of the stand-in that are made like those of home, in place of those there. */
  readonly env: Readonly<Record<string, string>>
  /** Addresses by which people reach the changed side while visitors do not, with `$NAME` from the variables. */
  readonly links: readonly string[]
  /** The longest time until it is reported loudly. Nothing is completed or destroyed then. */
  readonly lasts: number
  /** Without it a detour is opened only where a deployment asks for one. */
  readonly when: 'asked' | 'always' | 'migrate' | 'contract'
  readonly mode: 'read-only' | 'read-write'
  /** Read-write: true if the config accepts that writes during the detour are lost. */
  readonly acceptDataLoss: boolean
  readonly database: DatabaseRecipe
  /** The looks at the changed side before people are asked; null without one. */
  readonly smokeTest: SmokeTest | null
  /** True where people look at the older release once more before it takes traffic back. */
  readonly validateBeforeSwap: boolean
  /** The way to the safe point: the stand-in takes the place of home's database, or is copied back to it. */
  readonly revertBy: 'promote' | 'copy-back'
}

/**
 * Blue-green: one side serves, the other gets the release and is tested, and visitors move to it in one switch. The side
 * that they left stays as it is, so that going back is one switch too.
 */
export interface MoveOver {
  readonly kind: 'over'
  /**
   * `shared`: both sides use one database, so that a migration must suit both releases. With databases of their own the
   * side that changes gets a copy of the other's.
   */
  readonly database: 'none' | 'shared' | OwnDatabases
  readonly door: DoorRecipe
  /** The services of the stand-in: each by the name of one at home, in a place of its own. */
  readonly services: readonly DeclaredService[]
  /** Addresses by which people reach a side while visitors do not, with `$NAME` from the variables. */
  readonly links: BySide<readonly string[]>
  /** The looks at a side before visitors move to it; null without one. */
  readonly smokeTest: BySide<SmokeTest> | null
}

/** A database for each side. Writers wait from the copy until visitors move, and going back gives up what was written since. */
export interface OwnDatabases {
  readonly of: SqliteDetour | CommandDetour | PostgresPair
  /** True if the config accepts that going back loses what was written since the switch. */
  readonly acceptDataLoss: boolean
}

/** PostgreSQL on both sides: whichever side changes becomes a standby of the other one. */
export interface PostgresPair
  extends Pick<PostgresDetour, 'programs' | 'on' | 'lockTimeout' | 'acknowledgeOthers'> {
  readonly kind: 'postgres'
  /** The variable with the credentials and the database of both sides; its host and port give way to those of a side. */
  readonly address: string
  /** The variable with the credentials of replication; those of `address` when null. */
  readonly replication: string | null
  readonly places: BySide<PostgresDetour['standIn']>
}

/** The looks at the changed side by machine: its links answer 200 without a redirect, or a command says yes. */
export interface SmokeTest {
  readonly http: readonly Extract<Probe, { kind: 'http' }>[]
  readonly command: Command | null
  /** Milliseconds before the first try. */
  readonly delay: number
  readonly attempts: number
  /** Milliseconds between two tries. */
  readonly interval: number
  /** `revert`: a failure goes back unasked. `ask`: it is a warning beside the question. */
  readonly onFailure: 'ask' | 'revert'
}

/** The parts of a detour that its databases and its door are controlled by. */
export interface DetourParts extends Pick<StepAside, 'database' | 'door' | 'mode' | 'revertBy'> {
  /** The side that has the copy; left out where that is the stand-in. */
  readonly copied?: DetourSide
}

/** The databases of a detour with a copy. */
export type DatabaseRecipe = PostgresDetour | SqliteDetour | CommandDetour

/** PostgreSQL: the stand-in is a standby. Addresses are variables of the run, because they hold credentials. */
export interface PostgresDetour {
  readonly kind: 'postgres'
  /** The variable with the address of home's database, of a role that may do what the detour needs. */
  readonly home: string
  /** The place of home's server; left out where the address has it. */
  readonly homeAt?: Pick<PostgresDetour['standIn'], 'host' | 'port'>
  /** The variable with the address that home's standby follows it by; that of `home` when null. */
  readonly replication: string | null
  /** The stand-in, where commands for it run. */
  readonly standIn: {
    readonly data: string
    readonly port: number
    readonly host: string
    /** The folder of sockets; null for none. */
    readonly sockets: string | null
  }
  /** Home's own data folder, which only copying back needs. */
  readonly homeData: string | null
  /** The folder of `pg_basebackup` and `pg_ctl`; null where they are found by their names. */
  readonly programs: string | null
  /** The instance on whose host these programs run; null for the runner. */
  readonly on: HostOf | null
  /** The longest wait for the fence's lock, at most 2 s by default. */
  readonly lockTimeout: number
  /** True if databases of others in the same cluster may be copied with it. */
  readonly acknowledgeOthers: boolean
}

/** SQLite files, as the sandbox has them. */
export interface SqliteDetour {
  readonly kind: 'sqlite'
  readonly home: string
  readonly standIn: string
}

/** Anything else: each verb a command; `observe` prints JSON. A verb without a command does nothing. */
export interface CommandDetour {
  readonly kind: 'command'
  readonly observe: Command
  readonly verbs: Readonly<Partial<Record<DetourVerb, Command>>>
}

/** The verbs of a detour that a command may stand for. `ROLLGATE_SIDE`, `ROLLGATE_POSITION` and `ROLLGATE_CLOSING` say the rest. */
export type DetourVerb =
  | 'able'
  | 'open'
  | 'fence'
  | 'unfence'
  | 'level'
  | 'cut'
  | 'rejoin'
  | 'harden'
  | 'close'
  | 'discard'
  | 'discard-failed-home'
  | 'count'
  | 'clear'
  | 'mark'
  | 'leave'

export type DoorRecipe = HaproxyDoor | CommandDoor | KubernetesDoor

/** The host of an instance, on which programs of a detour run. */
export interface HostOf {
  readonly service: string
  readonly instance: string
}

/** HAProxy: a map decides between two backends. The file is written first, then memory, then the marker is asked. */
export interface HaproxyDoor {
  readonly kind: 'haproxy'
  /** The addresses of the balancers' runtime APIs: a path of a socket, or `host:port`. */
  readonly sockets: readonly string[]
  /** The map as HAProxy names it, which is the path of its file. */
  readonly map: string
  /** The key whose value is the backend of the side that serves, and that of visitors' writes. */
  readonly key: string
  readonly writesKey: string | null
  readonly backends: { readonly home: string; readonly 'stand-in': string }
  /** The instances on whose hosts a file of the map lies; none for the runner. */
  readonly on: readonly HostOf[]
  readonly marker: Marker
}

/** Each verb a command; `observe` prints JSON. */
export interface CommandDoor {
  readonly kind: 'command'
  readonly observe: Command
  readonly point: Command
  /** Let visitors' writes through, or shut them; null where the door does not tell reads from writes. */
  readonly writes: { readonly open: Command; readonly shut: Command } | null
  readonly marker: Marker | null
}

/**
 * Kubernetes: a Service selects the pods of one side by the value of a label. Its selector is what is to be, and the pods
 * behind its endpoints are what visitors reach.
 */
export interface KubernetesDoor {
  readonly kind: 'kubernetes'
  readonly service: string
  readonly namespace: string
  /** The context that must be the current one; null for any. */
  readonly context: string | null
  /** The label of pods that tells their side, and its value for each. */
  readonly label: string
  readonly values: BySide<string>
  /** Null where no frontend can be asked: the endpoints alone then tell the side. */
  readonly marker: Marker | null
}

/** Returns the label by which a door tells what serves on a side; null where it tells the sides by other means. */
export function labelOf(
  door: DoorRecipe,
  side: DetourSide,
): { readonly label: string; readonly value: string } | null {
  switch (door.kind) {
    case 'haproxy':
    case 'command':
      return null
    case 'kubernetes':
      return { label: door.label, value: door.values[side] }
  }
}

/** The mark in an answer by which its side is known. */
export interface Marker {
  /** An address of each frontend. */
  readonly addresses: readonly string[]
  /** The header of its answers whose value is the side's. */
  readonly header: string
  readonly values: { readonly home: string; readonly 'stand-in': string }
  readonly timeout: number
}

/** A probe that shows that a side's database refuses a write, by the application's own way; optional beside the engine's. */
export type WriteProbe = Probe
