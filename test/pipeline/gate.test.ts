import { describe, expect, test } from 'vitest'
import type { ApprovalRule, EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { MaintenanceRecipe, Recipe, StepRecipes } from '../../src/domain/config/recipe.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import { scheduleOf } from '../../src/domain/plan/undertaking.ts'
import { Problem } from '../../src/domain/problem.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { gateOf } from '../../src/domain/question/pause.ts'
import { absent, unknown } from '../../src/domain/reading.ts'
import type { Release } from '../../src/domain/release/release.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { block } from '../../src/pipeline/act/block.ts'
import { buildOnly } from '../../src/pipeline/act/build.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { dispatch } from '../../src/pipeline/act/dispatch.ts'
import { halt, liftHalt } from '../../src/pipeline/act/halt.ts'
import { converge } from '../../src/pipeline/act/reconcile.ts'
import { planRehearsal } from '../../src/pipeline/act/rehearse.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import { passPolicy } from '../../src/pipeline/lock/gate.ts'
import { foresee } from '../../src/pipeline/plan/foresee.ts'
import type { Request } from '../../src/pipeline/plan/request.ts'
import type { ConfigReader } from '../../src/pipeline/plan/survey.ts'
import type { Concluded } from '../../src/pipeline/run/drive.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import { deployScheduled } from '../../src/pipeline/schedule/deploy-scheduled.ts'
import { schedule } from '../../src/pipeline/schedule/schedule.ts'
import { withdraw } from '../../src/pipeline/schedule/withdraw.ts'
import { aDetour } from '../domain/a-detour.ts'
import { aRun } from '../domain/a-journal.ts'
import { aHistory, aPast } from '../domain/a-ledger.ts'
import {
  aCommand,
  allSteps,
  anSshFleet,
  aPolicy,
  aScheduler,
  aService,
  count,
  noSteps,
} from '../domain/a-plan.ts'
import { aSchedule } from '../domain/a-schedule.ts'
import { aReader, aRepository, aRequest, type Requests } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { type InMemory, inMemory, keptLedger, reading } from './in-memory.ts'

/** Command × gate × actor: the permission, and the commands of the release that ran before it. */

const gates = {
  none: { kind: 'none' },
  reviewers: { kind: 'reviewers', allowBypass: false },
  named: { kind: 'named', from: ['rhea', 'alice', 'olga'], notSelf: true },
} as const satisfies Record<string, ApprovalRule>

type Gate = keyof typeof gates

/** Olga was taken from the list after the question was asked; an environment with reviewers has lost them. */
const gatesNow: Record<Gate, ApprovalRule> = { ...gates, named: { ...gates.named, from: ['rhea', 'alice'] } }

const actors = { approver: 'rhea', other: 'mallory', asker: 'alice', removed: 'olga' } as const
type Actor = keyof typeof actors

const asker: Doer = { run: aRun(1), by: ['alice'] }
const later = (by: string, run = 2): Doer => ({ run: aRun(run), by: [by] })

const inventory = aCommand('bin/hosts')
const recipe: Partial<Recipe> = {
  steps: {
    ...noSteps,
    build: allSteps.build,
    scheduler: aScheduler({ deploy: aCommand('bring') }),
    reset: aCommand('reset'),
  },
  tasks: { reindex: aCommand('reindex') },
  services: [aService('web', 0, { minAvailable: count(1) }, { fleet: anSshFleet([], { inventory }) })],
}

const policyWith = (approval: ApprovalRule): Partial<EnvironmentPolicy> => ({
  approval,
  allowDestructive: ['reset', 'restore'],
  rollbackNotSelf: false,
})

const page: MaintenanceRecipe = {
  ...{ open: aCommand('page-on'), close: aCommand('page-off'), pages: [], timeout: 30_000, lease: 3_600_000 },
  ...{ shown: { kind: 'run', command: aCommand('page-status') }, when: 'contract', closeAfter: 'services' },
}
const backup = { create: aCommand('back-up'), restore: aCommand('restore') }

/** The steps that a command is about, in the recipe of every release. */
const stepsOf: Readonly<Record<string, Partial<StepRecipes>>> = {
  'maintenance-on': { maintenance: page },
  'maintenance-off': { maintenance: page },
  restore: { backup, maintenance: page },
  'close-detour': { detour: aDetour() },
}

const reader = (approval: ApprovalRule, command = '') => {
  const steps = { ...(recipe.steps ?? noSteps), ...stepsOf[command] }
  return aReader({ policy: policyWith(approval), recipe: { ...recipe, steps } })
}

const commands: Readonly<Record<string, Requests>> = {
  deploy: {},
  reset: { reset: true, confirm: 'production' },
  build: { wanted: 'build' },
  rollback: { wanted: 'rollback', tag: null, acknowledged: { older: false, dataLoss: true } },
  redeploy: { tag: 'v2', redeploy: true },
  restart: { wanted: 'restart', tag: null },
  task: { wanted: 'task', tag: null, task: 'reindex' },
  'scheduler-run': { wanted: 'scheduler-run', tag: 'v2' },
  'maintenance-on': { wanted: 'maintenance-on', tag: null },
  'maintenance-off': { wanted: 'maintenance-off', tag: null },
  restore: { wanted: 'restore', tag: null, backup: 'shop-0411', confirm: 'production' },
  'complete-migration': { wanted: 'complete-migration', tag: null },
  'close-detour': { wanted: 'close-detour', tag: null, closes: 'shop-production-2', as: 'revert-code' },
  converge: {},
  scheduled: { tag: 'v3', schedule: 's1' },
}

/** The ledger that a command is about. */
function ledgerOf(command: string, v1: Release, v2: Release): Partial<Ledger> {
  const by = { deployment: 2, since: '2026-03-01T00:00:00.000Z', release: { ...v2 } } as const
  switch (command) {
    case 'restore': {
      const made = { name: 'shop-0411', position: null, at: by.since, deployment: 2 }
      const migrated = { migrated: 'contract', migrationDone: true, backup: made } as const
      return { history: aHistory(aPast(v1), aPast(v2, migrated)) }
    }
    case 'complete-migration':
      return {
        migration: {
          ...{ ...by, state: 'open', complete: aCommand('complete'), rollback: aCommand('back') },
          ...{ repeatable: false, completeAfter: null, knownBy: [v2.sha], handed: null, declined: null },
        },
      }
    case 'close-detour':
      return {
        detour: {
          ...{ ...by, id: 'shop-production-2', kind: 'aside', mode: 'read-only', phase: 'opening' },
          ...{ until: '2026-04-01T00:00:00.000Z', notes: [] },
        },
      }
    default:
      return {}
  }
}

async function aWorld({ scheduled = true, command = '' } = {}) {
  const memory = inMemory()
  const { v1, v2, v3, serve } = await aRepository(memory)
  const at = memory.clock.now().toISOString()
  const due = aSchedule({ id: 's1', release: v3, from: v2, at: { at, local: at }, by: 'alice' })
  const schedules = scheduled ? { schedules: { last: 1, pending: [due], ended: [] } } : {}
  await serve({ ...schedules, ...ledgerOf(command, v1, v2) })
  const shows = (so: boolean) =>
    memory.prober.reply('page-status', so ? { kind: 'yes', text: '' } : { kind: 'no', why: 'off', text: '' })
  memory.shell.play('page-on', () => {
    shows(true)
    return {}
  })
  memory.shell.play('page-off', () => {
    shows(false)
    return {}
  })
  memory.shell.play('bin/hosts', { lines: ['web-1', 'web-2', 'web-3'] })
  for (const name of ['web-1', 'web-2', 'web-3']) memory.installed.set(name, 'v2')
  memory.shell.play('unless', { ends: { kind: 'exited', code: 1 } })
  return { memory, v1, v2, v3 }
}

/** Goes through the door of a command, as the action does. */
async function begins(memory: InMemory, command: string, gate: Gate, doer: Doer): Promise<Concluded> {
  const config = reader(gates[gate], command)
  const request = aRequest(commands[command])
  const { ports } = memory
  const held = () => {}
  if (command === 'build')
    return buildOnly(anActingRun({ ports, config, doer, beforeLock: held }), request, null)
  const { serving } = await keptLedger(memory)
  if (scheduleOf(request.undertaking) !== null) return beginScheduled(memory, gate, request, doer)
  const done =
    command === 'converge' && serving !== null
      ? await converge(anActingRun({ ports, config, doer, beforeLock: held }), request, serving)
      : await deploy(anActingRun({ ports, config, doer, beforeLock: held }), request, null)
  if (done.kind !== 'done') throw new Error(`it is ${done.kind}`)
  return done
}

async function beginScheduled({ ports }: InMemory, gate: Gate, due: Request, doer: Doer): Promise<Concluded> {
  const told = async () => {}
  const done = await deployScheduled(anActingRun({ ports, config: reader(gates[gate]), doer }), due, told)
  if (done.kind !== 'done') throw new Error(`it is ${done.kind}`)
  return done
}

const answers = async (memory: InMemory, gate: Gate, decision: FinalDecision, doer: Doer, change = {}) => {
  const kept = await memory.ledgers.read('shop', 'production')
  const pause = kept.ledger.deployment?.journal.findLast((event) => event.kind === 'paused')
  const id = pause?.kind === 'paused' ? pause.pause.id : ''
  const answer = {
    environment: 'production',
    pause: id,
    decision,
    instances: [],
    reason: '',
    by: doer.by[0] ?? '',
    override: '',
  }
  const policy = aPolicy({ ...policyWith(gatesNow[gate]), ...change })
  return decide(memory.ports, { ...kept, policy }, answer, doer, neverStops, reading)
}

/** Returns the end: `done`, the open question, or the code of the refusal. */
async function endOf(work: Promise<Concluded>): Promise<string> {
  try {
    const { ending } = await work
    if (ending.kind === 'waiting') return `asks at ${gateOf(ending.pause)}`
    return ending.kind === 'ended' ? 'done' : ending.kind
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown.code
    throw thrown
  }
}

/** Reviews a run as GitHub would before its job starts; the run of a stranger has no reviewer. */
function reviews({ repository }: InMemory, run: number, actor: Actor): void {
  if (actor === 'removed') repository.environment('production', {})
  else if (actor !== 'other')
    repository.approve(run, { environment: 'production', user: actors[actor], state: 'approved' })
}

const mayBegin: Record<Gate, (command: string) => Record<Actor, string>> = {
  none: () => ({ approver: 'done', other: 'done', asker: 'done', removed: 'done' }),
  // GitHub decides whether an actor may review their own run.
  reviewers: () => ({
    approver: 'done',
    other: 'approval-missing',
    asker: 'done',
    removed: 'environment-unprotected',
  }),
  named: (command) => ({
    approver: 'done',
    other: 'approver-not-allowed',
    asker: command === 'rollback' ? 'done' : 'approver-not-allowed',
    removed: 'approver-not-allowed',
  }),
}

const cells = Object.keys(commands).flatMap((command) =>
  (Object.keys(gates) as Gate[]).flatMap((gate) =>
    (Object.keys(actors) as Actor[]).map(
      (actor) => [command, gate, actor, mayBegin[gate](command)[actor]] as const,
    ),
  ),
)

/** The commands that bring the new release; all others but a rollback are about the serving one. */
const bringing: readonly string[] = ['deploy', 'reset', 'build', 'scheduled']

describe('a command that begins something', () => {
  test.each(cells)(
    '%s, gate %s, actor %s: %s, and nothing of the release ran before F43 F44 F45',
    async (command, gate, actor, expected) => {
      const { memory, v1, v2, v3 } = await aWorld({ command })
      const brought = command === 'rollback' ? v1 : bringing.includes(command) ? v3 : v2
      memory.workspace.head = brought.sha
      if (gate === 'reviewers') reviews(memory, 1, actor)
      const first = await endOf(begins(memory, command, gate, asker))
      if (gate !== 'named') {
        expect(first).toBe(expected)
        if (expected === 'done') expect(memory.effects()).not.toEqual([])
        else expect([memory.effects(), (await keptLedger(memory)).deployment]).toEqual([[], null])
        return
      }
      expect([first, memory.effects(), memory.records.shown]).toEqual(['asks at approve', [], []])
      const asked = await memory.ledgers.read('shop', 'production')
      expect(await endOf(answers(memory, gate, 'approve', later(actors[actor])))).toBe(expected)
      if (expected === 'done') expect(memory.effects()).not.toEqual([])
      else expect([memory.effects(), await memory.ledgers.read('shop', 'production')]).toEqual([[], asked])
    },
  )
})

const inADay = ({ clock }: InMemory): string => new Date(clock.now().getTime() + 86_400_000).toISOString()

/** The commands that only note or look, as their doors do it. Each returns its words. */
const noting: Readonly<
  Record<string, (memory: InMemory, config: ConfigReader, doer: Doer) => Promise<string>>
> = {
  schedule: async (memory, config, doer) => {
    const at = { kind: 'instant', at: inADay(memory), timezone: 'UTC' } as const
    const asked = { at, maxLateness: 60_000, reason: 'the campaign', by: doer.by[0] ?? '' }
    return (await schedule(memory.ports, config, { request: aRequest(), ...asked }, doer)).kind
  },
  withdraw: async ({ ports }, config, doer) => {
    const asked = { id: 's1', by: doer.by[0] ?? '', reason: 'not today' }
    return (await withdraw(ports, config, aRequest(), asked, doer)).schedule.end.kind
  },
  dispatch: async ({ ports }, _config, doer) => {
    const { due, problem } = await dispatch(ports, 'shop', { name: 'production', url: null }, doer)
    return problem?.code ?? `hands over ${due?.id}`
  },
  rehearse: async ({ ports }, config) => {
    const { back } = await planRehearsal(ports, config, { ...aRequest(), to: 'v1' })
    return `${back.mode} to ${back.release.tag}`
  },
}

/**
 * Every actor who may start its workflow; a plan is only made if the environment has the gate that its config
 * asks for.
 */
const mayNote: Readonly<Record<string, { says: string; unprotected: string }>> = {
  schedule: { says: 'scheduled', unprotected: 'environment-unprotected' },
  withdraw: { says: 'withdrawn', unprotected: 'withdrawn' },
  dispatch: { says: 'hands over s1', unprotected: 'hands over s1' },
  rehearse: { says: 'rollback to v1', unprotected: 'environment-unprotected' },
}

const notingCells = Object.entries(mayNote).flatMap(([command, { says, unprotected }]) =>
  (Object.keys(gates) as Gate[]).flatMap((gate) =>
    (Object.keys(actors) as Actor[]).map(
      (actor) =>
        [command, gate, actor, gate === 'reviewers' && actor === 'removed' ? unprotected : says] as const,
    ),
  ),
)

describe('a command that begins nothing', () => {
  test.each(notingCells)(
    '%s, gate %s, actor %s: %s, and nothing of the release runs, then or before the approval of what it noted F43',
    async (command, gate, actor, expected) => {
      const { memory, v3 } = await aWorld({ scheduled: command !== 'schedule' })
      if (gate === 'reviewers') reviews(memory, 1, actor)
      const config = aReader({ policy: { ...policyWith(gates[gate]), class: 'staging' }, recipe })
      const doer = { run: aRun(1), by: [actors[actor]] }
      const said = await noting[command]?.(memory, config, doer).catch((thrown: unknown) =>
        thrown instanceof Problem ? thrown.code : thrown,
      )
      expect(said).toBe(expected)
      expect([memory.effects(), memory.records.shown, (await keptLedger(memory)).deployment]).toEqual([
        [],
        [],
        null,
      ])
      if (command !== 'schedule' || said !== 'scheduled') return
      memory.workspace.head = v3.sha
      await memory.clock.advance(86_400_000)
      const due = aRequest({ tag: 'v3', schedule: 's1' })
      const stranger = later('mallory', 9)
      const begun = endOf(beginScheduled(memory, gate, due, stranger))
      expect(await begun).toBe(
        { none: 'done', reviewers: 'approval-missing', named: 'asks at approve' }[gate],
      )
      if (gate !== 'none') expect(memory.effects()).toEqual([])
    },
  )
})

const mayHalt: Record<Gate, readonly Actor[]> = {
  none: ['approver', 'other', 'asker', 'removed'],
  reviewers: ['approver', 'other', 'asker', 'removed'],
  named: ['approver', 'asker'],
}

describe('a halt by a person, and its end', () => {
  test.each(
    (Object.keys(gates) as Gate[]).flatMap((gate) =>
      (Object.keys(actors) as Actor[]).map((actor) => [gate, actor, mayHalt[gate].includes(actor)] as const),
    ),
  )(
    'gate %s, actor %s: allowed %s, and nothing runs or is written in the ledger F44',
    async (gate, actor, may) => {
      const { memory } = await aWorld()
      const before = await memory.ledgers.read('shop', 'production')
      const recalled = { ...before, policy: aPolicy(policyWith(gatesNow[gate])) }
      const halting = { reason: 'orders are lost', by: actors[actor], run: '' }
      const codeOf = (work: Promise<{ kind: string }>) =>
        work.then(
          ({ kind }) => kind,
          (thrown) => (thrown instanceof Problem ? thrown.code : thrown),
        )
      expect(await codeOf(halt(memory.ports, recalled, halting))).toBe(
        may ? 'halted' : 'approver-not-allowed',
      )
      if (!may) await halt(memory.ports, recalled, { ...halting, by: 'rhea' })
      expect(await codeOf(liftHalt(memory.ports, recalled, halting))).toBe(
        may ? 'lifted' : 'approver-not-allowed',
      )
      expect([memory.effects(), await memory.ledgers.read('shop', 'production')]).toEqual([[], before])
    },
  )
})

const decided = ['retry', 'force-next', 'exclude', 'roll-back', 'abandon'] as const

const mayAnswer: Record<Gate, (decision: FinalDecision) => Record<Actor, string>> = {
  ...mayBegin,
  named: (decision) => ({
    ...mayBegin.named(''),
    asker: decision === 'roll-back' ? 'done' : 'approver-not-allowed',
  }),
}

const answerCells = decided.flatMap((decision) =>
  (Object.keys(gates) as Gate[]).flatMap((gate) =>
    (Object.keys(actors) as Actor[]).map(
      (actor) => [decision, gate, actor, mayAnswer[gate](decision)[actor]] as const,
    ),
  ),
)

/** A deployment of Alice's that was approved, and asks because an instance failed. */
async function asking(gate: Gate): Promise<InMemory> {
  const { memory, v3 } = await aWorld()
  memory.workspace.head = v3.sha
  memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name = '' }) =>
    name === 'web-2' ? { kind: 'no', why: 'answered 503', text: '' } : { kind: 'yes', text: '' },
  )
  if (gate === 'reviewers') reviews(memory, 1, 'approver')
  const begun = await endOf(begins(memory, 'deploy', gate, asker))
  const asks = gate === 'named' ? await endOf(answers(memory, gate, 'approve', later('rhea'))) : begun
  expect(asks).toBe('asks at intervene')
  memory.prober.reply('self-test', { kind: 'yes', text: '' })
  return memory
}

describe('an answer to a question after a failure', () => {
  test.each(answerCells)(
    '%s, gate %s, actor %s: %s, and nothing ran before F44 F45',
    async (decision, gate, actor, expected) => {
      const memory = await asking(gate)
      const [before, ran] = [await memory.ledgers.read('shop', 'production'), memory.effects()]
      if (gate === 'reviewers') reviews(memory, 3, actor)
      expect(await endOf(answers(memory, gate, decision, later(actors[actor], 3)))).toBe(expected)
      if (expected !== 'done')
        expect([await memory.ledgers.read('shop', 'production'), memory.effects()]).toEqual([before, ran])
    },
  )

  test.each([
    ['a person whom answers names, and approval does not', 'dora', 'done'],
    ['the one who asked, where answers names them', 'alice', 'done'],
    ['an approver whom answers does not name', 'rhea', 'approver-not-allowed'],
    ['a stranger', 'mallory', 'approver-not-allowed'],
  ])('with requires.answers %s: retry ends %s F44', async (_who, by, expected) => {
    for (const gate of ['none', 'named'] as const) {
      const memory = await asking(gate)
      const change = { answers: ['dora', 'alice'] }
      expect(await endOf(answers(memory, gate, 'retry', later(by, 3), change))).toBe(expected)
    }
  })

  test('with requires.answers the people of approval.from alone approve F44', async () => {
    const { memory, v3 } = await aWorld()
    memory.workspace.head = v3.sha
    await begins(memory, 'deploy', 'named', asker)
    const answer = (by: string) =>
      endOf(answers(memory, 'named', 'approve', later(by), { answers: ['dora'] }))
    expect(await answer('dora')).toBe('approver-not-allowed')
    expect(await answer('rhea')).toBe('done')
  })
})

describe('an answer that ends what nobody has approved', () => {
  test.each([['reject'], ['abandon']] as const)(
    '%s needs no checkout, and nothing of the release runs F43',
    async (decision) => {
      const { memory, v3 } = await aWorld()
      memory.workspace.head = v3.sha
      if (decision === 'reject') await begins(memory, 'deploy', 'named', asker)
      const { memory: asked } = decision === 'reject' ? { memory } : { memory: await asking('named') }
      asked.workspace.head = null
      const ran = asked.effects()
      expect(await endOf(answers(asked, 'named', decision, later('rhea', 3)))).toBe('done')
      expect(asked.effects()).toEqual(ran)
    },
  )
})

describe('a deployment whose run was lost before it had asked named people', () => {
  /** The state that the opening run left, and nothing more. */
  const unasked = async (): Promise<InMemory> => {
    const { memory, v3 } = await aWorld()
    memory.workspace.head = v3.sha
    await begins(memory, 'deploy', 'named', asker)
    const { head, ledger } = await memory.ledgers.read('shop', 'production')
    if (ledger.deployment === null) throw new Error('it was opened')
    const deployment = {
      ...ledger.deployment,
      journal: ledger.deployment.journal.slice(0, 1),
      holder: aRun(1),
    }
    await memory.ledgers.append(head, { ...ledger, deployment }, 'as it was opened')
    return memory
  }
  const answering = async (memory: InMemory, decision: FinalDecision, by: string) => {
    const kept = await memory.ledgers.read('shop', 'production')
    const answer = {
      environment: 'production',
      pause: `${kept.ledger.deployment?.number}.1`,
      decision,
      instances: [],
      reason: '',
      by,
      override: '',
    }
    const policy = aPolicy({ ...policyWith(gatesNow.named), answers: ['dora', 'alice'] })
    return endOf(decide(memory.ports, { ...kept, policy }, answer, later(by), neverStops, reading))
  }

  test.each([
    ['retry', 'dora', 'decision-not-offered'],
    ['roll-back', 'alice', 'decision-not-offered'],
    ['approve', 'dora', 'approver-not-allowed'],
    ['approve', 'alice', 'approver-not-allowed'],
  ] as const)(
    '%s by %s, whom answers alone names or who asked: %s, and nothing runs F43 F44',
    async (decision, by, expected) => {
      const memory = await unasked()
      expect(await answering(memory, decision, by)).toBe(expected)
      expect(memory.effects()).toEqual([])
    },
  )

  test('goes on once an approver approves it F43', async () => {
    const memory = await unasked()
    expect(await answering(memory, 'approve', 'rhea')).toBe('done')
    expect(memory.effects()).not.toEqual([])
  })
})

describe('going back, where nobody approves their own', () => {
  test.each([
    [false, 'done'],
    [true, 'approver-not-allowed'],
  ])(
    'with rollback.not-self %s the one who asked: %s, for a rollback and for roll-back F37',
    async (rollbackNotSelf, expected) => {
      const bound = { rollbackNotSelf }
      const memory = await asking('named')
      expect(await endOf(answers(memory, 'named', 'roll-back', later('alice', 3), bound))).toBe(expected)
      const { memory: other, v1 } = await aWorld()
      other.workspace.head = v1.sha
      await begins(other, 'rollback', 'named', asker)
      expect(await endOf(answers(other, 'named', 'approve', later('alice'), bound))).toBe(expected)
    },
  )

  test('it still needs a name in the list F37', async () => {
    const memory = await asking('named')
    expect(await endOf(answers(memory, 'named', 'roll-back', later('mallory', 3)))).toBe(
      'approver-not-allowed',
    )
  })
})

describe('a stored plan and the policy of now', () => {
  const approve = async (stored: ApprovalRule, now: ApprovalRule, by: string, reviewed = false) => {
    const { memory, v3 } = await aWorld()
    memory.workspace.head = v3.sha
    const config = reader(stored)
    await deploy(anActingRun({ ports: memory.ports, config, doer: asker }), aRequest(), null)
    if (reviewed) reviews(memory, 2, 'approver')
    return endOf(answers(memory, 'named', 'approve', later(by), { approval: now }))
  }
  const named = (from: readonly string[], notSelf: boolean): ApprovalRule => ({
    kind: 'named',
    from,
    notSelf,
  })

  test.each([
    [
      'a person who is named only since then',
      named(['rhea'], false),
      named(['nora'], false),
      'nora',
      false,
      'done',
    ],
    [
      'a person who was taken from the list',
      named(['rhea'], false),
      named(['nora'], false),
      'rhea',
      false,
      'approver-not-allowed',
    ],
    [
      'the one who asked, where not-self was dropped since',
      named(['alice', 'rhea'], true),
      named(['alice', 'rhea'], false),
      'alice',
      false,
      'approver-not-allowed',
    ],
    [
      'the one who asked, where not-self came since',
      named(['alice', 'rhea'], false),
      named(['alice', 'rhea'], true),
      'alice',
      false,
      'approver-not-allowed',
    ],
    [
      'a stranger, where the approval was dropped since',
      named(['rhea'], false),
      gates.none,
      'mallory',
      false,
      'approver-not-allowed',
    ],
    [
      'a named person, where the approval was dropped since',
      named(['rhea'], false),
      gates.none,
      'rhea',
      false,
      'done',
    ],
    [
      'a named person, where reviewers took their place, unreviewed',
      named(['rhea'], false),
      gates.reviewers,
      'rhea',
      false,
      'approval-missing',
    ],
    [
      'anybody, where reviewers took their place, reviewed',
      named(['rhea'], false),
      gates.reviewers,
      'mallory',
      true,
      'done',
    ],
  ] as const)('%s approves: F45', async (_who, stored, now, by, reviewed, expected) => {
    expect(await approve(stored, now, by, reviewed)).toBe(expected)
  })

  test.each([
    ['none', 'reviewers', 'approval-missing'],
    ['none', 'named', 'approver-not-allowed'],
    ['reviewers', 'none', 'approval-missing'],
  ] as const)(
    'a stranger who answers what began with %s, where the policy says %s by now: %s F44 F45',
    async (stored, now, expected) => {
      const memory = await asking(stored)
      const change = { approval: gates[now] }
      expect(await endOf(answers(memory, stored, 'roll-back', later('mallory', 3), change))).toBe(expected)
    },
  )
})

test('the plan of a deployment that was left approves nothing else F47', async () => {
  const { memory, v1, v3 } = await aWorld()
  memory.workspace.head = v3.sha
  memory.shell.play('build', { takes: 50_000 })
  void memory.clock.sleep(2_000).then(memory.forceToStop)
  await deploy(
    anActingRun({ ports: memory.ports, config: reader(gates.none), doer: asker, stop: memory.stop }),
    aRequest(),
    null,
  )
  const plan = (await keptLedger(memory)).deployment?.plan ?? null
  memory.workspace.head = v1.sha
  reviews(memory, 2, 'approver')
  const back = aRequest({ ...commands.rollback, tag: 'v1' })
  const config = reader(gates.reviewers)
  const gone = deploy(
    anActingRun({ ports: memory.ports, config, doer: later('mallory') }),
    back,
    plan && shownPlan(plan),
  )
  await expect(gone).rejects.toMatchObject({ code: 'plan-changed' })
  expect(memory.effects().filter((effect) => effect.startsWith('install'))).toEqual([])
})

describe('a deployment that has not begun is held by the present policy and ledger', () => {
  test.each([
    ['reset', { allowDestructive: [] }, 'destructive-refused'],
    ['deploy', { manifest: true }, 'manifest-missing'],
  ] as const)(
    '%s, with %o since it was asked for: its approval is %s F45',
    async (command, change, expected) => {
      const { memory, v3 } = await aWorld()
      memory.workspace.head = v3.sha
      await begins(memory, command, 'named', asker)
      const asked = await memory.ledgers.read('shop', 'production')
      expect(await endOf(answers(memory, 'named', 'approve', later('rhea'), change))).toBe(expected)
      expect([memory.effects(), await memory.ledgers.read('shop', 'production')]).toEqual([[], asked])
      expect(await endOf(answers(memory, 'named', 'reject', later('rhea'), change))).toBe('done')
    },
  )

  /** A build of v3 was cut short, and v3 was blocked after that. */
  const blockedSince = async () => {
    const { memory, v3 } = await aWorld()
    memory.workspace.head = v3.sha
    memory.shell.play('build', { takes: 50_000 })
    void memory.clock.sleep(2_000).then(memory.forceToStop)
    await deploy(
      anActingRun({ ports: memory.ports, config: reader(gates.none), doer: asker, stop: memory.stop }),
      aRequest(),
      null,
    )
    const blocking = { tag: 'v3', reason: 'it loses orders', by: 'rhea', unblock: false }
    await block(memory.ports, 'shop', [aPolicy()], blocking, later('rhea'))
    expect(await keptLedger(memory)).toMatchObject({ blocked: [{ tag: 'v3' }], deployment: { record: null } })
    return memory
  }

  test('a run that goes on with a release that was blocked is refused F45', async () => {
    const memory = await blockedSince()
    const ran = memory.effects()
    const foreseen = await foresee(memory.ports, reader(gates.none), aRequest(), later('alice'))
    expect(foreseen).toMatchObject({ kind: 'planned', plan: { refusals: [{ code: 'release-blocked' }] } })
    expect(await endOf(begins(memory, 'deploy', 'none', later('alice')))).toBe('release-blocked')
    expect(memory.effects()).toEqual(ran)
  })

  test.each([
    ['retry', 'release-blocked'],
    ['abandon', 'done'],
  ] as const)('%s for a release that was blocked: %s F45', async (decision, expected) => {
    const memory = await blockedSince()
    const ran = memory.effects()
    const kept = await memory.ledgers.read('shop', 'production')
    const answer = {
      environment: 'production',
      pause: `${kept.ledger.deployment?.number}.1`,
      decision,
      instances: [],
      reason: '',
      by: 'alice',
      override: '',
    }
    const policy = aPolicy(policyWith(gates.none))
    const decided = decide(memory.ports, { ...kept, policy }, answer, later('alice'), neverStops, reading)
    expect(await endOf(decided)).toBe(expected)
    expect(memory.effects()).toEqual(ran)
  })
})

test('a deployment that named people are asked about first takes back nothing of another one F43', async () => {
  const { memory, v3 } = await aWorld()
  memory.workspace.head = v3.sha
  memory.shell.play('suspend', { takes: 50_000 })
  void memory.clock.sleep(15_000).then(memory.forceToStop)
  await deploy(
    anActingRun({ ports: memory.ports, config: reader(gates.none), doer: asker, stop: memory.stop }),
    aRequest(),
    null,
  )
  const ran = memory.effects()
  expect(suspensionIn(await keptLedger(memory))).not.toBeNull()
  expect(await endOf(begins(memory, 'rollback', 'named', later('mallory')))).toBe('deployment-open')
  expect(memory.effects()).toEqual(ran)
})

describe('a gate that cannot be looked at is closed', () => {
  const hidden = {
    code: 'permission-missing',
    what: 'Not seen.',
    why: 'The token.',
    next: 'Another.',
  } as const

  test.each([
    ['unknown', unknown(hidden)],
    ['of a run that GitHub does not show', absent],
  ] as const)(
    'approvals that are %s are no bypass: nothing runs, and nothing is handed on F03',
    async (_title, reading) => {
      const { memory, v3 } = await aWorld()
      memory.workspace.head = v3.sha
      memory.repository.approvals = async () => reading
      const rule = { kind: 'reviewers', allowBypass: true } as const
      const policy = aPolicy({ approval: rule })
      await expect(passPolicy(memory.ports, policy, 'deploy', later('mallory'))).rejects.toMatchObject({
        code: 'permission-missing',
      })
      memory.repository.run({ id: 20 })
      const hands = (run: number) =>
        dispatch(memory.ports, 'shop', { name: 'production', url: null }, later('github-actions[bot]', run))
      expect(await hands(20)).toMatchObject({ due: { id: 's1' } })
      memory.repository.run({ id: 20, status: 'completed', conclusion: 'failure' })
      expect(await hands(21)).toMatchObject({ due: null, problem: { code: 'permission-missing' } })
      expect(memory.effects()).toEqual([])
    },
  )

  test('a team that cannot be read lets nobody answer F03', async () => {
    const { memory, v3 } = await aWorld()
    memory.workspace.head = v3.sha
    await begins(memory, 'deploy', 'named', asker)
    memory.repository.mayApprove = async () => unknown(hidden)
    expect(await endOf(answers(memory, 'named', 'approve', later('rhea')))).toBe('permission-missing')
    expect(memory.effects()).toEqual([])
  })
})

describe('a run that resumes what another run left', () => {
  const left = async (gate: Gate) => {
    const { memory, v3 } = await aWorld()
    memory.workspace.head = v3.sha
    if (gate === 'reviewers') reviews(memory, 1, 'approver')
    memory.shell.play('build', { lines: [] })
    const config = reader(gates[gate])
    void memory.clock.sleep(2_000).then(memory.forceToStop)
    const first = await deploy(
      anActingRun({ ports: memory.ports, config, doer: asker, stop: memory.stop }),
      aRequest(),
      null,
    )
    if (gate === 'named') {
      expect(first).toMatchObject({ ending: { kind: 'waiting' } })
      return memory
    }
    expect(first).toMatchObject({ ending: { kind: 'interrupted' } })
    return memory
  }
  const again = async (memory: InMemory, now: ApprovalRule, run = 3) =>
    endOf(
      deploy(
        anActingRun({ ports: memory.ports, config: reader(now), doer: later('mallory', run) }),
        aRequest(),
        null,
      ).then((done) => {
        if (done.kind !== 'done') throw new Error(done.kind)
        return done
      }),
    )

  test('is reviewed itself: the review of the first run is not its own F44', async () => {
    const memory = await left('reviewers')
    const ran = memory.effects()
    expect(await again(memory, gates.reviewers)).toBe('approval-missing')
    expect(memory.effects()).toEqual(ran)
    reviews(memory, 4, 'approver')
    expect(await again(memory, gates.reviewers, 4)).toBe('done')
  })

  test('writes the question of a deployment for named people again, and runs nothing F43', async () => {
    const memory = await left('named')
    expect(await again(memory, gates.named)).toBe('asks at approve')
    expect(memory.effects()).toEqual([])
  })

  test('writes that question again before anything is checked out F43', async () => {
    const memory = await left('named')
    memory.workspace.head = null
    expect(await again(memory, gates.named)).toBe('asks at approve')
  })

  test('is refused where the config asks for named people since, and none of them has said yes F44', async () => {
    const memory = await left('none')
    const ran = memory.effects()
    expect(await again(memory, gates.named)).toBe('approval-missing')
    expect(memory.effects()).toEqual(ran)
  })
})
