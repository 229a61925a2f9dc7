import { createCalendar } from '../../src/adapters/calendar.ts'
import { parseLedger } from '../../src/adapters/github/ledger/text.ts'
import type { DeclaredService } from '../../src/domain/config/declared-service.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import { unseen } from '../../src/domain/config/traffic-unseen.ts'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import type { Journal } from '../../src/domain/journal/journal.ts'
import { type Ledger, remember } from '../../src/domain/ledger/ledger.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { ClosingAs, Wanted } from '../../src/domain/plan/undertaking.ts'
import { absent, found, unknown } from '../../src/domain/reading.ts'
import type { Override } from '../../src/domain/release/override.ts'
import type { Release } from '../../src/domain/release/release.ts'
import type { HaltPolicy } from '../../src/domain/signal/halt-policy.ts'
import { readInventory } from '../../src/inputs/config/inventory.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import type { Kept, Ports, Prober, Watch } from '../../src/pipeline/ports.ts'
import type { Context, Stop } from '../../src/pipeline/run/context.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { aRun } from '../domain/a-journal.ts'
import {
  type Asks,
  aLedgerServing,
  aPlan,
  aPolicy,
  aRecipe,
  newer,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.ts'
import { createFakeProber, type FakeProber } from '../fakes/fake-prober.ts'
import { createFakeShell, type FakeShell } from '../fakes/fake-shell.ts'
import { createFakeVoice, type FakeVoice } from '../fakes/fake-voice.ts'
import { createMemoryAsks, type MemoryAsks } from '../fakes/memory-asks.ts'
import { createMemoryDepot } from '../fakes/memory-depot.ts'
import { createMemoryDetour, type MemoryDetour } from '../fakes/memory-detour.ts'
import { createMemoryEngines, type MemoryEngines } from '../fakes/memory-engine.ts'
import { createMemoryFolders, type MemoryFolders } from '../fakes/memory-folders.ts'
import { createMemoryForms, type MemoryForms } from '../fakes/memory-forms.ts'
import { createMemoryGiven, type MemoryGiven } from '../fakes/memory-given.ts'
import { createMemoryIssues, type MemoryIssues } from '../fakes/memory-issues.ts'
import { createMemoryLedgers, type MemoryLedgers } from '../fakes/memory-ledger.ts'
import { createMemoryOutputs, type MemoryOutputs } from '../fakes/memory-outputs.ts'
import { createMemoryPoster, type MemoryPoster } from '../fakes/memory-poster.ts'
import { createMemoryRecords, type MemoryRecords } from '../fakes/memory-record.ts'
import { createMemoryReleases, type MemoryReleases } from '../fakes/memory-releases.ts'
import { createMemoryRepository } from '../fakes/memory-repository.ts'
import { createMemoryScheduler, type MemoryScheduler } from '../fakes/memory-scheduler.ts'
import { createMemoryWorkspace, type MemoryWorkspace } from '../fakes/memory-workspace.ts'

/** Leaves or enters traffic; null is done, a text says why not. */
type Route = (instance: string, watch: Watch) => Promise<string | null>

/**
 * Every port in memory. Instances run the older release until `install` brings them another; they pass every
 * question at once, unless a test says otherwise.
 */
export interface InMemory {
  readonly ports: Ports
  readonly clock: FakeClock
  readonly shell: FakeShell
  readonly prober: FakeProber
  readonly voice: FakeVoice
  readonly ledgers: MemoryLedgers
  readonly asks: MemoryAsks
  readonly records: MemoryRecords
  readonly repository: ReturnType<typeof createMemoryRepository>
  readonly releases: MemoryReleases
  readonly issues: MemoryIssues
  readonly posted: MemoryPoster
  readonly forms: MemoryForms
  /** The files of the checkout by their paths; a pattern is the path itself, or `*` for all. */
  readonly files: Map<string, string>
  /** The folders of releases on each instance. */
  readonly folders: MemoryFolders
  /** The release that each instance runs. */
  readonly installed: Map<string, string>
  readonly traffic: { leave: Route; enter: Route }
  readonly workspace: MemoryWorkspace['state']
  readonly given: MemoryGiven
  readonly outputs: MemoryOutputs
  /** The services on engines, by their names. */
  readonly engines: MemoryEngines
  /** The scheduler of an engine. */
  readonly scheduler: MemoryScheduler
  readonly detour: MemoryDetour
  /** Everything that was run (`install web-1`), asked (`self-test? web-1`) or routed (`leave web-1`), in order. */
  effects(): string[]
  /** The same, with the seconds since the start before each: `5 enter web-1`. */
  timeline(): string[]
  seconds(): number
  readonly stop: Stop
  /** Start nothing new. */
  askToStop(): void
  /** End the running step. */
  forceToStop(): void
}

/** `around`: does the changes of a detour. */
export function inMemory(around?: Parameters<typeof createMemoryDetour>[0]): InMemory {
  const clock = createFakeClock()
  const shell = createFakeShell(clock)
  const prober = createFakeProber(clock)
  const voice = createFakeVoice()
  const asks = createMemoryAsks()
  const ledgers = createMemoryLedgers(asks)
  const records = createMemoryRecords()
  const repository = createMemoryRepository()
  const releases = createMemoryReleases(repository)
  const issues = createMemoryIssues()
  const posted = createMemoryPoster()
  const forms = createMemoryForms()
  const files = new Map<string, string>()
  const installed = new Map<string, string>()
  const traffic: InMemory['traffic'] = { leave: async () => null, enter: async () => null }
  const workspace = createMemoryWorkspace(newer.sha, files)
  const given = createMemoryGiven()
  const folders = createMemoryFolders()
  const outputs = createMemoryOutputs()
  const engines = createMemoryEngines(clock)
  const scheduler = createMemoryScheduler()
  const detour = createMemoryDetour(around)
  const asked = new AbortController()
  const forced = new AbortController()

  const start = clock.now().getTime()
  const seconds = () => (clock.now().getTime() - start) / 1_000
  const done: { readonly at: number; readonly what: string }[] = []
  const noteEffect = (what: string, instance = '') =>
    void done.push({ at: seconds(), what: `${what} ${instance}`.trim() })
  const route =
    (way: 'leave' | 'enter') =>
    async ({ name }: { name: string }, _seen: unknown, watch: Watch) => {
      if (watch.signal.aborted) return 'it was stopped'
      noteEffect(way, name)
      return traffic[way](name, watch)
    }
  const run: Ports['shell']['run'] = (command, variables, watch) => {
    if (!watch.signal.aborted) noteEffect(command.run, variables.ROLLGATE_INSTANCE)
    return shell.run(command, variables, watch)
  }

  const ask: Prober['ask'] = (probe, variables, signal) => {
    const question = probe.kind === 'http' ? probe.url : probe.command.run
    if (!signal.aborted) noteEffect(`${question}?`, variables.ROLLGATE_INSTANCE)
    return prober.ask(probe, variables, signal)
  }

  shell.play('install', ({ variables: { ROLLGATE_INSTANCE: name = '', ROLLGATE_RELEASE: tag = '' } }) => {
    installed.set(name, tag)
    return {}
  })
  prober.replyBy('version', ({ ROLLGATE_INSTANCE: name = '' }) => ({
    kind: 'yes',
    text: installed.get(name) ?? older.tag,
  }))
  // The runs of the tests are over until a test says otherwise.
  for (let id = 1; id < 10; id++) repository.run({ id, status: 'completed', conclusion: 'failure' })
  // The team of the policies has no member until a test says otherwise.
  repository.team('releasers', [])
  void repository.tag(older.tag, older.sha)
  void repository.tag(newer.tag, newer.sha)

  return {
    clock,
    shell,
    prober,
    voice,
    ledgers,
    asks,
    records,
    repository,
    releases,
    issues,
    posted,
    forms,
    files,
    folders,
    installed,
    traffic,
    workspace: workspace.state,
    given,
    outputs,
    engines,
    scheduler,
    detour,
    effects: () => done.map(({ what }) => what),
    timeline: () => done.map(({ at, what }) => `${at} ${what}`),
    seconds,
    stop: { asked: asked.signal, forced: forced.signal },
    askToStop: () => asked.abort(),
    forceToStop() {
      asked.abort()
      forced.abort()
    },
    ports: {
      clock,
      // The calendar has no outside: it only computes.
      calendar: createCalendar(),
      shell: { run },
      bareShell: { run: (command, variables, watch) => run(command, { ...variables, BARE: 'true' }, watch) },
      poster: posted,
      prober: { ask },
      given,
      fleet: () => ({
        reach: async () => {},
        rest() {},
        prepare: async () => null,
        fetch: async () => null,
        folders,
        run: (_instance, command, variables, watch) => run(command, variables, watch),
        ask: (_instance, probe, variables, signal) => ask(probe, variables, signal),
      }),
      traffic: ({ traffic: recipe }) => ({
        leave: route('leave'),
        enter: route('enter'),
        knows: async () => absent,
        async serves({ name }, variables, signal) {
          if (recipe.kind !== 'command' || recipe.serving === null) return absent
          const answer = await ask(recipe.serving, variables, signal)
          if (answer.kind === 'yes' || answer.kind === 'no') return found(answer.kind === 'yes')
          return unknown(unseen(name, answer.kind === 'timed-out' ? 'no answer' : answer.why))
        },
      }),
      scheduler: () => scheduler.control,
      engine: engines.of,
      detour: () => detour,
      door: () => detour.door,
      ledgers,
      asks,
      record: records,
      repository,
      releases,
      issues,
      forms,
      workspace,
      depot: createMemoryDepot(files),
      outputFiles: outputs,
      voice,
      narrator: { heard() {} },
    },
  }
}

/** Drops repetitions in a row. */
export const unrepeated = (effects: readonly string[]): string[] =>
  effects.filter((effect, at) => effect !== effects[at - 1])

/** A plan from the older release to the newer that has these steps and services, no hook and no gate. */
export function leanPlan({ steps = {}, services = [], halt, ledger, side = null, ...asks }: Lean): Plan {
  const { serving } = aLedgerServing(older)
  return aPlan({
    ...asks,
    policy: aPolicy({ approval: { kind: 'none' }, ...(halt === undefined ? {} : { halt }) }),
    recipe: aRecipe({ steps: { ...noSteps, ...steps }, services }),
    ledger:
      ledger ??
      aLedgerServing(older, {
        side,
        serving: serving && {
          ...serving,
          ...{ preDeploy: null, build: null, checkCompatibility: null },
          ...(asks.detour === true ? { readOnly: true as const } : {}),
        },
      }),
  })
}

export interface Lean {
  readonly steps?: Partial<StepRecipes>
  readonly services?: readonly DeclaredService[]
  /** The signals of production; none when left out. */
  readonly halt?: HaltPolicy
  readonly overrideHalt?: Override
  readonly detour?: boolean
  readonly rollForward?: boolean
  /** The fields of another undertaking than a deployment. */
  readonly wanted?: Wanted['mode']
  readonly closes?: string
  readonly discards?: string
  readonly as?: ClosingAs
  readonly acknowledged?: Asks['acknowledged']
  readonly release?: Release
  /** The ledger of production; one in which the older release serves when left out. */
  readonly ledger?: Ledger
  /** The side that visitors are on; none left out. */
  readonly side?: DetourSide | null
}

/** The parts of the config that a decision needs beside the policy. */
export const reading = { readInventory }

/** The run after the one that opened. */
export const bob: Doer = { run: aRun(2), by: ['bob'] }

/** Puts a deployment with this journal into the ledger of production, as deployment 7. */
export async function keep(
  { ledgers }: Pick<InMemory, 'ledgers'>,
  plan: Plan,
  journal: Journal,
  change: Partial<Ledger> = {},
): Promise<Kept> {
  const empty: Underway = {
    number: 7,
    plan,
    journal: [],
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  }
  const before: Ledger = { ...aLedgerServing(plan.from), ...change, deployment: empty }
  const { head } = await ledgers.read('shop', 'production')
  await ledgers.append(head, journal.reduce(remember, before), 'as it was before')
  return ledgers.read('shop', 'production')
}

/** Returns the context of a run that just opened deployment 7. */
export async function opened(memory: InMemory, plan: Plan, change: Partial<Ledger> = {}): Promise<Context> {
  const happening = { kind: 'opened', number: 7, run: aRun(1), by: ['alice'] } as const
  const kept = await keep(memory, plan, [{ at: memory.clock.now().toISOString(), ...happening }], change)
  return { ports: memory.ports, plan, session: openSession(kept, memory.ports), stop: memory.stop }
}

/** Reads the saved ledger of production. */
export const keptLedger = async ({ ledgers }: Pick<InMemory, 'ledgers'>): Promise<Ledger> =>
  (await ledgers.read('shop', 'production')).ledger

export const ledgerCommits = ({ ledgers }: Pick<InMemory, 'ledgers'>): string[] =>
  ledgers.commits('shop', 'production').map(({ message }) => message)

/** Writes the ledger as another run. */
export async function overtake({ ledgers }: Pick<InMemory, 'ledgers'>): Promise<void> {
  const { head, ledger } = await ledgers.read('shop', 'production')
  await ledgers.append(head, ledger, 'somebody else')
}

/** Reads the ledger as another run would at this instant. */
export function durableLedger({ ledgers }: InMemory): Ledger {
  const text = ledgers.commits('shop', 'production').at(-1)?.text ?? ''
  return parseLedger(text, { ref: 'refs/rollgate/shop/production', app: 'shop', environment: 'production' })
}

/** Resumes a journal, as the run that noted its last event. */
export async function goingOn(memory: InMemory, plan: Plan, journal: Journal): Promise<Context> {
  const kept = await keep(memory, plan, journal)
  return { ports: memory.ports, plan, session: openSession(kept, memory.ports), stop: memory.stop }
}

/** A plan with every step that requires no approval. */
export const approvedPlan = (): Plan => aPlan({ policy: aPolicy({ approval: { kind: 'none' } }) })
