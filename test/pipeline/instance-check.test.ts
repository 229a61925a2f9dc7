import { describe, expect, test } from 'vitest'
import { parseLedger } from '../../src/adapters/github/ledger/text.ts'
import type { CompatibilityRecipe } from '../../src/domain/config/compatibility-recipe.ts'
import type { Service } from '../../src/domain/config/service.ts'
import type { Journal } from '../../src/domain/journal/journal.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { instancesThatAre } from '../../src/domain/rolling/rolling.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { overriddenOf } from '../../src/report/outcome/overridden-output.ts'
import { aJournal, lost, resumed } from '../domain/a-journal.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  aTestBed,
  count,
  newer,
  noSteps,
  older,
  rollsOf,
} from '../domain/a-plan.ts'
import { aSlotWorld, inSlots, type SlotWorld } from './a-slot-world.ts'
import {
  bob,
  durableLedger,
  goingOn,
  type InMemory,
  inMemory,
  keptLedger,
  opened,
  reading,
} from './in-memory.ts'

const checks: CompatibilityRecipe = { ...aCommand('check-client'), against: 'instance' }
const policy = aPolicy({ approval: { kind: 'none' } })

function servingWith(checkCompatibility: CompatibilityRecipe | null) {
  const ledger = aLedgerServing(older)
  const { serving } = ledger
  return { ...ledger, serving: serving && { ...serving, preDeploy: null, build: null, checkCompatibility } }
}

const planOf = (...services: readonly Service[]) =>
  aPlan({ policy, recipe: aRecipe({ steps: noSteps, services }), ledger: servingWith(checks) })

/** Instances that a command takes out of traffic and gives back. */
const behind = (many: number, rollout: Partial<Service['rollout']> = {}, change: Partial<Service> = {}) =>
  aService('web', many, rollout, {
    traffic: {
      kind: 'command',
      leave: aCommand('leave'),
      enter: aCommand('enter'),
      serving: null,
      timeout: 1_000,
    },
    ...change,
  })

const ran = (memory: InMemory) => memory.effects().filter((effect) => effect.startsWith('check-client'))
const touched = (memory: InMemory) =>
  memory.effects().filter((effect) => /^(leave|stop|install|start|enter) /.test(effect))
const exits = (code: number) => ({ ends: { kind: 'exited' as const, code }, lines: ['GET /v1/cart: 410'] })

async function answer(memory: InMemory, decision: FinalDecision) {
  const kept = await memory.ledgers.read('shop', 'production')
  const given = {
    environment: 'production',
    pause: '7.1',
    decision,
    instances: [],
    reason: 'old clients are gone',
    by: 'rhea',
    override: '',
  }
  return decide(memory.ports, { ...kept, policy }, given, bob, memory.stop, reading)
}

describe('the checks of the serving release against the first new instance', () => {
  test('run once a roll, when it has proved itself and before it gets requests', async () => {
    const memory = inMemory()
    expect(await execute(await opened(memory, planOf(behind(3))))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    const effects = memory.effects()
    const at = effects.indexOf('check-client web-1')
    expect(ran(memory)).toEqual(['check-client web-1'])
    expect(effects.slice(0, at)).toEqual(expect.arrayContaining(['start web-1', 'self-test? web-1']))
    expect(effects.slice(0, at)).not.toContain('enter web-1')
    expect(effects.slice(at + 1).find((effect) => touched(memory).includes(effect))).toBe('enter web-1')
    expect((await keptLedger(memory)).history[0]).toMatchObject({
      instanceCheck: { passed: true },
      compatibility: null,
    })
  })

  test('run in the files of the serving release, and see the instance, its service and its variables', async () => {
    const memory = inMemory()
    const seen: object[] = []
    memory.shell.play('check-client', ({ variables }) => {
      seen.push(variables)
      return {}
    })
    const [web, api] = [behind(1), aService('api', 1)]
    const own = {
      ...web,
      fleet: { ...web.fleet, instances: [{ name: 'web-1', env: { PORT: '4001' } }] },
    } as Service
    await execute(await opened(memory, planOf(own, api)))
    expect(seen).toMatchObject([
      {
        ROLLGATE_INSTANCE: 'web-1',
        ROLLGATE_SERVICE: 'web',
        PORT: '4001',
        ROLLGATE_CHECKOUT: `files of ${older.sha}`,
        ROLLGATE_PREVIOUS_CHECKOUT: `files of ${older.sha}`,
        ROLLGATE_RELEASE: newer.tag,
      },
      { ROLLGATE_INSTANCE: 'api-1', ROLLGATE_SERVICE: 'api' },
    ])
  })

  test.each([
    ['all at once', behind(4, { maxParallel: count(4) })],
    ['all at once, with a test bed of two', behind(4, { maxParallel: count(4) }, { testBed: aTestBed(2) })],
  ])('meet one instance alone, also where they change %s, and the plan says so', async (_what, service) => {
    const memory = inMemory()
    const plan = planOf(service)
    expect(rollsOf(plan)[0]?.batches[0]).toEqual(['web-1'])
    memory.shell.play('check-client', exits(1))
    await execute(await opened(memory, plan))
    expect(touched(memory).filter((effect) => !effect.endsWith('web-1'))).toEqual([])
  })

  test('that fail leave it out of traffic and ask, and no further instance is touched, whatever may fail', async () => {
    const memory = inMemory()
    memory.shell.play('check-client', exits(1))
    expect(await execute(await opened(memory, planOf(behind(4, { maxFailures: 2 }))))).toMatchObject({
      kind: 'waiting',
      pause: {
        kind: 'failed-instances',
        instances: ['web-1'],
        failure: {
          code: 'not-compatible',
          what: 'The checks of v1.0.0 fail against web-1 with v1.1.0: check-compatibility exited with 1.',
          tail: ['GET /v1/cart: 410'],
        },
      },
    })
    expect(touched(memory)).not.toContain('enter web-1')
    expect(touched(memory).filter((effect) => !effect.endsWith('web-1'))).toEqual([])
  })

  test.each([
    ['that could not find out', exits(75)],
    ['that cannot be started', { ends: { kind: 'not-found' as const, name: 'check-client' } }],
    ['that are ended', { ends: { kind: 'signalled' as const, signal: 'SIGKILL' as const } }],
  ])('%s say nothing: it is asked, and no incompatibility is claimed', async (_what, end) => {
    const memory = inMemory()
    memory.shell.play('check-client', end)
    const context = await opened(memory, planOf(behind(3, { maxFailures: 3 })))
    const ending = await execute(context)
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'failed-instances', instances: ['web-1'] },
    })
    expect(ending).not.toMatchObject({ pause: { failure: { code: 'not-compatible' } } })
    expect(ending).toMatchObject({ pause: { failure: { what: expect.stringContaining('is not known') } } })
    expect(touched(memory)).not.toContain('enter web-1')
    expect(context.session.journal).toContainEqual(expect.objectContaining({ found: 'unknown' }))
  })

  test('are unknown where their files cannot be had, and do not run at the same path of another release', async () => {
    const memory = inMemory()
    const context = await opened(memory, planOf(behind(2)))
    memory.ports.workspace.checkout = async (sha) =>
      sha === older.sha
        ? { kind: 'unknown', why: { code: 'files-missing', what: 'git failed', why: '', next: '' } }
        : { kind: 'found', value: 'here' }
    expect(await execute(context)).toMatchObject({ pause: { failure: { code: 'files-missing' } } })
    expect(ran(memory)).toEqual([])
  })
})

describe('an answer', () => {
  test('retry has the instance meet them again, and the roll goes on when they pass', async () => {
    const memory = inMemory()
    let tries = 0
    memory.shell.play('check-client', () => exits(++tries === 1 ? 1 : 0))
    await execute(await opened(memory, planOf(behind(3))))
    expect(await answer(memory, 'retry')).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
    expect(ran(memory)).toEqual(['check-client web-1', 'check-client web-1'])
  })

  test('force-next goes on without them, and the history keeps who did and why', async () => {
    const memory = inMemory()
    memory.shell.play('check-client', exits(1))
    await execute(await opened(memory, planOf(behind(3, { minAvailable: count(1) }))))
    expect(await answer(memory, 'force-next')).toMatchObject({
      ending: { outcome: { forced: ['web/web-1'] } },
    })
    expect(ran(memory)).toEqual(['check-client web-1'])
    const { history } = await keptLedger(memory)
    const forced = { by: 'rhea', reason: 'old clients are gone' }
    expect(history[0]).toMatchObject({ instanceCheck: { passed: false, forced }, compatibility: null })
  })

  test('exclude has the next instance meet them: nobody went on without', async () => {
    const memory = inMemory()
    memory.shell.play('check-client', exits(1))
    const context = await opened(memory, planOf(behind(3, { minAvailable: count(1) })))
    await execute(context)
    expect(await answer(memory, 'exclude')).toMatchObject({ ending: { pause: { instances: ['web-2'] } } })
    expect(ran(memory)).toEqual(['check-client web-1', 'check-client web-2'])
    expect(
      overriddenOf({ plan: context.plan, journal: durableLedger(memory).deployment?.journal ?? [] }),
    ).toEqual([])
  })

  test('roll-back takes the older release back, which meets nothing', async () => {
    const memory = inMemory()
    memory.shell.play('check-client', exits(1))
    await execute(await opened(memory, planOf(behind(3, { maxParallel: count(2) }))))
    expect(await answer(memory, 'roll-back')).toMatchObject({ ending: { outcome: { kind: 'rolled-back' } } })
    expect(ran(memory)).toEqual(['check-client web-1'])
  })
})

describe('a run that is lost', () => {
  test.each([
    ['out of traffic', behind(1, { acceptDowntime: true })],
    ['that is alive, and so in traffic', aService('web', 1, { acceptDowntime: true })],
  ])(
    'in the middle of them repeats them on an instance %s, and only then is done',
    async (_what, service) => {
      const memory = inMemory()
      let known: Journal = []
      memory.shell.play('check-client', () => {
        known = context.session.journal
        memory.forceToStop()
        return { takes: 60_000 }
      })
      const plan = planOf(service)
      const context = await opened(memory, plan)
      expect(await execute(context)).toMatchObject({ kind: 'interrupted' })
      expect(context.session.journal.some(({ kind }) => kind === 'instance-checked')).toBe(false)

      const other = inMemory()
      other.installed.set('web-1', newer.tag)
      const ending = await execute(await goingOn(other, plan, [...known, ...aJournal(lost, resumed)]))
      expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
      expect(ran(other)).toEqual(['check-client web-1'])
    },
  )

  test('after they have passed does not repeat them: that is saved before the instance gets requests', async () => {
    const memory = inMemory()
    let known: Journal = []
    memory.traffic.enter = async () => {
      known = known.length > 0 ? known : (durableLedger(memory).deployment?.journal ?? [])
      return null
    }
    const plan = planOf(behind(2))
    await execute(await opened(memory, plan))
    expect(known.at(-1)).toMatchObject({ kind: 'instance-checked', instance: 'web-1', found: 'passed' })

    const other = inMemory()
    other.installed.set('web-1', newer.tag)
    const ending = await execute(await goingOn(other, plan, [...known, ...aJournal(lost, resumed)]))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(ran(other)).toEqual([])
  })

  test('after they have failed asks anew, and counts the failure as nothing good', async () => {
    const memory = inMemory()
    memory.shell.play('check-client', exits(1))
    const plan = planOf(behind(2))
    const context = await opened(memory, plan)
    await execute(context)
    const checked = context.session.journal.findIndex(({ kind }) => kind === 'instance-checked')
    const known = context.session.journal.slice(0, checked + 1)

    const other = inMemory()
    other.installed.set('web-1', newer.tag)
    other.shell.play('check-client', exits(1))
    const again = await goingOn(other, plan, [...known, ...aJournal(lost, resumed)])
    expect(await execute(again)).toMatchObject({
      pause: { instances: ['web-1'], failure: { code: 'not-compatible' } },
    })
    const roll = again.session.standing.rolls.get('roll-services/web')
    expect(roll && instancesThatAre(roll, 'done', 'left-alone')).toEqual([])
  })
})

describe('the idle slot beside the old release', () => {
  test('meets them while the old one serves, and they see which it is', async () => {
    const world = aSlotWorld(['web-1', 'web-2'])
    const seen: unknown[] = []
    world.memory.shell.play('check-client', ({ variables }) => {
      seen.push([variables.ROLLGATE_INSTANCE, variables.ROLLGATE_SLOT, variables.PORT, world.traffic()])
      return {}
    })
    const ending = await execute(await opened(world.memory, planOf(inSlots(2))))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(seen).toEqual([['web-1', 'b', '5001', [`${older.tag} (another is up)`, older.tag]]])
    expect(world.breaches).toEqual([])
  })

  test('is stopped where they fail, and the old one serves on', async () => {
    const world = aSlotWorld(['web-1', 'web-2'])
    world.memory.shell.play('check-client', exits(1))
    expect(await execute(await opened(world.memory, planOf(inSlots(2))))).toMatchObject({
      pause: { instances: ['web-1'], failure: { code: 'not-compatible' }, capacity: { available: 2 } },
    })
    expect(world.traffic()).toEqual([older.tag, older.tag])
    expect(world.breaches).toEqual([])
  })
})

test('a run killed at any effect beside them, and a retry: they have passed before the new slot had traffic', async () => {
  const calls = ({ memory }: SlotWorld) =>
    memory.shell.calls.filter(({ command: { run } }) => run === 'check-client')
  const whole = aSlotWorld(['web-1', 'web-2'])
  await execute(await opened(whole.memory, planOf(inSlots(2))))
  for (let at = 1; at <= whole.effects(); at += 1)
    for (const done of [true, false]) {
      const world = aSlotWorld(['web-1', 'web-2'])
      let early = false
      world.memory.shell.play('check-client', () => {
        early ||= world.traffic().some((serves) => serves.startsWith(newer.tag))
        return {}
      })
      const killed = world.killAt(at, done)
      await Promise.race([execute(await opened(world.memory, planOf(inSlots(2)))), killed])
      world.revive()
      const { ending } = await answer(world.memory, 'retry')
      const title = `killed at ${at}, ${done ? 'done' : 'not done'}`
      const { kind } = ending
      expect({ title, kind, early, met: calls(world).length > 0, traffic: world.traffic() }).toEqual({
        ...{ title, kind: 'ended', early: false, met: true },
        traffic: [newer.tag, newer.tag],
      })
      expect(world.breaches).toEqual([])
    }
})

describe('a plan', () => {
  const recipe = aRecipe({ steps: noSteps, services: [behind(2)] })
  const has = (plan: ReturnType<typeof aPlan>) =>
    rollsOf(plan).map(({ instanceCheck }) => instanceCheck?.run ?? null)

  test.each([
    ['a first deployment', { ledger: aLedgerServing(null) }],
    ['a redeployment', { redeploy: true, release: older }],
    ['a restart', { wanted: 'restart' as const, release: older }],
    ['a rollback', { wanted: 'rollback' as const, relation: 'behind' as const }],
    ['a serving release whose checks are of the schema', { ledger: servingWith(aCommand('check')) }],
    ['a serving release without checks', { ledger: servingWith(null) }],
  ])('has none of them: %s', (_what, change) => {
    expect(has(aPlan({ policy, recipe, ledger: servingWith(checks), ...change }))).not.toContain(
      'check-client',
    )
  })

  test('has none for a service that is changed in place, and warns', () => {
    const plan = planOf(behind(2, { order: { kind: 'in-place' } }))
    expect(has(plan)).toEqual([null])
    expect(plan.warnings).toContainEqual(expect.stringContaining('do not meet the first new instance of web'))
  })

  test('has them beside those of the schema where the serving release asks for both', () => {
    const ledger = servingWith({ ...checks, against: 'both' })
    const plan = aPlan({ policy, recipe: { ...recipe, steps: { ...allSteps, build: null } }, ledger })
    expect(plan.steps.find(({ kind }) => kind === 'check-compatibility')).toMatchObject({
      command: { run: 'check-client' },
    })
    expect(has(plan)).toEqual(['check-client'])
    expect(planOf(behind(2)).steps.some(({ kind }) => kind === 'check-compatibility')).toBe(false)
  })

  test('with them is read back from the ledger, which 0.1.0 does not take up', async () => {
    const memory = inMemory()
    const plan = planOf(behind(2))
    await opened(memory, plan)
    const text = memory.ledgers.commits('shop', 'production').at(-1)?.text ?? ''
    expect(JSON.parse(text)).toMatchObject({ schema: 2 })
    const ledger = parseLedger(text, {
      ref: 'refs/rollgate/shop/production',
      app: 'shop',
      environment: 'production',
    })
    expect(ledger.deployment?.plan.steps).toEqual(plan.steps)
  })
})
