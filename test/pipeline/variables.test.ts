import { describe, expect, test } from 'vitest'
import { createGiven } from '../../src/adapters/given-variables.ts'
import { createMasker } from '../../src/adapters/masking.ts'
import type { ApprovalRule } from '../../src/domain/config/policy.ts'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { type MissingVariable, variablesMissing } from '../../src/domain/plan/required-variables.ts'
import { buildOnly } from '../../src/pipeline/act/build.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { converge } from '../../src/pipeline/act/reconcile.ts'
import { takeLock } from '../../src/pipeline/lock/take-lock.ts'
import type { GivenVariables } from '../../src/pipeline/ports.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import { deployScheduled } from '../../src/pipeline/schedule/deploy-scheduled.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { aJournal, aRun, done, failed, opened, pauseOf } from '../domain/a-journal.ts'
import {
  aCommand,
  allSteps,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aScheduler,
  aService,
  count,
  newer,
  noSteps,
} from '../domain/a-plan.ts'
import { aSchedule } from '../domain/a-schedule.ts'
import { createMemoryGiven } from '../fakes/memory-given.ts'
import { aReader, aRepository, aRequest, type Requests } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import {
  bob,
  type InMemory,
  inMemory,
  keep,
  keptLedger,
  leanPlan,
  ledgerCommits,
  reading,
} from './in-memory.ts'
import { watched } from './later-run.ts'

const needs = { requiresVariables: ['DATABASE_URL'] }
const lacking = { code: 'variables-missing', what: expect.stringContaining('DATABASE_URL (not set)') }
const held = () => {}

const inventory = aCommand('bin/hosts')
const recipe: Partial<Recipe> = {
  ...needs,
  steps: { ...noSteps, build: allSteps.build, scheduler: aScheduler({ deploy: aCommand('bring') }) },
  tasks: { reindex: aCommand('reindex') },
  services: [aService('web', 0, { minAvailable: count(1) }, { fleet: anSshFleet([], { inventory }) })],
}
const reader = (approval: ApprovalRule = { kind: 'none' }) => aReader({ policy: { approval }, recipe })

const commands: Readonly<Record<string, Requests>> = {
  deploy: {},
  rollback: { wanted: 'rollback', tag: null, acknowledged: { older: false, dataLoss: true } },
  redeploy: { tag: 'v2', redeploy: true },
  restart: { wanted: 'restart', tag: null },
  task: { wanted: 'task', tag: null, task: 'reindex' },
  'scheduler-run': { wanted: 'scheduler-run', tag: 'v2' },
  converge: {},
  scheduled: { tag: 'v3', schedule: 's1' },
}

async function aWorld() {
  const memory = inMemory()
  const { v2, v3, serve } = await aRepository(memory)
  const at = memory.clock.now().toISOString()
  const due = aSchedule({ id: 's1', release: v3, from: v2, at: { at, local: at }, by: 'alice' })
  await serve({ schedules: { last: 1, pending: [due], ended: [] } })
  memory.workspace.head = v3.sha
  return memory
}

async function begins(memory: InMemory, command: string) {
  const request = aRequest(commands[command])
  const { ports } = memory
  const { serving } = await keptLedger(memory)
  if (command === 'converge' && serving !== null)
    return converge(anActingRun({ ports, config: reader(), doer: bob, beforeLock: held }), request, serving)
  return command === 'scheduled'
    ? deployScheduled(
        anActingRun({ ports, config: reader(), doer: bob, beforeLock: held }),
        request,
        async () => {},
      )
    : deploy(anActingRun({ ports, config: reader(), doer: bob, beforeLock: held }), request, null)
}

describe('a run without a variable that its plan requires', () => {
  test.each(Object.keys(commands))(
    '%s: refused; no command ran, and nothing was written',
    async (command) => {
      const memory = await aWorld()
      await expect(begins(memory, command)).rejects.toMatchObject(lacking)
      expect(memory.effects()).toEqual([])
      expect(ledgerCommits(memory)).toHaveLength(1)
    },
  )

  test('build: not refused, since it touches no environment', async () => {
    const memory = await aWorld()
    const request = aRequest({ wanted: 'build' })
    const built = await buildOnly(
      anActingRun({ ports: memory.ports, config: reader(), doer: bob, beforeLock: held }),
      request,
      null,
    )
    expect(built.ending).toMatchObject({ outcome: { kind: 'succeeded' } })
  })

  test('named approval: the question is written without it, and its approval is refused', async () => {
    const memory = await aWorld()
    const named = { kind: 'named', from: ['bob'], notSelf: false } as const
    const asked = await deploy(
      anActingRun({ ports: memory.ports, config: reader(named), doer: bob, beforeLock: held }),
      aRequest({}),
      null,
    )
    expect(asked).toMatchObject({ ending: { kind: 'waiting' } })
    await expect(approve(memory, named)).rejects.toMatchObject(lacking)
    expect(memory.effects()).toEqual([])
    memory.given.values.set('DATABASE_URL', ' \n')
    await expect(approve(memory, named)).rejects.toMatchObject({
      what: expect.stringContaining('DATABASE_URL (empty)'),
    })
    memory.given.values.set('DATABASE_URL', 'postgres://db')
    memory.shell.play('bin/hosts', { lines: ['web-1', 'web-2'] })
    expect(await approve(memory, named)).toMatchObject({ ending: { kind: 'ended' } })
  })

  async function approve(memory: InMemory, approval: ApprovalRule) {
    const kept = await memory.ledgers.read('shop', 'production')
    const answer = { environment: 'production', pause: '1.1', decision: 'approve', by: 'bob' } as const
    const given = { ...answer, pause: pauseIn(kept.ledger), instances: [], reason: '', override: '' }
    const recalled = { ...kept, policy: aPolicy({ approval }) }
    return decide(memory.ports, recalled, given, { run: aRun(3), by: ['bob'] }, neverStops, reading)
  }
})

const pauseIn = ({ deployment }: Awaited<ReturnType<typeof keptLedger>>): string => {
  const asked = deployment?.journal.findLast((event) => event.kind === 'paused')
  return asked?.kind === 'paused' ? asked.pause.id : ''
}

describe('a deployment under way that requires a variable', () => {
  const plan: Plan = {
    ...leanPlan({ steps: { scheduler: aScheduler({ deploy: null }), migrate: allSteps.migrate } }),
    ...needs,
  }
  const begun: Happening[] = [opened, ...done('source'), ...done('suspend-scheduler')]
  const stopped = [...begun, ...failed('migrate')]
  const asking: Happening[] = [...stopped, { kind: 'paused', pause: pauseOf(plan, aJournal(...stopped)) }]

  const watch = (memory: InMemory) => watched(memory, { beforeLock: held, recipe: async () => aRecipe() })

  test('the watch of a run without it resumes nothing, and says why', async () => {
    const memory = inMemory()
    await keep(memory, plan, aJournal(...begun))
    expect(await watch(memory)).toMatchObject({ deeds: [], problem: lacking })
    expect(memory.effects()).toEqual([])
    memory.given.values.set('DATABASE_URL', 'postgres://db')
    expect(await watch(memory)).toMatchObject({ problem: null })
    expect(memory.effects()).toEqual(['resume'])
  })

  test.each(['retry', 'roll-back', 'abandon'] as const)(
    '%s without it: refused where a command would run',
    async (decision) => {
      const memory = inMemory()
      const kept = await keep(memory, plan, aJournal(...asking))
      const given = {
        environment: 'production',
        pause: '7.1',
        instances: [],
        reason: 'r',
        by: 'bob',
        override: '',
      }
      const recalled = { ...kept, policy: aPolicy({ approval: { kind: 'none' } }) }
      const answered = decide(memory.ports, recalled, { ...given, decision }, bob, neverStops, reading)
      if (decision === 'abandon') await expect(answered).resolves.toMatchObject({ ending: { kind: 'ended' } })
      else await expect(answered).rejects.toMatchObject(lacking)
      expect(memory.effects()).toEqual([])
    },
  )

  test('another deployment that must close it first, without its variable: refused, and nothing ran', async () => {
    const memory = inMemory()
    const kept = await keep(memory, plan, aJournal(...begun))
    memory.workspace.head = newer.sha
    const other = aPlan({
      policy: aPolicy({ approval: { kind: 'none' } }),
      recipe: aRecipe({ steps: noSteps }),
    })
    const elsewhere = { ...other, release: { ...newer, tag: 'v9', sha: '9'.repeat(40) } }
    const handsOn = { preDeploy: null, build: null, checkCompatibility: null }
    await expect(takeLock(memory.ports, kept, elsewhere, handsOn, bob)).rejects.toMatchObject(lacking)
    expect(memory.effects()).toEqual([])
    expect(ledgerCommits(memory)).toHaveLength(1)
  })
})

describe('the variables of a plan', () => {
  test('those of the release and of the environment, each once, and on the page', () => {
    const plan = aPlan({
      recipe: aRecipe({ requiresVariables: ['DATABASE_URL', 'MAIL_KEY'] }),
      policy: aPolicy({ requiresVariables: ['CDN_KEY', 'MAIL_KEY'] }),
    })
    expect(plan.requiresVariables).toEqual(['CDN_KEY', 'DATABASE_URL', 'MAIL_KEY'])
    expect(planSummary(plan)).toContain(
      'checked before the first step: `CDN_KEY`, `DATABASE_URL`, `MAIL_KEY`.',
    )
    expect(planSummary(aPlan())).not.toContain('Required variables')
  })

  test('the refusal names the empty secret where that is why', () => {
    const missing: MissingVariable[] = [
      { name: 'A', seen: 'absent' },
      { name: 'B', seen: 'empty' },
    ]
    expect(variablesMissing('eu', missing, 'empty')).toMatchObject({
      what: 'Variables that eu requires are missing in this job: A (not set), B (empty).',
      why: expect.stringMatching(/ROLLGATE_ENV is empty here.*another owner.*fork/),
    })
    expect(variablesMissing('eu', missing, 'given').why).toContain('ROLLGATE_ENV arrived')
  })
})

const readers: Readonly<Record<string, (values: Record<string, string>) => GivenVariables>> = {
  'the run': (values) => createGiven(values, { secrets: values, vars: {}, masker: createMasker() }),
  'the fake': (values) => {
    const given = createMemoryGiven()
    for (const [name, value] of Object.entries(values)) given.values.set(name, value)
    return given
  },
}

describe.each(Object.entries(readers))('the variables of %s', (_name, read) => {
  test('given, empty and absent are told apart, and so is a secret that did not arrive', () => {
    const given = read({ URL: 'x', BLANK: ' ', NONE: '' })
    expect(['URL', 'BLANK', 'NONE', 'OTHER'].map((name) => given.variable(name))).toEqual([
      'given',
      'empty',
      'empty',
      'absent',
    ])
    expect([given.secret, read({}).secret]).toEqual(['given', 'empty'])
  })
})

test("the action's own variables are kept from commands, and so count as absent", () => {
  expect(
    createGiven(
      { INPUT_KEY: 'x', GITHUB_OUTPUT: '/tmp/o', URL: 'x' },
      { secrets: {}, vars: {}, masker: createMasker() },
    ).variable('INPUT_KEY'),
  ).toBe('absent')
})
