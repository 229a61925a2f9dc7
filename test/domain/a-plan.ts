import type { Command } from '../../src/domain/config/command.ts'
import type { EngineService } from '../../src/domain/config/engine-recipe.ts'
import type { SshFleet } from '../../src/domain/config/fleet.ts'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { Recipe, StepRecipes } from '../../src/domain/config/recipe.ts'
import type { Service, TestBed } from '../../src/domain/config/service.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import type { ClosingAs, Wanted } from '../../src/domain/plan/undertaking.ts'
import type { Confirmations, Proofs, Wish, World } from '../../src/domain/plan/wish.ts'
import type { Override } from '../../src/domain/release/override.ts'
import type { Release } from '../../src/domain/release/release.ts'
import type { RollStep, Step, StepKind } from '../../src/domain/step/step.ts'

export const aRelease = (tag: string, change: Partial<Release> = {}): Release => ({
  tag,
  sha: Buffer.from(tag).toString('hex').padEnd(40, '0'),
  baseVersion: '2026.1',
  schemaVersion: '41',
  ...change,
})

export const older = aRelease('v1.0.0')
export const newer = aRelease('v1.1.0', { schemaVersion: '42' })

export const aCommand = (run: string): Command => ({
  run,
  shell: 'bash',
  env: {},
  workingDirectory: '.',
  timeout: 60_000,
})

export const count = (value: number) => ({ kind: 'number', value }) as const
export const percent = (value: number) => ({ kind: 'percent', value }) as const

/** A service whose instances are `web-1`, `web-2` and so on. */
export function aService(
  name: string,
  instances: number,
  rollout: Partial<Service['rollout']> = {},
  change: Partial<Service> = {},
): Service {
  return {
    name,
    fleet: {
      kind: 'local',
      instances: Array.from({ length: instances }, (_, at) => ({ name: `${name}-${at + 1}`, env: {} })),
      prepare: null,
      stop: aCommand('stop'),
      install: aCommand('install'),
      start: aCommand('start'),
    },
    traffic: { kind: 'is-alive', leave: aCommand('say-not-alive'), wait: 1_000 },
    version: { kind: 'run', command: aCommand('version') },
    healthCheck: {
      probe: { kind: 'run', command: aCommand('is-alive') },
      interval: 1_000,
      minHealthyTime: 5_000,
      healthyDeadline: 60_000,
    },
    selfTest: { probe: { kind: 'run', command: aCommand('self-test') }, timeout: 60_000, retries: 0 },
    testBed: null,
    rollout: {
      order: { kind: 'stop-first' },
      maxParallel: count(1),
      batches: [],
      minAvailable: null,
      rollback: null,
      maxFailures: 0,
      progressDeadline: 600_000,
      onFailure: 'ask',
      acceptDowntime: instances === 1,
      ...rollout,
    },
    ...change,
  }
}

/** A digest of sixty-four equal characters. */
export const aDigest = (character: string): string => `sha256:${character.repeat(64)}`

/** A service on an engine that commands speak to, whose image is an output of the build. */
export const anEngineService = (name: string, change: Partial<EngineService> = {}): EngineService => ({
  name,
  engine: {
    kind: 'command',
    images: { [name]: `registry/${name}@$DIGEST` },
    able: null,
    state: aCommand('state'),
    handOver: aCommand('hand-over'),
    restart: null,
    stop: null,
    reverse: null,
  },
  minHealthyTime: 10_000,
  deadline: 600_000,
  onFailure: 'ask',
  testBed: null,
  ...change,
})

/** Hosts by their names, reached as ssh itself knows them. */
export const anSshFleet = (hosts: readonly string[], change: Partial<SshFleet> = {}): SshFleet => ({
  kind: 'ssh',
  instances: hosts.map((name) => ({ name, env: {}, host: name, user: null, port: null, jump: null })),
  inventory: null,
  user: null,
  port: null,
  jump: null,
  settings: null,
  hostKeys: 'known',
  connectTimeout: 10_000,
  sendEnv: [],
  upload: null,
  prepare: null,
  stop: null,
  install: aCommand('install'),
  start: null,
  ...change,
})

/** The first instances, watched for ten minutes. */
export const aTestBed = (value: number, change: Partial<TestBed> = {}): TestBed => ({
  instances: { kind: 'first', count: count(value) },
  bakeTime: 600_000,
  warmUp: 0,
  on: 'clock',
  onSuccess: 'go-on',
  compare: null,
  ...change,
})

export const aScheduler = (change: Partial<NonNullable<StepRecipes['scheduler']>> = {}) => ({
  suspend: aCommand('suspend'),
  running: aCommand('running'),
  resume: aCommand('resume'),
  kill: null,
  deploy: aCommand('deploy-scheduler'),
  drainTimeout: 60_000,
  interval: 1_000,
  zeroReadings: 3,
  onTimeout: 'fail' as const,
  resumeAfter: 'migrate' as const,
  lease: 3_600_000,
  ...change,
})

export const noSteps: StepRecipes = {
  build: null,
  configureBroker: null,
  preDeploy: null,
  scheduler: null,
  preConfigure: null,
  migrate: null,
  postConfigure: null,
  postDeploy: null,
}

export const allSteps: StepRecipes = {
  build: { command: aCommand('build'), unless: null },
  configureBroker: aCommand('configure-broker'),
  preDeploy: aCommand('pre-deploy'),
  scheduler: aScheduler(),
  preConfigure: aCommand('pre-configure'),
  migrate: { command: aCommand('migrate'), phase: 'expand', repeatable: false },
  postConfigure: aCommand('post-configure'),
  postDeploy: aCommand('post-deploy'),
}

export const aRecipe = (change: Partial<Recipe> = {}): Recipe => ({
  baseVersion: '2026.1',
  schema: 'db/schema-version',
  steps: allSteps,
  services: [aService('web', 3)],
  ...change,
})

export const aPolicy = (change: Partial<EnvironmentPolicy> = {}): EnvironmentPolicy => ({
  app: 'shop',
  name: 'production',
  class: 'production',
  url: null,
  approval: { kind: 'reviewers', allowBypass: false },
  unanswered: null,
  freezes: [],
  windows: [],
  freezeOverride: [],
  verifiedIn: null,
  ...change,
})

/** A ledger of an environment that serves a release, with the hook that this release defines. */
export const aLedgerServing = (release: Release | null, change: Partial<Ledger> = {}): Ledger => ({
  ...emptyLedger('shop', 'production'),
  ...(release === null
    ? {}
    : {
        serving: {
          release,
          deployment: 6,
          since: '2026-11-01T00:00:00.000Z',
          record: 106,
          preDeploy: allSteps.preDeploy,
          build: null,
          checkCompatibility: null,
          hosts: null,
          outputs: {},
          images: {},
        },
        desired: { tag: release.tag, sha: release.sha },
      }),
  ...change,
})

/** The serving release has checks, which the next deployment runs after its migration. */
export function aLedgerWithChecks(change: Partial<Ledger> = {}): Ledger {
  const { serving, ...ledger } = aLedgerServing(older, change)
  return { ...ledger, serving: serving && { ...serving, checkCompatibility: aCommand('check-older') } }
}

/** The fields of a request in every mode; each mode takes its own. */
export interface Asks {
  readonly wanted: Wanted['mode']
  readonly redeploy: boolean
  readonly reset: boolean
  readonly changeBase: boolean
  readonly acknowledged: { readonly older: boolean; readonly dataLoss: boolean }
  readonly overrideVerified: Override | null
  readonly overrideRehearsed: Override | null
  readonly overrideHalt: Override | null
  readonly testBed: readonly string[]
  readonly schedule: string | null
  readonly detour: boolean
  readonly rollForward: boolean
  readonly services: readonly string[]
  readonly task: string
  readonly backup: string
  readonly closes: string
  readonly discards: string
  readonly as: ClosingAs
}

export function anUndertaking(asks: Partial<Asks> = {}): Wanted {
  const { wanted = 'deploy', services = [], task = '', backup = '', acknowledged } = asks
  const { redeploy = false, reset = false, changeBase = false, schedule = null, detour = false } = asks
  const { rollForward = false } = asks
  const { overrideVerified: verified = null, overrideRehearsed: rehearsed = null, overrideHalt = null } = asks
  switch (wanted) {
    case 'deploy':
      return {
        ...{ mode: wanted, redeploy, reset, changeBase, schedule, detour, rollForward },
        without: { verified, rehearsed },
        overrideHalt,
        acknowledgeOlder: acknowledged?.older ?? false,
        testBed: asks.testBed ?? [],
      }
    case 'rollback':
      return { mode: wanted, acknowledgeDataLoss: acknowledged?.dataLoss ?? false }
    case 'restart':
      return { mode: wanted, services }
    case 'task':
      return { mode: wanted, task }
    case 'close-detour': {
      const { closes = '', as = 'revert-code' } = asks
      return { mode: wanted, closes, as, acknowledgeDataLoss: acknowledged?.dataLoss ?? false }
    }
    case 'discard-failed-home':
      return { mode: wanted, discards: asks.discards ?? '' }
    case 'restore':
    case 'restore-aside':
      return { mode: wanted, backup }
    case 'complete-migration':
      return { mode: wanted, soaked: null }
    case 'scheduler-run':
    case 'maintenance-on':
    case 'maintenance-off':
    case 'build':
      return { mode: wanted }
  }
}

/** The names of the asks that a wish may differ in; its schedule is one of the world. */
const asksOfAWish = {
  ...{ wanted: true, redeploy: true, reset: true, changeBase: true, acknowledged: true, overrideHalt: true },
  ...{ testBed: true, detour: true, rollForward: true, services: true, task: true, backup: true },
  ...{ closes: true, discards: true, as: true },
} as const satisfies Partial<Record<keyof Asks, true>>
type AskOfAWish = keyof typeof asksOfAWish

/** The differences from a plain deployment, as one record. */
export type Wishes = Partial<
  Pick<Asks, AskOfAWish> & World & Proofs & Omit<Confirmations, 'words'> & { readonly confirm: string }
>

export function aWish(wishes: Wishes = {}): Wish {
  const { confirm = '', override = null, overriddenBefore = null, ...others } = wishes
  const { verification = null, rehearsal = null, compatibility = null, ...read } = others
  const [asks, world] = apart(read)
  return {
    undertaking: anUndertaking(asks),
    world: {
      release: newer,
      snapshot: null,
      relation: 'ahead',
      signals: { kind: 'quiet' },
      commits: 3,
      recipe: aRecipe(),
      policy: aPolicy(),
      ledger: aLedgerServing(older),
      timetable: { now: '2026-11-20T10:00:00.000Z', freezes: [], windows: [] },
      proofs: { verification, rehearsal, compatibility },
      configBack: null,
      files: null,
      manifests: [],
      schedule: null,
      ...world,
    },
    confirmations: { words: confirm, override, overriddenBefore },
  }
}

function apart(read: Partial<Pick<Asks, AskOfAWish> & World>): [Partial<Asks>, Partial<World>] {
  const these = (asked: boolean) =>
    Object.fromEntries(Object.entries(read).filter(([name]) => name in asksOfAWish === asked))
  return [these(true), these(false)]
}

export function aPlan(change: Wishes = {}): Plan {
  const planned = planning(aWish(change))
  if (planned.kind !== 'planned') throw new Error(`no plan: ${planned.kind}`)
  return planned.plan
}

export function stepOf<Kind extends StepKind>(plan: Plan, kind: Kind): Step & { readonly kind: Kind } {
  const step = plan.steps.find((candidate): candidate is Step & { kind: Kind } => candidate.kind === kind)
  if (step === undefined) throw new Error(`the plan has no ${kind}`)
  return step
}

export const rollsOf = (plan: Plan): RollStep[] =>
  plan.steps.filter((step): step is RollStep => step.kind === 'roll-services')
