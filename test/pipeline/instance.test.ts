import { describe, expect, test } from 'vitest'
import type { Probe } from '../../src/domain/config/command.ts'
import type { Service } from '../../src/domain/config/service.ts'
import { backInCode, type Direction, onward } from '../../src/domain/journal/direction.ts'
import type { Answer } from '../../src/pipeline/ports.ts'
import { change } from '../../src/pipeline/roll/change.ts'
import { observe, saidVersion } from '../../src/pipeline/roll/instance-observed.ts'
import { workOn } from '../../src/pipeline/roll/instance-work.ts'
import { aCommand, aService, newer, older } from '../domain/a-plan.ts'
import type { Reply } from '../fakes/fake-prober.ts'
import { type InMemory, inMemory, leanPlan, opened, unrepeated } from './in-memory.ts'

const yes: Answer = { kind: 'yes', text: '' }
const no = (text = ''): Answer => ({ kind: 'no', why: 'answered 503', text })
const absent: Answer = { kind: 'absent', why: 'connection refused' }

interface Setting {
  readonly service?: Partial<Service>
  readonly direction?: Direction
  readonly signal?: AbortSignal
  readonly env?: Readonly<Record<string, string>>
}

async function aWork(memory: InMemory, { service = {}, direction = onward, signal, env = {} }: Setting) {
  const web = aService('web', 2, {}, service)
  const context = await opened(memory, leanPlan({ services: [web] }))
  return workOn(context, web, { name: 'web-1', env }, direction, signal ?? memory.stop.forced)
}

const changed = async (memory: InMemory, setting: Setting = {}) =>
  change(await aWork(memory, setting), {
    installs() {},
    out() {},
    back() {},
    handedOver() {},
    takenBack() {},
  })

const whole = ['leave', 'stop', 'install', 'start', 'self-test?', 'version?', 'is-alive?', 'enter'].map(
  (effect) => `${effect} web-1`,
)

describe('changing one instance', () => {
  test('out of traffic, stopped, installed, started, tested, the right one, healthy, back WX-13 WX-14 WX-15 WX-16', async () => {
    const memory = inMemory()
    expect(await changed(memory)).toBeNull()
    expect(unrepeated(memory.effects())).toEqual(whole)
  })

  test.each([
    ['leave', 'traffic-stuck', 1, []],
    ['stop', 'command-failed', 2, []],
    ['install', 'command-failed', 3, []],
    ['self-test', 'self-test-failed', 5, ['leave web-1', 'is-alive? web-1', 'stop web-1']],
    ['version', 'version-wrong', 6, ['leave web-1', 'is-alive? web-1', 'stop web-1']],
    ['is-alive', 'instance-unhealthy', 7, ['leave web-1', 'is-alive? web-1']],
    ['enter', 'traffic-stuck', 8, ['leave web-1', 'is-alive? web-1', 'stop web-1']],
  ])(
    'when %s fails it is %s, and nothing follows that would give it traffic WX-18 WX-20',
    async (broken, code, reached, after) => {
      const memory = inMemory()
      memory.shell.play(broken, { ends: { kind: 'exited', code: 1 } })
      memory.prober.reply(broken, broken === 'version' ? { kind: 'yes', text: older.tag } : no())
      if (broken === 'enter') memory.traffic.enter = async () => 'the balancer does not know it'
      const leave = async () => 'requests are still under way'
      if (broken === 'leave') memory.traffic.leave = leave
      expect(await changed(memory)).toMatchObject({ code })
      expect(unrepeated(memory.effects())).toEqual([...whole.slice(0, reached), ...after])
    },
  )

  test('one whose start failed may run all the same, and is kept out of traffic too WX-20', async () => {
    const memory = inMemory()
    memory.shell.play('start', { lines: ['no pid file'], ends: { kind: 'exited', code: 1 } })
    expect(await changed(memory)).toMatchObject({ code: 'command-failed', tail: ['no pid file'] })
    expect(memory.effects().slice(4)).toEqual(['leave web-1', 'is-alive? web-1', 'stop web-1'])
  })

  test('one that has a balancer is taken out of it and stays for inspection, alive as it is WX-20', async () => {
    const memory = inMemory()
    memory.prober.reply('self-test', no())
    const traffic = { kind: 'command', leave: null, enter: null, serving: null, timeout: 1_000 } as const
    expect(await changed(memory, { service: { traffic } })).toMatchObject({ code: 'self-test-failed' })
    expect(memory.effects().slice(5)).toEqual(['leave web-1'])
  })

  test('a command or probe that a service does not have is left out', async () => {
    const memory = inMemory()
    const service = {
      fleet: {
        kind: 'local',
        instances: [],
        prepare: null,
        stop: null,
        install: aCommand('install'),
        start: null,
      },
      version: null,
      healthCheck: null,
      selfTest: null,
    } as const
    expect(await changed(memory, { service })).toBeNull()
    expect(memory.effects()).toEqual(['leave web-1', 'install web-1', 'enter web-1'])
  })

  test('the lines of its commands stand in the log under its name, and do nothing there', async () => {
    const memory = inMemory()
    memory.shell.play('start', { lines: ['::error::no'] })
    await changed(memory)
    expect(memory.voice.texts('quoted')).toEqual(['web-1 │ ::error::no'])
    expect(memory.voice.openQuotes()).toBe(0)
  })
})

describe('the self test', () => {
  const tested = async (replies: readonly [Reply, ...Reply[]], retries = 0) => {
    const memory = inMemory()
    memory.prober.reply('self-test', ...replies)
    const selfTest = {
      probe: { kind: 'run', command: aCommand('self-test') },
      timeout: 60_000,
      retries,
    } as const
    const failure = await changed(memory, { service: { selfTest } })
    const asked = memory.prober.asked.filter((question) => question === 'self-test').length
    return { failure, asked, seconds: memory.seconds() }
  }

  test('waits while nobody is there, and asks for life only when it has passed WX-15', async () => {
    expect(await tested([absent, absent, yes])).toMatchObject({ failure: null, asked: 3 })
  })

  test('the first answer decides, and its words are kept WX-18', async () => {
    const { failure, asked } = await tested([absent, no('database unreachable\ncache cold'), yes])
    expect(failure).toMatchObject({ code: 'self-test-failed', tail: ['database unreachable', 'cache cold'] })
    expect(failure?.what).toContain('answered 503')
    expect(asked).toBe(2)
  })

  test('each further try takes the next answer; when they are used up it has failed', async () => {
    expect(await tested([no(), no(), yes], 2)).toMatchObject({ failure: null, asked: 3 })
    expect(await tested([no(), no(), yes], 1)).toMatchObject({
      failure: { code: 'self-test-failed' },
      asked: 2,
    })
  })

  test('unreachable or silent until its timeout, it has failed WX-18', async () => {
    const unreachable = await tested([absent])
    expect(unreachable.failure).toMatchObject({ code: 'self-test-failed' })
    expect(unreachable.seconds).toBeGreaterThanOrEqual(60)
    expect(unreachable.seconds).toBeLessThan(61)
    const silent = await tested([{ kind: 'silent' }])
    expect(silent.failure?.what).toContain('no answer within 60 s')
    expect(silent).toMatchObject({ asked: 1, seconds: 60 })
  })
})

describe('the version', () => {
  test.each([
    ['the tag', newer.tag],
    ['the commit', newer.sha],
    ['the first line', `  ${newer.tag}\r\nbuilt on Monday\n`],
    ['JSON with a version', `{ "version": "${newer.tag}", "release": "other" }`],
    ['JSON with a release', `\n{ "release": "${newer.sha}" }`],
  ])('%s is taken for what it runs', async (_what, text) => {
    const memory = inMemory()
    memory.prober.reply('version', { kind: 'yes', text })
    expect(await changed(memory)).toBeNull()
  })

  test.each([
    ['another tag', older.tag, `it says ${older.tag}`],
    ['a part of the commit', newer.sha.slice(0, 7), `it says ${newer.sha.slice(0, 7)}`],
    ['nothing', ' \n', 'it says nothing'],
    ['a number in JSON', '{ "version": 110 }', 'it says nothing'],
    ['broken JSON', `{ "version": "${newer.tag}"`, 'it says nothing'],
  ])('%s is wrong, although the self test passed', async (_what, text, found) => {
    const memory = inMemory()
    memory.prober.reply('version', { kind: 'yes', text })
    const failure = await changed(memory)
    expect(failure).toMatchObject({ code: 'version-wrong' })
    expect(failure?.what).toContain(found)
    expect(memory.effects()).not.toContain('enter web-1')
  })

  test('stderr of its probe is shown where the version is wrong F21', async () => {
    const memory = inMemory()
    memory.prober.reply('version', { kind: 'yes', text: '', said: 'no config\nDeprecationWarning\n' })
    expect(await changed(memory)).toMatchObject({
      code: 'version-wrong',
      tail: ['no config', 'DeprecationWarning'],
    })
  })

  test('may come late, but not later than an instance may take to be healthy', async () => {
    const late = inMemory()
    late.prober.reply('version', absent, no(), { kind: 'yes', text: newer.tag })
    expect(await changed(late)).toBeNull()
    const never = inMemory()
    never.prober.reply('version', absent)
    expect(await changed(never)).toMatchObject({ code: 'version-wrong' })
    expect(never.seconds()).toBeGreaterThanOrEqual(60)
    expect(never.seconds()).toBeLessThan(61)
  })

  test('an answer that is an empty JSON object names no version', () => {
    expect(saidVersion('{}')).toBeNull()
  })
})

describe('becoming healthy', () => {
  /** Alive by the clock, in seconds since the start: true from, false from, and so on. */
  const aliveFrom = (memory: InMemory, ...turns: readonly number[]) =>
    memory.prober.replyBy('is-alive', () =>
      turns.filter((turn) => turn <= memory.seconds()).length % 2 === 1 ? yes : no(),
    )

  test('takes min-healthy-time without a break: a flap begins it anew', async () => {
    const steady = inMemory()
    aliveFrom(steady, 0)
    expect(await changed(steady)).toBeNull()
    expect(steady.timeline().at(-1)).toBe('5 enter web-1')

    const flapping = inMemory()
    aliveFrom(flapping, 0, 3, 4)
    expect(await changed(flapping)).toBeNull()
    expect(flapping.timeline().at(-1)).toBe('9 enter web-1')
  })

  test.each([3_600_000, -3_600_000])(
    'takes min-healthy-time anew, and no deadline runs out, where the clock jumps by %i ms F03',
    async (jump) => {
      const memory = inMemory()
      aliveFrom(memory, -3_600)
      let before = 0
      void memory.clock.sleep(2_500).then(() => {
        before = memory.effects().length
        memory.clock.jump(jump)
      })
      expect(await changed(memory)).toBeNull()
      const asked = memory
        .effects()
        .slice(before)
        .filter((effect) => effect === 'is-alive? web-1')
      expect([before > 0, asked.length]).toEqual([true, 6])
    },
  )

  test('has failed when healthy-deadline has passed, dead or too short alive', async () => {
    const dead = inMemory()
    aliveFrom(dead)
    const failure = await changed(dead)
    expect(failure).toMatchObject({ code: 'instance-unhealthy' })
    expect(failure?.what).toContain('60 s: answered 503')
    expect(dead.seconds()).toBe(60)

    const late = inMemory()
    aliveFrom(late, 56)
    expect((await changed(late))?.what).toContain('not healthy for long enough')
    expect(late.effects().slice(-2)).toEqual(['is-alive? web-1', 'stop web-1'])
  })

  test('in time is in time, to the second', async () => {
    const memory = inMemory()
    aliveFrom(memory, 55)
    expect(await changed(memory)).toBeNull()
    expect(memory.seconds()).toBe(60)
  })
})

describe('an instance whose change is ended by force', () => {
  test('has its command ended, and nothing more is done to it', async () => {
    const memory = inMemory()
    memory.shell.play('install', () => {
      void memory.clock.sleep(2_000).then(memory.forceToStop)
      return { takes: 30_000 }
    })
    expect(await changed(memory)).toMatchObject({ code: 'interrupted' })
    expect(memory.timeline()).toEqual(['0 leave web-1', '0 stop web-1', '0 install web-1'])
    expect(memory.seconds()).toBe(2)
  })

  test.each(['self-test', 'version', 'is-alive'])('is asked no more (%s)', async (question) => {
    const memory = inMemory()
    memory.prober.reply(question, absent)
    void memory.clock.sleep(2_000).then(memory.forceToStop)
    expect(await changed(memory)).not.toBeNull()
    expect(memory.effects().at(-1)).toBe(`${question}? web-1`)
    expect(memory.seconds()).toBe(2)
  })
})

describe('the variables of an instance', () => {
  const seenBy = async (setting: Setting) => {
    const memory = inMemory()
    await changed(memory, setting)
    const install = memory.shell.calls.find(({ command }) => command.run === 'install')
    return install?.variables ?? {}
  }

  test('is its own variables, and those of the deployment', async () => {
    expect(await seenBy({ env: { PORT: '8081', HOST: 'web-1.internal' } })).toEqual({
      PORT: '8081',
      HOST: 'web-1.internal',
      ROLLGATE_APP: 'shop',
      ROLLGATE_ENVIRONMENT: 'production',
      ROLLGATE_MODE: 'deploy',
      ROLLGATE_DEPLOYMENT: '7',
      ROLLGATE_URL: '',
      ROLLGATE_RELEASE: newer.tag,
      ROLLGATE_SHA: newer.sha,
      ROLLGATE_CHECKOUT: `files of ${newer.sha}`,
      ROLLGATE_PREVIOUS_RELEASE: older.tag,
      ROLLGATE_PREVIOUS_SHA: older.sha,
      ROLLGATE_SERVICE: 'web',
      ROLLGATE_INSTANCE: 'web-1',
    })
  })

  test('going back is the previous release, with its files', async () => {
    expect(await seenBy({ direction: backInCode })).toMatchObject({
      ROLLGATE_MODE: 'rollback',
      ROLLGATE_RELEASE: older.tag,
      ROLLGATE_SHA: older.sha,
      ROLLGATE_CHECKOUT: `files of ${older.sha}`,
      ROLLGATE_PREVIOUS_RELEASE: newer.tag,
    })
  })

  test('tells each test request the environment that it is for MM-15', async () => {
    const memory = inMemory()
    const told: (string | undefined)[] = []
    memory.prober.replyBy('self-test', ({ ROLLGATE_ENVIRONMENT: environment }) => {
      told.push(environment)
      return yes
    })
    await changed(memory)
    expect(told).toEqual(['production'])
  })

  test('reaches its addresses as well', async () => {
    const memory = inMemory()
    const probe: Probe = { kind: 'http', url: 'http://$HOST/self-test', timeout: 1_000 }
    memory.prober.reply('http://web-1.internal/self-test', yes)
    const selfTest = { probe, timeout: 1_000, retries: 0 }
    const env = { HOST: 'web-1.internal' }
    expect(await changed(memory, { service: { selfTest }, env })).toBeNull()
  })

  test('cannot be named otherwise by its own variables', async () => {
    const env = { ROLLGATE_INSTANCE: 'web-9', ROLLGATE_SERVICE: 'api' }
    expect(await seenBy({ env })).toMatchObject({ ROLLGATE_INSTANCE: 'web-1', ROLLGATE_SERVICE: 'web' })
  })
})

describe('looking at an instance', () => {
  const observed = async (memory: InMemory, service: Partial<Service> = {}) =>
    observe(await aWork(memory, { service }))

  test('asks each thing once and changes nothing', async () => {
    const memory = inMemory()
    expect(await observed(memory)).toEqual({ version: older.tag, healthy: true })
    expect(memory.effects()).toEqual(['version? web-1', 'is-alive? web-1'])
  })

  test('one that is up and gets no requests is not available CC-21', async () => {
    const memory = inMemory()
    const serving: Probe = { kind: 'run', command: aCommand('in-pool') }
    const traffic = { kind: 'command', leave: null, enter: null, serving, timeout: 1_000 } as const
    expect(await observed(memory, { traffic })).toMatchObject({ healthy: true, inTraffic: true })
    memory.prober.reply('in-pool', no())
    const out = await observed(memory, { traffic })
    expect(out).toMatchObject({ healthy: false })
    expect(out).not.toHaveProperty('inTraffic')
  })

  test('without a health check, one that answers is healthy; without any question, every one is', async () => {
    const memory = inMemory()
    expect(await observed(memory, { healthCheck: null })).toMatchObject({ healthy: true })
    memory.prober.reply('version', absent)
    expect(await observed(memory, { healthCheck: null })).toEqual({ version: null, healthy: false })
    expect(await observed(memory, { healthCheck: null, version: null })).toEqual({
      version: null,
      healthy: true,
    })
  })
})
