import type { Command } from '../../src/domain/config/command.ts'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import type { Service } from '../../src/domain/config/service.ts'
import type { Event, Happening } from '../../src/domain/journal/journal.ts'
import { next } from '../../src/domain/journal/next.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { emptyLedger, type Ledger, remember } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import type { Wish } from '../../src/domain/plan/wish.ts'
import { waitForBake } from '../../src/domain/question/asking.ts'
import { withDeadline } from '../../src/domain/question/deadline.ts'
import type { Failure, FinalDecision } from '../../src/domain/question/decision.ts'
import type { Release } from '../../src/domain/release/release.ts'
import type { Verdict } from '../../src/domain/rolling/verdict.ts'
import { formAt } from '../../src/report/form/form.ts'
import type { View } from '../../src/report/outcome/view.ts'
import { nothingMore } from '../domain/a-ledger.ts'
import { aWish, type Wishes } from '../domain/a-plan.ts'

/** Deployments from the real rules: the plan comes from `planning`, and `next` chooses the moves. */

const sha = (letter: string) => letter.repeat(40)
export const older: Release = { tag: 'v1.2.0', sha: sha('a'), baseVersion: '2026.1', schemaVersion: '41' }
export const wanted: Release = { tag: 'v1.3.0', sha: sha('b'), baseVersion: '2026.1', schemaVersion: '42' }

export const command = (run: string, timeout = 60_000): Command => ({
  run,
  shell: 'bash',
  env: {},
  workingDirectory: '.',
  timeout,
})

export const service = (
  name: string,
  instances: readonly string[],
  change: Partial<Service> = {},
): Service => ({
  name,
  fleet: {
    kind: 'local',
    instances: instances.map((instance) => ({ name: instance, env: {} })),
    prepare: null,
    stop: command(`systemctl --user stop ${name}`),
    install: command('bin/install'),
    start: command(`systemctl --user start ${name}`),
  },
  traffic: { kind: 'command', leave: null, enter: null, serving: null, timeout: 1000 },
  version: { kind: 'http', url: 'http://127.0.0.1/version', timeout: 1000 },
  healthCheck: {
    probe: { kind: 'http', url: 'http://127.0.0.1/is-alive', timeout: 1000 },
    interval: 1000,
    minHealthyTime: 5000,
    healthyDeadline: 120_000,
  },
  selfTest: {
    probe: { kind: 'http', url: 'http://127.0.0.1/self-test', timeout: 1000 },
    timeout: 60_000,
    retries: 0,
  },
  testBed: null,
  rollout: {
    order: { kind: 'stop-first' },
    maxParallel: { kind: 'number', value: 1 },
    minAvailable: { kind: 'number', value: 1 },
    batches: [],
    rollback: null,
    maxFailures: 0,
    progressDeadline: 1_200_000,
    onFailure: 'ask',
    acceptDowntime: false,
  },
  ...change,
})

export const recipe: Recipe = {
  baseVersion: '2026.1',
  schema: 'db/schema-version',
  steps: {
    build: { command: command('make image'), unless: command('make image-exists') },
    configureBroker: null,
    preDeploy: command('vendor/bin/install -r pre-deploy -vvv', 600_000),
    scheduler: {
      suspend: command('vendor/bin/console scheduler:suspend -vvv --no-ansi'),
      running: command('bin/jobs-running'),
      resume: command('vendor/bin/console scheduler:setup -vvv --no-ansi'),
      kill: null,
      deploy: command('bin/scheduler up'),
      drainTimeout: 900_000,
      interval: 1000,
      zeroReadings: 3,
      onTimeout: 'fail',
      resumeAfter: 'migrate',
      lease: 3_600_000,
    },
    preConfigure: null,
    migrate: {
      command: command('vendor/bin/install -r EU/production', 1_200_000),
      phase: 'expand',
      repeatable: false,
    },
    postConfigure: null,
    postDeploy: command('bin/announce | tee -a "announced.log"'),
  },
  services: [service('web', ['web-1', 'web-2', 'web-3']), service('worker', ['worker-1', 'worker-2'])],
}

export const policy: EnvironmentPolicy = {
  app: 'shop',
  name: 'production',
  class: 'production',
  url: 'https://shop.example.com',
  approval: { kind: 'named', from: ['bob', 'acme/releasers'], notSelf: true },
  unanswered: null,
  freezes: [],
  windows: [],
  freezeOverride: [],
  verifiedIn: null,
}

export const servingOlder: Ledger = {
  ...emptyLedger('shop', 'production'),
  serving: {
    release: older,
    deployment: 6,
    since: '2026-11-02T10:00:00.000Z',
    record: 106,
    preDeploy: recipe.steps.preDeploy,
    build: null,
    checkCompatibility: null,
    hosts: null,
    outputs: {},
    images: {},
  },
  desired: { tag: older.tag, sha: older.sha },
  history: [
    {
      number: 6,
      mode: 'deploy',
      release: older,
      from: null,
      outcome: { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null },
      startedAt: '2026-11-02T09:50:00.000Z',
      endedAt: '2026-11-02T10:00:00.000Z',
      by: ['alice'],
      run: 'https://github.com/acme/shop/actions/runs/6',
      record: 106,
      ...nothingMore,
    },
  ],
}

/** The serving release has checks, which the next deployment runs after its migration. */
export const servingWithChecks: Ledger = {
  ...servingOlder,
  serving: servingOlder.serving && {
    ...servingOlder.serving,
    checkCompatibility: command('cd "$ROLLGATE_PREVIOUS_CHECKOUT" && bin/check-schema'),
  },
}

export const wish = (change: Wishes = {}): Wish =>
  aWish({ release: wanted, commits: 12, recipe, policy, ledger: servingOlder, ...change })

export function planOf(change: Wishes = {}): Plan {
  const planned = planning(wish(change))
  if (planned.kind !== 'planned') throw new Error('nothing to plan')
  return planned.plan
}

export const failure = (code: string, what: string, tail: readonly string[] = []): Failure => ({
  code,
  what,
  tail,
})

export interface Script {
  /** By a step's id, `undo` and that, or an instance's name, one failure a try. */
  readonly failures?: Readonly<Record<string, readonly Failure[]>>
  /** The question for approval is not answered. */
  readonly atTheGate?: boolean
  /** Answers to the questions after the approval, in order: each comes half an hour after its question. */
  readonly answers?: readonly { readonly decision: FinalDecision; readonly instances?: readonly string[] }[]
  /** The step that is running when the run is cancelled. */
  readonly cancelledIn?: string
  /** The verdict of a test bed; without a verdict the bake is not over. */
  readonly verdict?: Verdict
  readonly ledger?: Ledger
  /** Seconds that a thing takes, by its name. */
  readonly took?: Readonly<Record<string, number>>
}

const undoEnds = (step: string, failed: Failure | undefined): Happening =>
  failed === undefined ? { kind: 'undo-succeeded', step } : { kind: 'undo-failed', step, failure: failed }

/** Plays a deployment until it ends, waits or is left. */
/** The time that an instance which was taken still serves. */
const drains = 1_000

export function play(plan: Plan, script: Script = {}): View {
  let time = Date.parse('2026-11-21T09:00:00.000Z')
  let ledger: Ledger = {
    ...(script.ledger ?? servingOlder),
    deployment: {
      number: 7,
      plan,
      journal: [],
      holder: null,
      record: 107,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
    },
  }
  let journal: readonly Event[] = []
  const failures = new Map(Object.entries(script.failures ?? {}).map(([name, list]) => [name, [...list]]))
  const answers: { decision: FinalDecision; instances?: readonly string[] }[] =
    script.atTheGate === true ? [] : [{ decision: 'approve' }, ...(script.answers ?? [])]
  if (!plan.steps.some(({ kind }) => kind === 'approve')) answers.shift()
  const note = (happening: Happening, seconds = 0) => {
    time += seconds * 1000
    const event: Event = { at: new Date(time).toISOString(), ...happening }
    journal = [...journal, event]
    ledger = remember(ledger, event)
  }
  const fails = (name: string) => failures.get(name)?.shift()
  const took = (name: string) => script.took?.[name] ?? 20
  const run = (id: number) => ({ id, attempt: 1, url: `https://github.com/acme/shop/actions/runs/${id}` })
  note({ kind: 'opened', number: 7, run: run(70), by: ['alice'] })
  for (let left = false; !left; ) {
    const move = next(plan, journal)
    switch (move.kind) {
      case 'run': {
        const { id } = move.step
        note({ kind: 'step-started', step: id }, 1)
        if (id === script.cancelledIn && !journal.some(({ kind }) => kind === 'interrupted')) {
          note({ kind: 'interrupted', cause: 'cancelled' }, 7)
          break
        }
        const failed = fails(id)
        if (failed !== undefined) note({ kind: 'step-failed', step: id, failure: failed }, took(id))
        else if (id === 'approve') note({ kind: 'step-succeeded', step: id, note: 'approved by bob' })
        else if (move.step.kind === 'build' && move.step.unless !== null)
          note({ kind: 'step-skipped', step: id, note: 'the artifact exists already' }, 1)
        else note({ kind: 'step-succeeded', step: id }, took(id))
        break
      }
      case 'observe': {
        const begins = move.direction.to === 'new' ? 'step-started' : 'undo-started'
        note({ kind: begins, step: move.step.id }, 1)
        const changed = new Set(
          journal.flatMap((event) => (event.kind === 'instance-succeeded' ? [event.instance] : [])),
        )
        const broken = new Set(
          journal.flatMap((event) => (event.kind === 'instance-failed' ? [event.instance] : [])),
        )
        const serves = (name: string) => (changed.has(name) ? plan.release.tag : (plan.from?.tag ?? null))
        const instances = Object.fromEntries(
          move.step.service.fleet.instances.map(({ name }) => [
            name,
            { version: serves(name), healthy: !broken.has(name) },
          ]),
        )
        note({ kind: 'instances-observed', step: move.step.id, instances }, 1)
        break
      }
      case 'roll': {
        const { step, instances, direction } = move
        note({ kind: 'instances-started', step: step.id, instances, direction })
        const outSince = new Date(time + drains).toISOString()
        for (const instance of instances) {
          const failed = fails(instance)
          const its = { step: step.id, instance, outSince }
          const backSince = new Date(time + took(instance) * 1_000).toISOString()
          if (failed === undefined) note({ kind: 'instance-succeeded', ...its, backSince }, took(instance))
          else note({ kind: 'instance-failed', ...its, backSince: null, failure: failed }, took(instance))
        }
        break
      }
      case 'finish':
        note({ kind: move.direction.to === 'new' ? 'step-succeeded' : 'undo-succeeded', step: move.step.id })
        break
      case 'undo':
        note({ kind: 'undo-started', step: move.step.id }, 1)
        note(undoEnds(move.step.id, fails(`undo ${move.step.id}`)), 3)
        break
      case 'bake':
        if (move.over === null) {
          const until = new Date(time + (move.step.service.testBed?.bakeTime ?? 0)).toISOString()
          note({ kind: 'bake-started', step: move.step.id, until })
        } else if (script.verdict === undefined) {
          const pause = waitForBake(plan, standing(plan, journal), move.step, move.over.until)
          note({ kind: 'paused', pause })
        } else note({ kind: 'bake-ended', step: move.step.id, verdict: script.verdict }, 600)
        break
      case 'turn-back':
        note({ kind: 'turned-back', failure: move.failure })
        break
      case 'give-up':
        note({ kind: 'step-failed', step: move.step.id, failure: move.failure })
        break
      case 'pause': {
        if (!move.asked) {
          note({ kind: 'paused', pause: withDeadline(plan, move.pause, new Date(time)) })
          break
        }
        const answer = answers.shift()
        left = answer === undefined
        if (answer === undefined) break
        const { decision, instances = [] } = answer
        note({ kind: 'decided', pause: move.pause.id, decision, instances, by: 'bob', reason: '' }, 1_800)
        note({ kind: 'resumed', run: run(71), by: ['bob'] }, 4)
        break
      }
      case 'leave':
        note({ kind: 'left' })
        left = true
        break
      case 'end':
        note({ kind: 'ended', outcome: move.outcome })
        left = true
    }
  }
  return {
    plan,
    journal,
    ledger,
    run: run(70).url,
    now: new Date(time + 60_000).toISOString(),
    form: formAt({ serverUrl: 'https://github.com', repository: 'acme/shop' }, 'whole'),
  }
}
