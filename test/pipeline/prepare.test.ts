import { describe, expect, test } from 'vitest'
import type { PrepareRecipe } from '../../src/domain/config/fleet.ts'
import type { Service } from '../../src/domain/config/service.ts'
import { onward } from '../../src/domain/journal/direction.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { ReleaseThere } from '../../src/domain/release/kept-releases.ts'
import type { FleetControl } from '../../src/pipeline/ports.ts'
import { prepareInstance } from '../../src/pipeline/prepare/instance.ts'
import { workOn } from '../../src/pipeline/roll/instance-work.ts'
import type { Context } from '../../src/pipeline/run/context.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { aJournal, done, lost, opened as openedBy, resumed, started } from '../domain/a-journal.ts'
import {
  aCommand,
  aLedgerServing,
  aPlan,
  aPolicy,
  aRecipe,
  aRelease,
  aService,
  aTestBed,
  count,
  newer,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { aSlotWorld, inSlots } from './a-slot-world.ts'
import { type InMemory, inMemory, keep, keptLedger, leanPlan, opened } from './in-memory.ts'

const recipe: PrepareRecipe = { command: aCommand('prepare'), unless: null, keep: 5, clear: null }

function preparing(
  change: Partial<PrepareRecipe> = {},
  rollout: Partial<Service['rollout']> = {},
  rest: Partial<Service> = {},
): Service {
  const service = aService('web', 3, rollout, rest)
  return { ...service, fleet: { ...service.fleet, prepare: { ...recipe, ...change } } }
}

const steps = { configureBroker: aCommand('configure-broker') }
const plan = leanPlan({ steps, services: [preparing()] })
const aPlanBack = (service: Service = preparing()): Plan =>
  aPlan({
    wanted: 'rollback',
    release: older,
    relation: 'behind',
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({ steps: noSteps, services: [service] }),
    ledger: aLedgerServing(newer),
  })

const whole = ({ tag, sha }: typeof older, digest: string | null = null) => ({
  tag,
  sha,
  whole: true,
  digest,
})
const names = ['web-1', 'web-2', 'web-3']

/** Prepares an instance that has the older release whole, and counts how often its file is brought. */
async function preparedBack(seen: Partial<ReleaseThere>, change: Partial<PrepareRecipe> = {}) {
  const memory = inMemory()
  memory.shell.play('unless', { ends: { kind: 'exited', code: 1 } })
  memory.folders.on('web-1').push({ ...whole(older, 'abc'), ...seen })
  const context = await opened(memory, leanPlan({ steps, services: [preparing(change)] }))
  const service = preparing(change)
  const [instance] = service.fleet.instances
  if (instance === undefined) throw new Error('there is no instance')
  const work = await workOn(context, service, instance, onward, context.stop.forced)
  const brought: string[] = []
  const accepts = (sha256: string) => sha256 === 'abc'
  const cargo = { wanted: () => 'abc', obtain: never, accepts, keeping: { keep: 5, needed: [] } }
  const fleet: FleetControl = {
    ...work.fleet,
    async prepare({ name }) {
      brought.push(name)
      return null
    },
  }
  const found = await prepareInstance({
    ...work,
    seen: { ROLLGATE_SHA: older.sha },
    wanted: older,
    fleet,
    cargo,
  })
  return { brought: brought.length, kind: found.kind, ran: ran(memory, 'prepare').length }
}

const never = () => Promise.reject(new Error('the file was wanted'))
const prepared = ({ session }: Context) =>
  session.journal.flatMap((event) =>
    event.kind === 'instance-prepared' ? [`${event.step} ${event.instance} ${event.how}`] : [],
  )
const ran = (memory: InMemory, ...what: string[]) =>
  memory.effects().filter((effect) => what.includes(effect.split(' ')[0] ?? ''))
const bothReleases = (memory: InMemory, release = newer) =>
  names.map((name) => memory.folders.on(name).find(({ sha }) => sha === release.sha)?.whole ?? false)

describe('a deployment whose service prepares', () => {
  test('has the release on every instance before anything with impact, and installs where it is', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    const effects = ran(memory, 'prepare', 'configure-broker', 'install')
    expect(effects.slice(0, 3).toSorted()).toEqual(names.map((name) => `prepare ${name}`))
    expect(effects.slice(3)).toEqual(['configure-broker', ...names.map((name) => `install ${name}`)])
    expect(bothReleases(memory)).toEqual([true, true, true])
    expect(prepared(context)).toEqual([
      ...names.map((name) => `prepare/web ${name} brought`),
      ...names.map((name) => `roll-services/web ${name} there`),
    ])
  })

  test('ends with nothing changed where one instance fails, and names each that did', async () => {
    const memory = inMemory()
    memory.shell.play('prepare', ({ variables: { ROLLGATE_INSTANCE: name } }) =>
      name === 'web-2' ? {} : { lines: ['no space'], ends: { kind: 'exited', code: 7 } },
    )
    const ending = await execute(await opened(memory, plan))
    expect(ending).toMatchObject({
      outcome: {
        kind: 'failed',
        stays: [],
        failure: {
          code: 'command-failed',
          what: expect.stringMatching(/prepare of web-1 exited with 7\..*web-3.*1 brought/),
          tail: ['no space'],
        },
      },
    })
    expect(ran(memory, 'configure-broker', 'leave', 'stop', 'install', 'start')).toEqual([])
    expect((await keptLedger(memory)).serving?.release.tag).toBe(older.tag)
    expect(bothReleases(memory)).toEqual([false, true, false])
  })

  test('goes on where no more fail than the rollout bears, unless the release is tried out there', async () => {
    for (const [testBed, kind] of [
      [null, 'succeeded'],
      [aTestBed(2), 'failed'],
    ] as const) {
      const memory = inMemory()
      memory.shell.play('prepare', ({ variables: { ROLLGATE_INSTANCE: name } }) =>
        name === 'web-2' ? { ends: { kind: 'exited', code: 1 } } : {},
      )
      const its = leanPlan({
        services: [preparing({}, { maxFailures: 1, minAvailable: count(1) }, { testBed })],
      })
      const context = await opened(memory, its)
      expect(await execute(context)).toMatchObject({ outcome: { kind } })
      if (kind === 'succeeded') expect(ran(memory, 'install')).toEqual(['install web-1', 'install web-3'])
    }
  })

  test('prepares as many at once as it may, and the next when one is done', async () => {
    const memory = inMemory()
    memory.shell.play('prepare', { takes: 10_000 })
    const many = aService('web', 25, { maxParallel: { kind: 'percent', value: 100 } })
    const its = leanPlan({ services: [{ ...many, fleet: { ...many.fleet, prepare: recipe } }] })
    await execute(await opened(memory, its))
    const times = memory
      .timeline()
      .flatMap((line) => (/^\d+ prepare /.test(line) ? [Number.parseInt(line, 10)] : []))
    expect([0, 10, 20].map((at) => times.filter((time) => time === at).length)).toEqual([10, 10, 5])
  })
})

describe('a run that was lost while it prepared', () => {
  test.each([1, 2, 3])('after %i of three: the next one prepares the others alone', async (after) => {
    const memory = inMemory()
    let begun = 0
    memory.shell.play('prepare', () => {
      begun += 1
      if (begun === after) memory.forceToStop()
      return {}
    })
    const context = await opened(memory, plan)
    expect(await execute(context)).toMatchObject({ kind: 'interrupted' })
    const before = bothReleases(memory).filter((there) => there).length
    const next = inMemory()
    for (const name of names) next.folders.on(name).push(...memory.folders.on(name))
    const kept = await keep(
      next,
      plan,
      aJournal(openedBy, ...done('source'), started('prepare/web'), lost, resumed),
    )
    const again = { ports: next.ports, plan, session: openSession(kept, next.ports), stop: next.stop }
    expect(await execute(again)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(ran(next, 'prepare')).toHaveLength(3 - before)
    expect(bothReleases(next)).toEqual([true, true, true])
  })

  test('is closed with nothing changed where no one goes on with it', async () => {
    const memory = inMemory()
    const kept = await keep(memory, plan, aJournal(openedBy, ...done('source'), started('prepare/web'), lost))
    const context = { ports: memory.ports, plan, session: openSession(kept, memory.ports), stop: memory.stop }
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'cancelled', stays: [] } })
    expect(memory.effects()).toEqual([])
  })

  test('a half-written folder is prepared anew', async () => {
    const memory = inMemory()
    memory.folders.on('web-1').push({ ...whole(newer), whole: false })
    await execute(await opened(memory, plan))
    expect(ran(memory, 'prepare').toSorted()).toEqual(names.map((name) => `prepare ${name}`))
  })
})

describe('going back', () => {
  const atOlder = (): InMemory => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    for (const name of names) memory.installed.set(name, newer.tag)
    return memory
  }

  test('starts the older release where it is seen on the host, and brings it elsewhere: the journal says which', async () => {
    const memory = atOlder()
    memory.folders.on('web-1').push(whole(older))
    memory.folders.on('web-3').push(whole(newer), { ...whole(older), whole: false })
    const context = await opened(memory, aPlanBack(), aLedgerServing(newer))
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(prepared(context)).toEqual([
      'roll-services/web web-1 there',
      'roll-services/web web-2 brought',
      'roll-services/web web-3 brought',
    ])
    expect(ran(memory, 'prepare', 'install')).toEqual([
      'install web-1',
      'prepare web-2',
      'install web-2',
      'prepare web-3',
      'install web-3',
    ])
  })

  test.each([
    [
      'its file lies there, and nothing is read again',
      { hasFile: true },
      {},
      { brought: 0, kind: 'there', ran: 0 },
    ],
    ['its file is brought again where it is gone', {}, {}, { brought: 1, kind: 'there', ran: 0 }],
    [
      'a file that another release is made from is read again',
      { hasFile: true },
      { unless: aCommand('unless') },
      { brought: 1, kind: 'brought', ran: 1 },
    ],
  ] as const)(
    'reads the file of a whole release only where it must: %s',
    async (_, seen, change, expected) => {
      expect(await preparedBack(seen, change)).toEqual(expected)
    },
  )

  test('asks the command of the config as well, and a mark alone is not believed', async () => {
    const memory = atOlder()
    for (const name of names) memory.folders.on(name).push(whole(older))
    memory.shell.play('unless', ({ variables: { ROLLGATE_INSTANCE: name } }) => ({
      ends: { kind: 'exited', code: name === 'web-2' ? 1 : 0 },
    }))
    const its = aPlanBack(preparing({ unless: aCommand('unless') }))
    await execute(await opened(memory, its, aLedgerServing(newer)))
    expect(ran(memory, 'prepare')).toEqual(['prepare web-2'])
  })

  test('in the middle of a deployment starts the older release where it is there still', async () => {
    const memory = inMemory()
    for (const name of names) memory.folders.on(name).push(whole(older))
    memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name, ROLLGATE_RELEASE: tag }) =>
      name === 'web-2' && tag === newer.tag
        ? { kind: 'no', why: 'it answered 500', text: '' }
        : { kind: 'yes', text: '' },
    )
    const context = await opened(memory, leanPlan({ services: [preparing({}, { onFailure: 'roll-back' })] }))
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'rolled-back' } })
    const turned = context.session.journal.findIndex(({ kind }) => kind === 'turned-back')
    const back = context.session.journal.slice(turned)
    expect(back.filter(({ kind }) => kind === 'instance-prepared')).toMatchObject([
      { how: 'there' },
      { how: 'there' },
    ])
    expect(ran(memory, 'prepare')).toHaveLength(3)
  })

  test('an instance that cannot be prepared keeps no other from going back', async () => {
    const memory = atOlder()
    for (const name of ['web-1', 'web-3']) memory.folders.on(name).push(whole(older))
    memory.shell.play('prepare', { ends: { kind: 'exited', code: 1 } })
    const its = aPlanBack(preparing({}, { maxFailures: 1, minAvailable: count(1) }))
    expect(await execute(await opened(memory, its, aLedgerServing(newer)))).toMatchObject({
      outcome: { kind: 'succeeded', failed: ['web/web-2'] },
    })
    expect(ran(memory, 'stop')).toEqual(['stop web-1', 'stop web-3'])
  })
})

describe('releases on an instance', () => {
  const six = ['v0.6.0', 'v0.7.0', 'v0.8.0', 'v0.9.0'].map((tag) => aRelease(tag))
  const fill = (memory: InMemory, ...releases: (typeof older)[]) => {
    for (const name of names) memory.folders.on(name).push(...releases.map((release) => whole(release)))
  }
  const tags = (memory: InMemory, name = 'web-1') =>
    memory.folders
      .on(name)
      .map(({ tag }) => tag)
      .toSorted()

  test('older ones are cleared, and never what serves or what the instance runs', async () => {
    const memory = inMemory()
    fill(memory, ...six, older)
    memory.installed.set('web-2', 'v0.6.0')
    await execute(await opened(memory, leanPlan({ services: [preparing({ keep: 2 })] })))
    expect(tags(memory)).toEqual([older.tag, newer.tag])
    expect(tags(memory, 'web-2')).toEqual(['v0.6.0', older.tag, newer.tag])
  })

  test('nothing is cleared while an instance does not say what it runs', async () => {
    const memory = inMemory()
    fill(memory, ...six, older)
    const silent = preparing({ keep: 2 })
    memory.prober.replyBy('version', ({ ROLLGATE_INSTANCE: name = '' }) =>
      name === 'web-2'
        ? { kind: 'absent', why: 'refused' }
        : { kind: 'yes', text: memory.installed.get(name) ?? older.tag },
    )
    await execute(await opened(memory, leanPlan({ services: [silent] })))
    expect(tags(memory, 'web-1')).toHaveLength(2)
    expect(tags(memory, 'web-2')).toHaveLength(6)
  })

  test('an instance of two slots is asked in the slot that serves, and keeps all while both are up', async () => {
    const world = aSlotWorld(['web-1', 'web-2'])
    const { memory } = world
    fill(memory, ...six, older)
    const both = world.instances.get('web-2')
    if (both !== undefined) both.b.running = 'v0.6.0'
    const service = inSlots(2)
    const slotted = { ...service, fleet: { ...service.fleet, prepare: { ...recipe, keep: 2 } } }
    await execute(await opened(memory, leanPlan({ services: [slotted] })))
    expect(tags(memory, 'web-1')).toEqual([older.tag, newer.tag])
    expect(tags(memory, 'web-2')).toHaveLength(6)
  })

  test("the user's command clears the rest, and is told what must stay; its failure is said, and fails nothing", async () => {
    const memory = inMemory()
    memory.shell.play('clear', { ends: { kind: 'exited', code: 1 } })
    const its = leanPlan({ services: [preparing({ keep: 2, clear: aCommand('clear') })] })
    expect(await execute(await opened(memory, its))).toMatchObject({ outcome: { kind: 'succeeded' } })
    const [call] = memory.shell.calls.filter(({ command }) => command.run === 'clear')
    expect(call?.variables).toMatchObject({
      ROLLGATE_KEEP: '2',
      ROLLGATE_NEEDED: `${newer.sha} ${older.sha}`,
    })
    expect(ran(memory, 'clear')).toHaveLength(3)
  })
})
