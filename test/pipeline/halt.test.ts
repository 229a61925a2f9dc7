import { describe, expect, test } from 'vitest'
import type { Journal } from '../../src/domain/journal/journal.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { Problem } from '../../src/domain/problem.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import type { HaltPolicy } from '../../src/domain/signal/halt-policy.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { aCommand, aPolicy, aScheduler, aService, older } from '../domain/a-plan.ts'
import { anAsk } from '../domain/an-ask.ts'
import { bob, type InMemory, inMemory, leanPlan, opened, reading } from './in-memory.ts'

const incidents: HaltPolicy = { labels: ['incident'], command: null, http: null, onHalt: 'ask' }
const web = [aService('web', 4)]
const plan = leanPlan({ services: web, halt: incidents })
const policy = aPolicy({ approval: { kind: 'none' }, halt: incidents })

const installs = (memory: InMemory) => memory.effects().filter((effect) => effect.startsWith('install'))
const installsOf = (...names: string[]) => names.map((name) => `install ${name}`)
const halts = (journal: Journal) => journal.filter(({ kind }) => kind === 'halted')

/** Runs an action while an instance is changed. */
const during = (memory: InMemory, instance: string, happens: () => unknown) =>
  memory.shell.play('start', ({ variables }) => {
    if (variables.ROLLGATE_INSTANCE === instance) void happens()
    return {}
  })

async function rolled(memory: InMemory, what: Plan = plan) {
  const context = await opened(memory, what)
  return { context, ending: await execute(context) }
}

async function answer(memory: InMemory, decision: FinalDecision, pause = '7.1', halt = incidents) {
  const kept = await memory.ledgers.read('shop', 'production')
  const given = { environment: 'production', pause, decision, instances: [], reason: 'seen to', by: 'bob' }
  const { ending } = await decide(
    memory.ports,
    { ...kept, policy: { ...policy, halt } },
    { ...given, override: '' },
    bob,
    memory.stop,
    reading,
  )
  return ending
}

describe('an issue that opens in mid-roll', () => {
  const halted = async () => {
    const memory = inMemory()
    let issue = 0
    during(memory, 'web-2', () => {
      issue = memory.issues.incident('Orders are lost')
    })
    const { ending } = await rolled(memory)
    return { memory, ending, issue }
  }

  test('lets the running batch finish, begins no further one, and asks with what was read', async () => {
    const { memory, ending } = await halted()
    expect(installs(memory)).toEqual(installsOf('web-1', 'web-2'))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: {
        id: '7.1',
        kind: 'halt',
        step: 'roll-services/web',
        options: ['retry', 'force-next', 'roll-back', 'abandon'],
        failure: {
          code: 'halted',
          what: 'production is halted: issue #1 "Orders are lost" (incident) is open.',
          tail: ['https://github.com/acme/shop/issues/1'],
        },
        capacity: { available: 4, total: 4 },
      },
    })
  })

  test('goes on once it is closed and answered, and asks again while it is open', async () => {
    const { memory, issue } = await halted()
    expect(await answer(memory, 'retry')).toMatchObject({
      kind: 'waiting',
      pause: { id: '7.2', kind: 'halt' },
    })
    expect(installs(memory)).toHaveLength(2)
    await memory.issues.close(issue, 'completed')
    expect(await answer(memory, 'retry', '7.2')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(installs(memory)).toHaveLength(4)
  })

  test('is passed by force-next, and another issue halts again', async () => {
    const { memory } = await halted()
    during(memory, 'web-3', () => memory.issues.incident('Carts are lost'))
    expect(await answer(memory, 'force-next')).toMatchObject({
      pause: { id: '7.2', signals: [{ kind: 'issue', number: 2 }] },
    })
    expect(installs(memory)).toEqual(installsOf('web-1', 'web-2', 'web-3'))
  })

  test('does not hold the way back, to which it is an answer', async () => {
    const { memory } = await halted()
    expect(await answer(memory, 'roll-back')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect([...memory.installed.values()]).toEqual([older.tag, older.tag])
  })

  test('takes the release back unasked where the policy says so', async () => {
    const memory = inMemory()
    during(memory, 'web-2', () => memory.issues.incident('Orders are lost'))
    const { ending } = await rolled(
      memory,
      leanPlan({ services: web, halt: { ...incidents, onHalt: 'roll-back' } }),
    )
    expect(ending).toMatchObject({ outcome: { kind: 'rolled-back', failure: { code: 'halted' } } })
    expect([...memory.installed.values()]).toEqual([older.tag, older.tag])
  })
})

describe('an issue that is open at the start', () => {
  test('keeps everything with impact from beginning', async () => {
    const memory = inMemory()
    memory.issues.incident('Orders are lost')
    const steps = { build: { command: aCommand('build'), unless: null }, configureBroker: aCommand('broker') }
    const { ending } = await rolled(memory, leanPlan({ services: web, steps, halt: incidents }))
    expect(ending).toMatchObject({ pause: { kind: 'halt', step: 'configure-broker', capacity: null } })
    expect(memory.effects()).toEqual(['build'])
  })

  test('is let through by override-halt, though a person still is not', async () => {
    const memory = inMemory()
    memory.issues.incident('Orders are lost')
    during(memory, 'web-1', () => memory.asks.add('shop', 'production', anAsk({ deployment: 7 })))
    const override = { by: 'ada', reason: 'the fix' }
    const { ending } = await rolled(
      memory,
      leanPlan({ services: web, halt: incidents, overrideHalt: override }),
    )
    expect(ending).toMatchObject({ pause: { kind: 'halt', signals: [{ kind: 'person', by: 'dora' }] } })
    expect(installs(memory)).toEqual(installsOf('web-1'))
  })

  test('lets a suspended scheduler be resumed', async () => {
    const memory = inMemory()
    during(memory, '', () => {})
    memory.shell.play('migrate', () => {
      memory.issues.incident('Orders are lost')
      return {}
    })
    const steps = {
      scheduler: aScheduler(),
      migrate: { command: aCommand('migrate'), phase: 'expand', repeatable: false },
    } as const
    const { ending } = await rolled(memory, leanPlan({ services: web, steps, halt: incidents }))
    expect(ending).toMatchObject({ pause: { kind: 'halt', step: 'roll-services/web' } })
    expect(memory.effects()).toContain('resume')
  })

  test('does not hold a mode that goes back, or one that only a person holds', async () => {
    const memory = inMemory()
    memory.issues.incident('Orders are lost')
    const { ending } = await rolled(memory, { ...plan, mode: 'rollback' })
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    const other = inMemory()
    other.issues.incident('Orders are lost')
    expect((await rolled(other, { ...plan, mode: 'redeploy' })).ending).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
  })
})

describe('a signal that is unknown', () => {
  const hidden = { code: 'github-unavailable', what: 'GitHub answered 502.', why: '', next: '' } as const

  test('is asked again for a minute, halts, and says so', async () => {
    const memory = inMemory()
    memory.issues.hide(hidden)
    const { ending } = await rolled(memory)
    expect(memory.seconds()).toBe(60)
    expect(ending).toMatchObject({
      pause: {
        failure: {
          what: 'production is halted: the issues that halt are unknown: GitHub answered 502.',
        },
      },
    })
    expect(installs(memory)).toEqual([])
  })

  test('is quiet if it answers within the minute', async () => {
    const memory = inMemory()
    memory.issues.hide(hidden)
    void memory.clock.sleep(25_000).then(() => memory.issues.hide(null))
    const { ending } = await rolled(memory)
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.timeline().find((effect) => effect.endsWith('install web-1'))).toBe('27 install web-1')
  })

  test('never takes a release back unasked', async () => {
    const memory = inMemory()
    during(memory, 'web-1', () => memory.issues.hide(hidden))
    const { ending } = await rolled(
      memory,
      leanPlan({ services: web, halt: { ...incidents, onHalt: 'roll-back' } }),
    )
    expect(ending).toMatchObject({ kind: 'waiting', pause: { kind: 'halt' } })
  })

  test('does not hold a run that is cancelled meanwhile', async () => {
    const memory = inMemory()
    memory.issues.hide(hidden)
    void memory.clock.sleep(15_000).then(memory.askToStop)
    const { ending, context } = await rolled(memory)
    expect(ending).toMatchObject({ kind: 'interrupted' })
    expect(halts(context.session.journal)).toEqual([])
  })
})

describe('a command and an address of the policy', () => {
  const alarms = aCommand('bin/alarms-quiet')
  const withCommand = leanPlan({ services: web, halt: { ...incidents, labels: [], command: alarms } })
  const http = { kind: 'http', url: 'http://alarms/', timeout: 1_000 } as const

  const played = (code: number) => ({
    lines: ['checked', '3 alarms are firing', ''],
    ends: { kind: 'exited', code } as const,
  })

  test('an exit with 1 halts and shows the last line; it runs in the files of the default branch', async () => {
    const memory = inMemory()
    const main = await memory.repository.commit('main', { 'bin/alarms-quiet': '' }, 'alarms')
    memory.shell.play('bin/alarms-quiet', played(1))
    const { ending } = await rolled(memory, withCommand)
    expect(ending).toMatchObject({
      pause: {
        failure: { what: 'production is halted: bin/alarms-quiet: 3 alarms are firing.' },
        signals: [{ kind: 'alarm', source: 'command' }],
      },
    })
    const [call] = memory.shell.calls
    expect(call?.command.workingDirectory).toBe(`files of ${main}`)
    expect(call?.variables).toMatchObject({ ROLLGATE_ENVIRONMENT: 'production', ROLLGATE_DEPLOYMENT: '7' })
  })

  test('force-next passes the alarm that was asked about, and one in other words halts again', async () => {
    const memory = inMemory()
    await memory.repository.commit('main', {}, 'alarms')
    memory.shell.play('bin/alarms-quiet', played(1))
    const alarmed = { ...incidents, labels: [], command: alarms }
    await rolled(memory, withCommand)
    during(memory, 'web-2', () =>
      memory.shell.play('bin/alarms-quiet', { ...played(1), lines: ['the database is gone'] }),
    )
    expect(await answer(memory, 'force-next', '7.1', alarmed)).toMatchObject({
      pause: { id: '7.2', signals: [{ kind: 'alarm', said: 'the database is gone' }] },
    })
    expect(installs(memory)).toEqual(installsOf('web-1', 'web-2'))
  })

  test('an exit with 0 is quiet, before the first change and before each batch', async () => {
    const memory = inMemory()
    await memory.repository.commit('main', {}, 'alarms')
    memory.shell.play('bin/alarms-quiet', played(0))
    expect((await rolled(memory, withCommand)).ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    const order = memory.effects().filter((effect) => /^(install|bin)/.test(effect))
    expect(order).toEqual(
      ['web-1', 'web-2', 'web-3', 'web-4'].flatMap((name) => ['bin/alarms-quiet', `install ${name}`]),
    )
  })

  test.each([
    ['another exit code', played(2)],
    ['no program', { ends: { kind: 'not-found', name: 'bin/alarms-quiet' } as const }],
  ])('%s is unknown', async (_, end) => {
    const memory = inMemory()
    await memory.repository.commit('main', {}, 'alarms')
    memory.shell.play('bin/alarms-quiet', end)
    expect((await rolled(memory, withCommand)).ending).toMatchObject({
      pause: { signals: [{ kind: 'unknown', source: 'command' }] },
    })
    expect(memory.seconds()).toBe(60)
  })

  test.each([
    [{ kind: 'no', why: 'answered 503', text: '', status: 503 } as const, 'alarm', 0],
    [{ kind: 'no', why: 'answered 500', text: '', status: 500 } as const, 'alarm', 0],
    [{ kind: 'no', why: 'answered 502', text: '', status: 502 } as const, 'unknown', 60],
    [{ kind: 'no', why: 'answered 401', text: '', status: 401 } as const, 'unknown', 60],
    [{ kind: 'no', why: 'answered 302', text: '', status: 302 } as const, 'unknown', 60],
    [{ kind: 'no', why: 'the address http://alarms/ needs TOKEN', text: '' } as const, 'unknown', 60],
    [{ kind: 'absent', why: 'connection refused' } as const, 'unknown', 60],
  ])('an address that answers %o is %s', async (reply, kind, seconds) => {
    const memory = inMemory()
    memory.prober.reply('http://alarms/', reply)
    const { ending } = await rolled(
      memory,
      leanPlan({ services: web, halt: { ...incidents, labels: [], http } }),
    )
    expect(ending).toMatchObject({ pause: { signals: [{ kind }] } })
    expect(memory.seconds()).toBe(seconds)
  })
})

describe("a person's halt", () => {
  const ask = anAsk({ deployment: 7 })
  const asked = (memory: InMemory, one = ask) => memory.asks.add('shop', 'production', one)
  const unhalted = leanPlan({ services: web })

  test('holds the live run that it names, is noted with who and why, and is taken', async () => {
    const memory = inMemory()
    during(memory, 'web-2', () => asked(memory))
    const { ending, context } = await rolled(memory, unhalted)
    expect(installs(memory)).toEqual(installsOf('web-1', 'web-2'))
    expect(ending).toMatchObject({
      pause: { failure: { what: expect.stringMatching(/dora halted it at .*: orders are lost/) } },
    })
    expect(halts(context.session.journal)).toMatchObject([
      { signals: [{ ask: 'ask-1', by: 'dora', reason: 'orders are lost' }] },
    ])
    expect(await memory.asks.read('shop', 'production')).toEqual({ kind: 'absent' })
    expect(await answer(memory, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
  })

  test('counts once, also where its run was killed before it took the ask away', async () => {
    const memory = inMemory()
    during(memory, 'web-2', () => asked(memory))
    const { take } = memory.asks
    memory.asks.take = async () => {
      throw new Problem('github-unavailable', { what: 'No answer.', why: '', next: '' })
    }
    await rolled(memory, unhalted)
    expect(await memory.asks.read('shop', 'production')).toMatchObject({ kind: 'found' })
    memory.asks.take = take
    expect(await answer(memory, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(await memory.asks.read('shop', 'production')).toEqual({ kind: 'absent' })
  })

  test('is not lost where its run was killed between the note and the question', async () => {
    const memory = inMemory()
    during(memory, 'web-2', () => asked(memory))
    const context = await opened(memory, unhalted)
    const { append } = memory.ledgers
    memory.ledgers.append = async (head, ledger, ...rest) => {
      if (ledger.deployment?.journal.at(-1)?.kind === 'paused') throw new Error('killed')
      return append(head, ledger, ...rest)
    }
    await expect(execute(context)).rejects.toThrow('killed')
    memory.ledgers.append = append
    const kept = await memory.ledgers.read('shop', 'production')
    const session = openSession(kept, memory.ports)
    session.note({ kind: 'interrupted', cause: 'lost' })
    session.note({ kind: 'resumed', ...bob })
    const again = await execute({ ...context, session })
    expect(again).toMatchObject({ kind: 'waiting', pause: { kind: 'halt' } })
    expect(installs(memory)).toEqual(installsOf('web-1', 'web-2'))
  })

  test.each([
    ['an earlier deployment', { deployment: 6 }],
    ['a later one', { deployment: 8 }],
  ])('that names %s holds nothing', async (_, change) => {
    const memory = inMemory()
    await asked(memory, anAsk(change))
    expect((await rolled(memory, unhalted)).ending).toMatchObject({ outcome: { kind: 'succeeded' } })
  })

  test('that names no deployment stands until it is lifted, and holds no restart', async () => {
    const memory = inMemory()
    const standing = anAsk({ deployment: null })
    await asked(memory, standing)
    expect((await rolled(memory, unhalted)).ending).toMatchObject({
      pause: { signals: [{ kind: 'person', stands: true }] },
    })
    expect(await answer(memory, 'retry')).toMatchObject({ pause: { id: '7.2', kind: 'halt' } })
    await memory.asks.take('shop', 'production', [standing.id], 'lifted')
    expect(await answer(memory, 'retry', '7.2')).toMatchObject({ outcome: { kind: 'succeeded' } })
    const other = inMemory()
    await asked(other, standing)
    expect((await rolled(other, { ...unhalted, mode: 'restart' })).ending).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
  })

  test('takes one request a batch beside the one for the lock, if there is an ask', async () => {
    const memory = inMemory()
    const { tips } = memory.ledgers
    let requests = 0
    memory.ledgers.tips = (...place) => {
      requests += 1
      return tips(...place)
    }
    await rolled(memory, unhalted)
    expect(requests).toBeLessThanOrEqual(4 + 1)
    expect(memory.asks.reads).toBe(0)
  })
})
