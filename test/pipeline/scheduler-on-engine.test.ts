import { describe, expect, test } from 'vitest'
import type { EngineScheduler } from '../../src/domain/config/recipe.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { schedulerContract } from '../contracts/scheduler.contract.ts'
import { aSuspension } from '../domain/a-ledger.ts'
import { aCommand, aRecipe, aScheduler, newer } from '../domain/a-plan.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { createMemoryScheduler } from '../fakes/memory-scheduler.ts'
import { goOnFrom } from './an-engine.ts'
import {
  durableLedger,
  type InMemory,
  inMemory,
  keptLedger,
  leanPlan,
  opened,
  overtake,
} from './in-memory.ts'
import { watched } from './later-run.ts'

schedulerContract('memory', async () => {
  const memory = createMemoryScheduler(['hourly', 'stopped'])
  memory.timed.set('hourly', false).set('stopped', true).set('others', false)
  return {
    control: memory.control,
    clock: createFakeClock(),
    async start() {
      memory.running.add('hourly-1')
      return 'hourly-1'
    },
    suspended: async () => [...memory.timed].flatMap(([name, suspended]) => (suspended ? [name] : [])),
  }
})

const { suspend: _s, running: _r, resume: _e, kill: _k, ...draining } = aScheduler({ deploy: null })

const scheduler = (change: Partial<EngineScheduler> = {}): EngineScheduler => ({
  ...draining,
  cronJobs: { kind: 'cron-jobs', service: 'web', namespace: 'shop', context: null, names: null },
  ...change,
})

const planWith = (change: Partial<EngineScheduler> = {}) =>
  leanPlan({ steps: { scheduler: scheduler(change), migrate: repeatable } })
const repeatable = { command: aCommand('migrate'), phase: 'expand', repeatable: true } as const

/** CronJobs of which one was suspended before. */
function timed(): InMemory {
  const memory = inMemory()
  memory.scheduler.timed.set('hourly', false).set('nightly', false).set('stopped', true)
  return memory
}

const suspendedIn = ({ scheduler: { timed: jobs } }: InMemory): string[] =>
  [...jobs].flatMap(([name, suspended]) => (suspended ? [name] : []))

describe('the CronJobs of an engine', () => {
  test('are suspended, drained before the migration, and only those are resumed that were active SP-12', async () => {
    const memory = timed()
    memory.scheduler.running.add('hourly-1')
    void memory.clock.sleep(4_500).then(() => memory.scheduler.running.clear())
    const during: string[][] = []
    memory.shell.play('migrate', () => {
      during.push([...memory.scheduler.running], suspendedIn(memory))
      return {}
    })
    expect(await execute(await opened(memory, planWith()))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(during).toEqual([[], ['hourly', 'nightly', 'stopped']])
    expect(memory.scheduler.deeds).toEqual([
      'suspend hourly',
      'suspend nightly',
      'resume hourly',
      'resume nightly',
    ])
    expect(suspendedIn(memory)).toEqual(['stopped'])
    expect((await keptLedger(memory)).leases).toEqual([])
  })

  test('stand in the lease before the first is suspended', async () => {
    const memory = timed()
    const kept: unknown[] = []
    const { suspend } = memory.scheduler.control
    const control = {
      ...memory.scheduler.control,
      suspend: async (...asked: Parameters<typeof suspend>) => {
        kept.push(suspensionIn(durableLedger(memory))?.giveBack)
        return suspend(...asked)
      },
    }
    const context = await opened(memory, planWith())
    await execute({ ...context, ports: { ...context.ports, scheduler: () => control } })
    expect(kept).toEqual([{ ...scheduler().cronJobs, active: ['hourly', 'nightly'] }])
  })

  test('are known to the run that takes a failed migration back, by the ledger as it is read', async () => {
    const memory = timed()
    memory.shell.play('migrate', { ends: { kind: 'exited', code: 1 } })
    const context = await opened(memory, planWith())
    const asked = await execute(context)
    if (asked.kind !== 'waiting') return expect.fail(JSON.stringify(asked))
    const { leases } = await keptLedger(memory)
    expect(leases).toMatchObject([{ giveBack: { kind: 'cron-jobs', active: ['hourly', 'nightly'] } }])
    const happening = {
      kind: 'decided',
      decision: 'roll-back',
      instances: [],
      by: 'bob',
      reason: '',
    } as const
    context.session.note({ ...happening, pause: asked.pause.id })
    expect(await execute(context)).toMatchObject({ kind: 'ended' })
    expect(suspendedIn(memory)).toEqual(['stopped'])
  })

  test.each([
    ['observe', 14],
    ['suspend', 2],
    ['resume', 2],
  ] as const)(
    'end as ever where a run is killed before or after any %s, and one that was suspended before stays so',
    async (verb, kills) => {
      let killed = 0
      for (const when of ['before', 'after'] as const)
        for (let at = 1; ; at += 1) {
          const memory = timed()
          const left = await killedAt(memory, verb, at, when)
          if (left === null) break
          killed += 1
          memory.shell.play('migrate', () => {
            expect(suspendedIn(memory)).toEqual(['hourly', 'nightly', 'stopped'])
            return {}
          })
          expect(await goOnFrom(memory, left)).toMatchObject({ outcome: { kind: 'succeeded' } })
          expect({ verb, at, when, suspended: suspendedIn(memory) }).toEqual({
            ...{ verb, at, when },
            suspended: ['stopped'],
          })
        }
      expect(killed).toBe(kills)
    },
  )

  test('are not resumed by hand behind the back of a run: what is seen active again is asked about', async () => {
    const memory = timed()
    memory.scheduler.looked = () => void memory.scheduler.timed.set('hourly', false)
    const ending = await execute(await opened(memory, planWith()))
    expect(JSON.stringify(ending)).toContain('hourly could not be seen suspended')
    expect(memory.shell.calls.map(({ command }) => command.run)).not.toContain('migrate')
  })

  test('are unknown where the engine does not answer for a minute, and nothing is migrated', async () => {
    const memory = timed()
    memory.scheduler.silent = true
    const ending = await execute(await opened(memory, planWith()))
    expect(JSON.stringify(ending)).toContain('engine-unknown')
    expect(memory.scheduler.deeds).toEqual([])
  })

  test('are asked for no longer once the run is cancelled, and nothing is suspended', async () => {
    const memory = timed()
    memory.scheduler.silent = true
    const looks: Date[] = []
    memory.scheduler.looked = () => {
      looks.push(memory.clock.now())
      memory.askToStop()
      // A run that asked on would never let the clock go on.
      memory.scheduler.silent = looks.length < 5
    }
    await execute(await opened(memory, planWith()))
    expect(looks).toHaveLength(1)
    expect(memory.scheduler.deeds).toEqual([])
  })

  test('that a name has no place for are refused, and none is suspended', async () => {
    const memory = timed()
    const names = ['hourly', 'weekly']
    const plan = planWith({ cronJobs: { ...scheduler().cronJobs, names } })
    expect(JSON.stringify(await execute(await opened(memory, plan)))).toContain('There is no CronJob weekly')
    expect(memory.scheduler.deeds).toEqual([])
  })

  test('that a name has no place for yet are told by a first deployment, which brings them', async () => {
    const memory = timed()
    const plan = planWith({ cronJobs: { ...scheduler().cronJobs, names: ['hourly', 'weekly'] } })
    const first = await opened(memory, plan, { serving: null })
    expect(await execute(first)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.voice.texts('warning').join()).toContain('There is no CronJob weekly in shop.')
  })

  test('that an engine was told to resume, and does not, are asked about: the lease keeps their names', async () => {
    const memory = timed()
    const context = await opened(memory, planWith())
    const control = { ...memory.scheduler.control, resume: async () => null }
    const ending = await execute({ ...context, ports: { ...context.ports, scheduler: () => control } })
    expect(JSON.stringify(ending)).toContain('hourly, nightly could not be seen resumed')
    const { leases } = await keptLedger(memory)
    expect(leases).toMatchObject([{ giveBack: { active: ['hourly', 'nightly'] } }])
  })

  test('that outlast the drain are ended by kill, by their names', async () => {
    const memory = timed()
    memory.scheduler.running.add('hourly-1')
    const plan = planWith({ onTimeout: 'kill' })
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.scheduler.deeds).toContain('end hourly-1')
  })

  test('have their jobs left alone by a run that lost its lock while it waited for them', async () => {
    const memory = timed()
    memory.scheduler.running.add('hourly-1')
    void memory.clock.sleep(4_500).then(() => overtake(memory))
    await execute(await opened(memory, planWith({ onTimeout: 'kill' })))
    expect(memory.scheduler.deeds).toEqual(['suspend hourly', 'suspend nightly'])
  })

  test('are resumed by the watch once the lease of a lost run is over, and no others SP-25', async () => {
    const memory = timed()
    memory.scheduler.timed.set('hourly', true).set('nightly', true)
    const giveBack = { ...scheduler().cronJobs, active: ['hourly', 'nightly', 'gone'] }
    const lease = aSuspension({ giveBack, release: { tag: newer.tag, sha: newer.sha } })
    await memory.ledgers.append(null, { ...emptyLedger('shop', 'production'), leases: [lease] }, 'as it was')
    await memory.clock.advance(10_000 * 3_600_000)
    const { deeds } = await watched(memory, { recipe: async () => aRecipe() })
    expect(deeds.map(({ duty }) => duty.kind)).toEqual(['give-back'])
    expect(suspendedIn(memory)).toEqual(['stopped'])
    expect(memory.voice.texts('warning').join()).toContain('gone in shop')
    expect((await keptLedger(memory)).leases).toEqual([])
  })

  test('in a namespace that the scheduler has left meanwhile are resumed there as well', async () => {
    const { memory, old, ends } = await movedFrom({ context: null })
    expect(ends).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect([old.deeds, suspendedIn(memory)]).toEqual([['resume weekly'], ['stopped']])
    expect((await keptLedger(memory)).leases).toEqual([])
  })

  test('in a left namespace that is gone from its cluster are told, and the others are resumed', async () => {
    const gone = { context: 'production', missing: ['old-shop'] }
    const { memory, old, ends } = await movedFrom(gone)
    expect(ends).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect([old.deeds, suspendedIn(memory)]).toEqual([[], ['stopped']])
    expect(memory.voice.texts('warning').join()).toContain('weekly in old-shop, looked for in production.')
    expect((await keptLedger(memory)).leases).toEqual([])
  })

  test('in a namespace that is missing from a cluster without a name are unknown, and keep no others suspended', async () => {
    const { memory, old, ends } = await movedFrom({ context: null, missing: ['old-shop'] })
    expect([old.deeds, suspendedIn(memory)]).toEqual([[], ['stopped']])
    expect(JSON.stringify(ends)).toContain('It is unknown if weekly in old-shop are resumed')
    const left = [{ namespace: 'older-shop' }, { namespace: 'old-shop', active: ['weekly'] }]
    expect((await keptLedger(memory)).leases).toMatchObject([{ giveBack: { left } }])
  })

  test('are resumed in the second of two left namespaces where the first does not answer', async () => {
    const { old, ends } = await movedFrom({ context: null, silent: ['older-shop'] })
    expect(old.deeds).toEqual(['resume weekly'])
    expect(JSON.stringify(ends)).toContain('The engine did not answer.')
  })

  test('are resumed before the deployment ends where the drain fails', async () => {
    const memory = timed()
    memory.scheduler.running.add('hourly-1')
    expect(await execute(await opened(memory, planWith()))).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'drain-timed-out' } },
    })
    expect(suspendedIn(memory)).toEqual(['stopped'])
  })
})

interface Moved {
  readonly context: string | null
  /** The namespaces that are not there. */
  readonly missing?: readonly string[]
  /** Those of which nothing answers. */
  readonly silent?: readonly string[]
}

/** Deploys with a scheduler that has left `older-shop`, then `old-shop`, where `weekly` is suspended, for `shop`. */
async function movedFrom({ context, missing = [], silent = [] }: Moved) {
  const memory = timed()
  const old = createMemoryScheduler()
  old.timed.set('weekly', true).set('never', true)
  const older = createMemoryScheduler()
  const left = { 'old-shop': old, 'older-shop': older }
  for (const [namespace, one] of Object.entries(left)) {
    one.missing = missing.includes(namespace)
    one.silent = silent.includes(namespace)
  }
  const { scheduler: here } = memory.ports
  Object.assign(memory.ports, {
    scheduler: (jobs: EngineScheduler['cronJobs']) =>
      jobs.namespace === 'old-shop' || jobs.namespace === 'older-shop'
        ? left[jobs.namespace].control
        : here(jobs),
  })
  const inPlace = { ...scheduler().cronJobs, context, active: ['weekly'] }
  const first = { ...inPlace, namespace: 'older-shop' }
  const giveBack = { ...first, left: [{ ...inPlace, namespace: 'old-shop' }] }
  const cronJobs = { ...scheduler().cronJobs, context }
  const opening = await opened(memory, planWith({ cronJobs }), { leases: [aSuspension({ giveBack })] })
  return { memory, old, ends: await execute(opening) }
}

/** Kills a run at a call of the engine: the call never returns. Null where it came to its end before. */
async function killedAt(
  memory: InMemory,
  verb: 'observe' | 'suspend' | 'resume',
  at: number,
  when: 'before' | 'after',
): Promise<Ledger | null> {
  const { control } = memory.scheduler
  let calls = 0
  let tell: (ledger: Ledger) => void = () => {}
  const died = new Promise<Ledger>((resolve) => {
    tell = resolve
  })
  const dying =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      calls += 1
      if (calls !== at) return work(...args)
      const ledger = durableLedger(memory)
      if (when === 'after') await work(...args)
      tell(ledger)
      return new Promise<never>(() => {})
    }
  const { observe, suspend, resume } = control
  const deadly = {
    observe: { observe: dying(observe) },
    suspend: { suspend: dying(suspend) },
    resume: { resume: dying(resume) },
  }
  const plan = planWith()
  await opened(memory, plan)
  const ports = { ...memory.ports, scheduler: () => ({ ...control, ...deadly[verb] }) }
  const session = openSession(await memory.ledgers.read('shop', 'production'), ports)
  const whole = execute({ ports, plan, session, stop: memory.stop }).then(() => null)
  return Promise.race([whole, died])
}
