import type { Command, Probe } from '../domain/config/command.ts'
import type { CommandFleet } from '../domain/config/command-fleet.ts'
import type { DetourParts, DoorRecipe } from '../domain/config/detour-recipe.ts'
import type { EngineService } from '../domain/config/engine-recipe.ts'
import type { Fleet, Instance } from '../domain/config/fleet.ts'
import type { Service } from '../domain/config/service.ts'
import type { Times } from '../domain/config/times.ts'
import type { Ability, Closing, DetourDeed, LostWrites } from '../domain/detour/deed.ts'
import type { DatabaseSeen, DoorSeen } from '../domain/detour/detour-seen.ts'
import type { DetourSide } from '../domain/detour/side.ts'
import type { KeptAnswer } from '../domain/doctor/answers.ts'
import type { EnvironmentThere } from '../domain/doctor/diagnosis.ts'
import type { ProbeRead } from '../domain/doctor/probe.ts'
import type { CronJobs } from '../domain/engine/cron-jobs.ts'
import type { EngineSeen, Images } from '../domain/engine/engine-seen.ts'
import type { ManifestsCompared } from '../domain/engine/manifests.ts'
import type { SchedulerSeen } from '../domain/engine/scheduler-seen.ts'
import type { Standing } from '../domain/journal/standing.ts'
import type { Ledger } from '../domain/ledger/ledger.ts'
import type { Underway } from '../domain/ledger/underway.ts'
import type { Plan } from '../domain/plan/plan.ts'
import type { VariableSeen } from '../domain/plan/required-variables.ts'
import type { Failure } from '../domain/question/decision.ts'
import type { Reading } from '../domain/reading.ts'
import type { Check } from '../domain/release/checks.ts'
import type { CommitsBetween } from '../domain/release/commits-between.ts'
import type { ReleaseThere } from '../domain/release/kept-releases.ts'
import type { Artifact, Manifest } from '../domain/release/manifest.ts'
import type { Relation, Run } from '../domain/release/release.ts'
import type { ReleaseTree } from '../domain/release/release-tree.ts'
import type { Moment, TimeSpan } from '../domain/schedule/freeze.ts'
import type { Readings } from '../domain/schedule/wanted-time.ts'
import type { Ask } from '../domain/signal/ask.ts'
import type { WaveState } from '../domain/wave/wave.ts'

/**
 * Every effect that a deployment can have, on one page. Adapters implement these ports; one contract suite a
 * port runs against every adapter and against the in-memory fake of the pipeline's tests. A port whose caller
 * acts on absence returns a `Reading`: a system that did not answer, or may not, is *unknown*, and that stops
 * the caller.
 */
export interface Ports {
  readonly clock: Clock
  readonly calendar: Calendar
  readonly shell: Shell
  /** The shell without the variables of the secret `ROLLGATE_ENV`, for commands of the policy before an approval. */
  readonly bareShell: Shell
  readonly poster: Poster
  /** Asks what belongs to no instance: the front door of an environment. */
  readonly prober: Prober
  readonly given: GivenVariables
  fleet(recipe: Fleet): FleetControl
  traffic(service: Service, fleet: FleetControl): TrafficControl
  engine(service: EngineService): EngineControl
  scheduler(jobs: CronJobs): SchedulerControl
  /** One control a recipe in a run, which keeps its fence from one call to the next. `fleets`: the hosts of its commands. */
  detour(parts: DetourParts, fleets: readonly CommandFleet[]): DetourControl
  door(recipe: DoorRecipe, fleets: readonly CommandFleet[]): DetourDoor
  readonly ledgers: LedgerStore
  readonly asks: AskStore
  readonly record: RecordStore
  readonly repository: Repository
  readonly releases: ReleaseStore
  readonly issues: IssueStore
  readonly forms: FormStarter
  readonly workspace: Workspace
  readonly depot: Depot
  readonly outputFiles: OutputFiles
  readonly voice: Voice
  readonly narrator: Narrator
}

export interface Clock {
  now(): Date
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Calendar {
  /**
   * Returns the spans of a rule, from a time on and for a year, in order; spans that have begun by then are
   * among them. At a change of clocks a time may not exist or exist twice: `wide` spans then begin early and
   * end late, `narrow` ones do not.
   */
  spans(times: Times, edges: 'wide' | 'narrow', from: Date): readonly TimeSpan[]
  /** Returns the instants of a local time in a zone, like `2026-12-01T09:00`. */
  readings(local: string, timezone: string): Readings
  /** Returns the local time of an instant in a zone, or at an offset like `+01:00`. */
  moment(at: Date, timezone: string): Moment
}

/** Names and values that a command sees in its environment. */
export type Variables = Readonly<Record<string, string>>

/** The variables that every command of this run sees. Their values are not told: they are secrets. */
export interface GivenVariables {
  /** `empty`: it is set, to nothing or to blanks. */
  variable(name: string): VariableSeen
  /** Tells if the secret `ROLLGATE_ENV` reached this job with a variable in it. */
  readonly secret: 'given' | 'empty'
  /** True if the secret `ROLLGATE_ENV` has a variable of this name. */
  inSecret(name: string): boolean
  /** The value of one of GitHub's `vars`, which are no secrets; null where the job was not handed it. */
  ofTheJob(name: string): string | null
  /** True if a text holds a value that is masked: it may not be kept. */
  isMasked(text: string): boolean
}

/** The end of a command. `tail`: its last lines, masked. */
export type Finished =
  | { readonly kind: 'exited'; readonly code: number; readonly tail: readonly string[] }
  | { readonly kind: 'signalled'; readonly signal: string; readonly tail: readonly string[] }
  /** `unconfirmed`: Rollgate tried to end it, and cannot tell if it ended. */
  | {
      readonly kind: 'timed-out'
      readonly after: number
      readonly unconfirmed?: true
      readonly tail: readonly string[]
    }
  | { readonly kind: 'not-found'; readonly name: string; readonly tail: readonly string[] }
  | { readonly kind: 'stopped'; readonly tail: readonly string[] }
  /** The host of the command could not be reached, or was lost while the command ran. */
  | { readonly kind: 'unreachable'; readonly failure: Failure; readonly tail: readonly string[] }

/** The listener of a command's masked lines, and the signal that ends it early. */
export interface Watch {
  line(text: string): void
  /** The text for its stdin, which is empty without one. */
  readonly input?: string
  /**
   * Given for a question: takes each line of stdout, unmasked, and `line` then gets stderr alone, which is
   * never an answer. An answer is compared as it is; masks apply only where it is shown or saved.
   */
  answer?(text: string): void
  readonly signal: AbortSignal
}

export interface Shell {
  /**
   * Runs a command with these variables. After its timeout, or on `signal`, it ends with its whole process
   * group. Never rejects for a failure of the command.
   */
  run(command: Command, variables: Variables, watch: Watch): Promise<Finished>
}

/** A text for an address. */
export interface Posting {
  /** With `$NAME` for variables of this run: those of the runner itself are not filled in. */
  readonly url: string
  readonly mediaType: string
  /** The name of a header, and the variable with its value. */
  readonly secret: { readonly header: string; readonly variable: string } | null
  readonly body: string
  readonly timeout: number
}

export interface Poster {
  /** Sends it once, by POST; redirects are not followed. Null where a 2xx answered; a text says why not, without a secret. */
  post(posting: Posting, signal: AbortSignal): Promise<string | null>
}

export interface FleetControl {
  /**
   * Opens a connection to an instance early, if that takes time. Changes nothing, and returns nothing:
   * `prepare` reports its failure.
   */
  reach(instance: Instance, signal: AbortSignal): Promise<void>
  /**
   * Prepares an instance that will be changed soon: does all the work that is possible while it still has
   * traffic. Called ahead, and once more in its turn: finished work then takes no time. Null means ready.
   * Without a cargo the file that the fleet names is taken from the checkout.
   */
  prepare(
    instance: Instance,
    variables: Variables,
    watch: Watch,
    cargo?: Cargo | null,
  ): Promise<Failure | null>
  /** The file of a release that an instance keeps, if it has this digest; null where it cannot be had. */
  fetch(instance: Instance, variables: Variables, sha256: string, watch: Watch): Promise<HeldFile | null>
  /** The folders of releases on an instance; commands see that of their release as `ROLLGATE_RELEASE_DIR`. */
  readonly folders: ReleaseFolders
  /** Runs a command for an instance, where the instance lives. */
  run(instance: Instance, command: Command, variables: Variables, watch: Watch): Promise<Finished>
  /** Asks an instance once: an address from here, a command where the instance lives. */
  ask(instance: Instance, probe: Probe, variables: Variables, signal: AbortSignal): Promise<Answer>
  /**
   * No more commands are expected for this instance: its connection may be closed. A later command is still
   * possible.
   */
  rest(instance: Instance): void
}

/**
 * The releases that Rollgate brought to an instance, each in a folder with a mark beside it. The variables say which app,
 * environment, service, instance and release it is about. A mark is written last and taken away first, so that a folder
 * which was left half-written or half-cleared is never taken for a release. A failed work leaves the others as they are.
 */
export interface ReleaseFolders {
  /** The releases that are seen there, the last used first; looking at the one of the variables is a use. */
  list(instance: Instance, variables: Variables, watch: Watch): Promise<readonly ReleaseThere[] | Failure>
  /** Makes the folder of the release, empty. */
  begin(instance: Instance, variables: Variables, watch: Watch): Promise<Failure | null>
  /** Marks the release as whole. `digest`: of the file that it came with; null without one. */
  finish(
    instance: Instance,
    variables: Variables,
    digest: string | null,
    watch: Watch,
  ): Promise<Failure | null>
  /** Removes releases, by their commits; only what Rollgate has marked. */
  clear(
    instance: Instance,
    variables: Variables,
    commits: readonly string[],
    watch: Watch,
  ): Promise<Failure | null>
}

/** A file that this run has, and the SHA-256 of its content. */
export interface HeldFile {
  /** Absolute, or seen from where commands run. */
  readonly file: string
  readonly sha256: string
}

/** The file of a release that is brought to hosts. */
export interface Cargo {
  /** The digest that each host must get; null while it is unknown. */
  wanted(): string | null
  /** Gets the bytes, for a host that has not got them. */
  obtain(): Promise<HeldFile | Failure>
  /** True if a host may keep bytes of this digest. */
  accepts(sha256: string): boolean
  /** The number of releases whose file a host keeps, and the commits whose file stays in any case. */
  readonly keeping: { readonly keep: number; readonly needed: readonly string[] }
}

/** The folder in which this run keeps files for hosts. */
export interface Depot {
  /** A file below a folder. */
  find(folder: string, path: string): Promise<Reading<HeldFile>>
  /** Keeps bytes that came from elsewhere, under a name. */
  keep(name: string, content: Blob): Promise<HeldFile>
}

/** Files that builds write their outputs to. */
export interface OutputFiles {
  make(): Promise<OutputFile>
}

/** An empty file, by its path for commands of the runner. `read` gives its beginning, and nothing if it is gone. */
export interface OutputFile {
  readonly path: string
  read(): Promise<string>
  remove(): Promise<void>
}

/** Takes an instance out of traffic and back. Null means done; a text says why it could not be. */
export interface TrafficControl {
  /** Resolves when the instance gets no new request and its open ones have ended. */
  leave(instance: Instance, variables: Variables, watch: Watch): Promise<string | null>
  /** Resolves when the front door sends the instance requests again. */
  enter(instance: Instance, variables: Variables, watch: Watch): Promise<string | null>
  /** Reads if the front door sends the instance requests. Absent if the config has no way to ask. */
  serves(instance: Instance, variables: Variables, signal: AbortSignal): Promise<Reading<boolean>>
  /** Reads if the front door has a place for the instance, without a command. Absent if there is no way to ask. */
  knows(instance: Instance, variables: Variables): Promise<Reading<boolean>>
}

/** The two parts of a detour: its databases, which are copied and cut, and its door, which sends visitors to a side. */
export interface DetourControl {
  readonly database: DetourDatabase
  readonly door: DetourDoor
}

/**
 * The databases of a detour. Every verb observes first, may be repeated, and says done only for what it observed
 * afterwards; `id` names the detour on both sides, so that a second run finds the copy of the first.
 */
export interface DetourDatabase {
  /** Looks what speaks against a detour, and changes nothing. */
  able(id: string, variables: Variables, watch: Watch): Promise<Reading<Ability>>
  observe(id: string, variables: Variables, signal: AbortSignal): Promise<DatabaseSeen>
  /** Makes the copy and starts it, following home, until it is ready: a write to it is refused by the engine. */
  open(id: string, variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Shuts out writes to a side and holds that; `position` in its evidence is that of the last write. */
  fence(id: string, side: DetourSide, variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Takes the fence of a side away. A stand-in of a read-write detour then takes writes, and begins to count them. */
  unfence(id: string, side: DetourSide, variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Resolves when the stand-in has everything up to a position. */
  level(id: string, position: string, variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Ends the following of the stand-in, also after a restart. The fence must be seen held before and after. */
  cut(id: string, variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Undoes a cut, while nothing was changed at home since. */
  rejoin(id: string, variables: Variables, watch: Watch): Promise<DetourDeed>
  /**
   * Once visitors are seen on the stand-in: ends the fence and all sessions of applications at home, and takes away what
   * home kept for the copy. Home takes writes and applications afterwards: the change comes next.
   */
  harden(id: string, variables: Variables, watch: Watch): Promise<DetourDeed>
  /**
   * Ends it for the databases. `return`, `revert-code`: proves that the stand-in still stands where it was frozen, or
   * fences and counts it, and lets applications to home. `revert`: home is the safe point afterwards. `move`: the stand-in is open for writes.
   */
  close(id: string, way: Closing, variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Removes the copy, once. Refused while it has a session of an application. */
  discard(id: string, variables: Variables, watch: Watch): Promise<DetourDeed>
  /**
   * Looks for the database that failed at home, which a `revert` has kept at a place. Absent: it was looked for there, and
   * is gone.
   */
  failedHome(id: string, where: string, variables: Variables, signal: AbortSignal): Promise<Reading<string>>
  /** Removes the database that failed at home, and never one that a server works on. */
  discardFailedHome(id: string, where: string, variables: Variables, watch: Watch): Promise<DetourDeed>
  /**
   * Removes what is in the place of the copy, where its mark names one of `earlier`. Refused for anything else, and for a
   * place that a server of the other side works on.
   */
  clear(id: string, earlier: readonly string[], variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Reads if nothing was written at home since a position. Unknown where the engine cannot tell. */
  still(id: string, position: string, variables: Variables, signal: AbortSignal): Promise<Reading<boolean>>
  /** Has writes on the stand-in counted from here on, and no longer from its opening. */
  mark(id: string, variables: Variables, watch: Watch): Promise<DetourDeed>
  /**
   * Once visitors are seen on the other side: turns away what waits at the fence of a side, ends the fence, and marks the
   * place of home as left, so that a later copy may take it.
   */
  leave(id: string, side: DetourSide, variables: Variables, watch: Watch): Promise<DetourDeed>
  /** The writes on the stand-in since it was opened for writing, or marked. Absent where it never was. */
  lostWrites(id: string, variables: Variables, signal: AbortSignal): Promise<Reading<LostWrites>>
}

/** The door of a detour. Done is what every frontend was seen to do. */
export interface DetourDoor {
  observe(variables: Variables, signal: AbortSignal): Promise<DoorSeen>
  /** Sends visitors to a side: settings first, then memory, then the marker on every frontend. */
  point(side: DetourSide, variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Shuts visitors' writes, which are then told to come again, or lets them through. */
  writes(to: 'open' | 'shut', variables: Variables, watch: Watch): Promise<DetourDeed>
  /** Resolves when a side has no request in flight. */
  drained(side: DetourSide, variables: Variables, watch: Watch): Promise<DetourDeed>
}

/**
 * A service on an engine. Images are explicit, by digest: an engine is never told to go back to whatever was before. The
 * variables name app, environment, service, release and deployment.
 */
export interface EngineControl {
  /** Looks if it can be reached, is the one that the config means, and may be changed; changes nothing. */
  able(variables: Variables, watch: Watch): Promise<Reading<Ability>>
  /** Absent where the engine has no such service yet. */
  state(variables: Variables, signal: AbortSignal): Promise<Reading<EngineSeen>>
  /**
   * Compares what a release applies with what is there, and changes nothing. Left out where only images are handed over.
   */
  compare?(images: Images, variables: Variables, watch: Watch): Promise<ManifestsCompared | Failure>
  /**
   * Has the engine roll to these images, and returns at once with the engine's name of the rollout. Where it wants them
   * already and has not given up, it returns that rollout.
   */
  handOver(order: EngineOrder, variables: Variables, watch: Watch): Promise<HandedOver | Failure>
  /** Has the engine replace every replica, with the images as they are. */
  restart(variables: Variables, watch: Watch): Promise<HandedOver | Failure>
  /**
   * Has the engine change nothing further, so that `state` shows it as held; `handOver` lets it go on. A failure where the
   * engine has no such way.
   */
  stop(variables: Variables, watch: Watch): Promise<Failure | null>
  /** Has the engine run so many replicas at least, as the rollout goes on; left out where the engine has no way. */
  scale?(replicas: number, variables: Variables, watch: Watch): Promise<Failure | null>
  /** Has the engine run no replica until it is told a number; left out where the engine has no way. */
  empty?(variables: Variables, watch: Watch): Promise<Failure | null>
  /** Gives settings back that were taken for the time of a rollout, once that is done; left out where none are taken. */
  rest?(variables: Variables, watch: Watch): Promise<Failure | null>
  /** The one replica beside the others; null where the engine has no such way. */
  readonly testBed: EngineTestBedControl | null
  /** The engine's own way to run a command once; null where it has none. */
  readonly jobs: EngineJobs | null
}

/** The jobs that an engine starts by the clock: those that the recipe names, or all in its place. */
export interface SchedulerControl {
  /** Reads those that are there, and which of their jobs run. Absent where the engine has no such place. */
  observe(variables: Variables, signal: AbortSignal): Promise<Reading<SchedulerSeen>>
  /** Has the engine start no job of these. One that is gone, or suspended already, is no failure. */
  suspend(names: readonly string[], variables: Variables, watch: Watch): Promise<Failure | null>
  /** Has the engine start jobs of these again. One that is gone, or active already, is no failure. */
  resume(names: readonly string[], variables: Variables, watch: Watch): Promise<Failure | null>
  /** Ends running jobs, by their own names. */
  end(jobs: readonly string[], variables: Variables, watch: Watch): Promise<Failure | null>
}

/** The images that an engine is to roll to. `old`: those from before, after a failure. */
export interface EngineOrder {
  readonly images: Images
  readonly to: 'new' | 'old'
}

/** One replica with new images beside the others of a service, with the same traffic, named after the service. */
export interface EngineTestBedControl {
  /** Starts it with these images, or replaces the one that is there with other images. */
  open(images: Images, variables: Variables, watch: Watch): Promise<HandedOver | Failure>
  /** Absent where there is none. */
  state(variables: Variables, signal: AbortSignal): Promise<Reading<EngineSeen>>
  /** Takes it out of traffic and removes it; null too where there is none. */
  close(variables: Variables, watch: Watch): Promise<Failure | null>
}

export interface EngineJobs {
  /**
   * Runs a command once, as a job of the engine, and follows it to its end. A job of the same name is followed, and not
   * run again. Its lines go to `watch`. A job that cannot start ends as `unreachable`, with the engine's reason.
   */
  run(job: EngineJob, variables: Variables, watch: Watch): Promise<Finished>
}

/** A command that an engine runs once. */
export interface EngineJob {
  /** Lower-case letters, digits and `-`, 36 characters at most: the same for a job that is followed again. */
  readonly name: string
  readonly command: Command
  /** The images of the release, of which the job takes that of its container. */
  readonly images: Images
  /** The container of the service whose image, settings and secrets the job has; null for the first. */
  readonly container: string | null
}

/** The engine's own name of a rollout. */
export interface HandedOver {
  readonly rollout: string
}

/**
 * The answer of a probe: `text` is the body, or the stdout of a command, cut at 64 KiB. It is unmasked, to be
 * compared. `said`: the stderr of a command beside its answer.
 */
export type Answer =
  | { readonly kind: 'yes'; readonly text: string; readonly said?: string }
  /** `status`: that of an HTTP answer; left out where a command said no, or nothing could be asked. */
  | { readonly kind: 'no'; readonly why: string; readonly text: string; readonly status?: number }
  /** No process listens (yet): the connection was refused or broke. */
  | { readonly kind: 'absent'; readonly why: string }
  | { readonly kind: 'timed-out'; readonly after: number }
  /** Nothing could be asked: the host was not reached, the command could not find out, or the run was told to stop. */
  | { readonly kind: 'unknown'; readonly why: string }

export interface Prober {
  /** Asks once. `$NAME` in an address is replaced from the variables. */
  ask(probe: Probe, variables: Variables, signal: AbortSignal): Promise<Answer>
}

/** A ledger and the commit that holds it. `head` is null while the environment has none. */
export interface Kept {
  readonly head: string | null
  readonly ledger: Ledger
}

/** A ledger or record for an environment of this name, for every app and any case of the letters. */
export interface Neighbour {
  readonly app: string
  readonly environment: string
  /** `record`: Rollgate recorded Deployments, and there is no ledger. */
  readonly kind: 'ledger' | 'record'
}

/** The commits at the tips of an environment's references; null without one. */
export interface Tips {
  readonly ledger: string | null
  /** Read by `AskStore.at`. */
  readonly asks: string | null
}

export interface LedgerStore {
  /** All that stand of an environment, this one's own as well. */
  neighbours(environment: string): Promise<readonly Neighbour[]>
  read(app: string, environment: string): Promise<Kept>
  /**
   * Reads the commits that hold a ledger and its asks now. It is one request without a retry, for a run that
   * polls. The answer may be a moment old.
   */
  tips(app: string, environment: string): Promise<Tips>
  /**
   * Appends one commit, if the ref still is at `head` (compare-and-swap). Returns the new head, or null if
   * another writer was first. A lost answer is looked up, so that an append never happens twice and is never
   * wrongly taken for lost. Calls `made` with the commit before the ref moves: if even the look-up fails, the
   * caller recognises its own commit later.
   */
  append(
    head: string | null,
    ledger: Ledger,
    message: string,
    made?: (commit: string) => void,
  ): Promise<string | null>
}

/**
 * Asks of people to the run that holds an environment's ledger. They stand on a reference of their own, so that a
 * held ledger is moved by its holder alone.
 */
export interface AskStore {
  /** The asks that were not taken yet, oldest first. Absent where none waits. One request while none is added. */
  read(app: string, environment: string): Promise<Reading<readonly Ask[]>>
  /** The asks at a commit, as `LedgerStore.tips` has it: no request while that stays the same. */
  at(app: string, environment: string, commit: string): Promise<Reading<readonly Ask[]>>
  /** Adds an ask; one with the same id is added once. Throws if it cannot be kept. */
  add(app: string, environment: string, ask: Ask): Promise<void>
  /**
   * Takes asks away by their ids, and returns those that stood until now. The journal must have them before: an ask that
   * was taken and not noted would be lost with its run. `why`: the line of the commit.
   */
  take(app: string, environment: string, ids: readonly string[], why: string): Promise<readonly Ask[]>
}

export type RecordState = 'queued' | 'pending' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'

/** GitHub's view: the Deployment and its statuses. */
export interface RecordStore {
  /**
   * Creates the record. With `mayExist` it looks first for the record that this deployment had under another
   * run. The record of a scheduled deployment has its planned and its real start.
   */
  open(
    plan: Plan,
    deployment: number,
    run: string,
    options: { mayExist: boolean; startedAt?: string },
  ): Promise<number>
  /** The record that this deployment has already, or null. */
  find(plan: Plan, deployment: number): Promise<number | null>
  say(record: number, status: Status): Promise<void>
  /** Reads the state of a record: null inside without a status. Absent if the record is gone. */
  state(record: number): Promise<Reading<RecordState | null>>
  /** Returns the newest records that Rollgate opened for this app in this environment, a few of them. */
  recent(app: string, environment: string): Promise<readonly ShownRecord[]>
}

/** A record as GitHub shows it; its state is null while nothing was said on it. */
export interface ShownRecord {
  readonly record: number
  readonly deployment: number
  readonly state: RecordState | null
}

export interface Status {
  readonly state: RecordState
  /** Cut at 140 characters. */
  readonly description: string
  /** Address of the run that says it. */
  readonly run: string
  /** The address of the environment; shown once it serves. */
  readonly url: string | null
}

export interface Approval {
  readonly by: string
  readonly comment: string
}

/** The reviews of a run that are of one environment. */
export interface Reviews {
  readonly approved: readonly Approval[]
  readonly rejected: readonly Approval[]
}

/** An environment's rules, as GitHub has them. */
export interface EnvironmentRules {
  readonly reviewers: readonly string[]
  readonly preventsSelfReview: boolean
}

/** The relation of one commit to another, and the number of commits between. */
export interface CommitComparison {
  readonly relation: Relation
  readonly commits: number
}

/** `unknown`: GitHub does not show the run, which may still be at work. */
export type RunState = 'live' | 'over' | 'unknown'

/** A tag and its commit, peeled. */
export interface Tag {
  readonly tag: string
  readonly sha: string
}

export interface Repository {
  /** The commit that a tag means now, peeled. */
  resolveTag(tag: string): Promise<Reading<string>>
  /** The newest tags, as their names tell it, with the commits that they mean: at most `most`, of at most 100. */
  tags(most: number): Promise<Reading<readonly Tag[]>>
  /** The commit at the tip of a branch. */
  resolveBranch(name: string): Promise<Reading<string>>
  /** A file's text at a commit, or on the default branch for null. Unknown where the commit itself is not there. */
  file(path: string, commit: string | null): Promise<Reading<string>>
  /** The files and folders of a commit, by one request; absent where the repository has no such commit. */
  tree(commit: string): Promise<Reading<ReleaseTree>>
  /** Compares `head` with `base`. Absent if the repository no longer has one of the two. */
  compare(base: string, head: string): Promise<Reading<CommitComparison>>
  /** The commits that `head` has and `base` has not. Absent if the two cannot be compared. */
  commitsBetween(base: string, head: string): Promise<Reading<CommitsBetween>>
  /** Absent where the repository has no such environment. */
  environmentRules(environment: string): Promise<Reading<EnvironmentRules>>
  /** Reads the approvals of this environment in a run, and if it was refused. Absent without such a run. */
  approvals(run: number, environment: string): Promise<Reading<Reviews>>
  /** Returns the state of a run: live if it may still act. */
  runState(run: number, attempt: number): Promise<RunState>
  /**
   * The entry of the rule that names a person: a login, or a team of which the person is a member. Unknown where a team
   * could not be read, and no other entry names the person.
   */
  mayApprove(login: string, rule: { readonly from: readonly string[] }): Promise<Reading<string>>
}

/** The settings of the repository, which only the doctor asks for. */
export interface RepositorySettings {
  isPublic(): Promise<Reading<boolean>>
  immutableReleases(): Promise<Reading<boolean>>
  environments(): Promise<Reading<readonly EnvironmentThere[]>>
  /** The version of a GitHub Enterprise Server; absent for any other GitHub. */
  server(): Promise<Reading<string>>
  /** The names of the active rulesets that may cover a reference; absent where there is none. */
  rulesets(ref: string): Promise<Reading<readonly string[]>>
  /** Absent where the repository has no label of this name. */
  label(name: string): Promise<Reading<unknown>>
  /** The newest Deployments of an environment could be read. */
  deployments(): Promise<Reading<unknown>>
}

/** The reference that a doctor makes, moves forward and removes: the one change that it tries. */
export interface ReferenceProbe {
  /** `job`: tells the jobs of one run apart. The removal is tried whatever failed before. */
  probe(run: Pick<Run, 'id' | 'attempt'>, job: string): Promise<ProbeRead>
}

/** The answers of the doctor's jobs, which stay with their dates. */
export interface AnswerStore {
  /** Absent where no job has answered yet. */
  read(app: string): Promise<Reading<readonly KeptAnswer[]>>
  /** Replaces each answer that is given again, and keeps all others. Throws if they cannot be kept. */
  keep(app: string, answers: readonly KeptAnswer[]): Promise<void>
}

/** The checkout that commands run in. */
export interface Workspace {
  /** The commit that is checked out. Absent where no checkout is; unknown where git cannot tell. */
  head(): Promise<Reading<string>>
  /** A folder with the files of a commit, as seen from where commands run. Absent where no checkout is. */
  checkout(sha: string): Promise<Reading<string>>
  /** The files that a pattern means, seen from where commands run, in the order of their paths. */
  files(pattern: string): Promise<readonly LocalFile[]>
  /** A folder with the files of a commit, in a job that has checked out nothing: fetched by itself. */
  apart(sha: string): Promise<Reading<string>>
}

export interface LocalFile {
  /** Seen from where commands run. */
  readonly path: string
  readonly content: Blob
}

/** A file of a GitHub Release. */
export interface StoredFile {
  readonly id: number
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** In hexadecimal; null if GitHub does not tell it. */
  readonly sha256: string | null
  /** False where its upload broke off. */
  readonly whole: boolean
}

/** A GitHub Release. A draft is visible only with write permission, and has no tag yet. */
export interface StoredRelease {
  readonly id: number
  readonly tag: string
  /** The source that a draft was made from: a full SHA, or a branch. */
  readonly target: string
  readonly draft: boolean
  readonly prerelease: boolean
  /** True if GitHub protects its tag and its files from changes. */
  readonly immutable: boolean
  /** The words that it shows. */
  readonly text: string
  readonly url: string
  /** The address for uploads of its files, from GitHub. */
  readonly uploads: string
  readonly files: readonly StoredFile[]
}

export interface NewFile {
  readonly name: string
  readonly mediaType: string
  readonly content: Blob
  /** In hexadecimal. */
  readonly sha256: string
}

/** GitHub Releases, and the facts about a commit that becomes one. */
export interface ReleaseStore {
  /** The commit that a full SHA or the name of a branch means, or the newest of the default branch for null. */
  commit(name: string | null): Promise<Reading<string>>
  /** The newest word of every status and check run of a commit. */
  checks(commit: string): Promise<readonly Check[]>
  /** The published release of a tag. */
  published(tag: string): Promise<Reading<StoredRelease>>
  /** Returns all releases, newest first, visible drafts included. */
  all(): Promise<readonly StoredRelease[]>
  /** Names of the rulesets by which GitHub keeps a tag from being both moved and deleted; absent where one can be done. */
  tagRules(tag: string): Promise<Reading<readonly string[]>>
  /** Reads the manifest; null without one. Throws `release-tampered` for an invalid or a replaced one. */
  manifest(release: StoredRelease): Promise<{ manifest: Manifest; sha256: string } | null>
  /** Throws `release-tampered` if the bytes do not match the digest. */
  download(release: StoredRelease, artifact: Artifact): Promise<Blob>
  /** Returns GitHub's notes on the changes since the previous release; since the beginning for null. */
  notes(tag: string, commit: string, previous: string | null): Promise<string>
  /** Makes a draft. Where the answer is lost it is found again by its text, so that there never are two. */
  draft(tag: string, commit: string, text: string): Promise<StoredRelease>
  retext(release: StoredRelease, text: string): Promise<void>
  /** Adds a file to a draft. What is left of an upload that broke off is replaced. */
  attach(release: StoredRelease, file: NewFile): Promise<void>
  detach(file: StoredFile): Promise<void>
  /** Makes a tag, an annotated one where there is a message. False where the tag is another commit's already. */
  tag(tag: string, commit: string, message: string): Promise<boolean>
  publish(release: StoredRelease, as: { text: string; prerelease: boolean }): Promise<StoredRelease>
  /** Takes a draft away. */
  discard(release: StoredRelease): Promise<void>
}

/** The subject of an issue. */
export interface IssuePlace {
  readonly app: string
  readonly environment: string
}

/** A text in Markdown. `key` names its content: the same key is never written twice on one issue. */
export interface IssueWords {
  readonly key: string
  readonly text: string
}

/** An open issue with a label that a policy names. */
export interface LabelledIssue {
  readonly number: number
  readonly title: string
  readonly label: string
  readonly url: string
}

/** The issues that notify people about an environment, and those of people that hold it. */
export interface IssueStore {
  /**
   * The open issues with one of these labels, at most a few of each: one request a label. Pull requests are none, nor are
   * issues that Rollgate made. Absent without one.
   */
  labelled(labels: readonly string[]): Promise<Reading<readonly LabelledIssue[]>>
  /** The open issues about it that Rollgate made, by their numbers, the oldest first: one, but for a moment. */
  open(place: IssuePlace): Promise<readonly number[]>
  /** Creates an issue. After a lost answer it is found again by its text. */
  create(
    place: IssuePlace,
    issue: IssueWords & {
      readonly title: string
      readonly labels: readonly string[]
      readonly assignees: readonly string[]
    },
  ): Promise<number>
  comment(issue: number, words: IssueWords): Promise<void>
  close(issue: number, reason: 'completed' | 'not_planned'): Promise<void>
}

/** Starts a run of the repository's own form. */
export interface FormStarter {
  /** Asks once and is never repeated: a run may be there although the answer was lost. */
  start(inputs: Readonly<Record<string, string>>): Promise<WaveState>
}

/** Shows events to people as they happen. */
export interface Narrator {
  /** The last event of the journal has just come. */
  heard(deployment: Underway, now: Standing): void
}

/** The log of a job. */
export interface Voice {
  /** Opens a foldable part of the log. */
  group(title: string): void
  endGroup(): void
  line(text: string): void
  /** For a state that needs a person. */
  warning(title: string, text: string): void
  /** Lines of a command, which must not act on the runner: from here to `resume` nothing is obeyed. */
  quote(): { line(text: string): void; resume(): void }
}
