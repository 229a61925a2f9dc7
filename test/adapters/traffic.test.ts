import { describe, expect, test } from 'vitest'
import { createLocalFleet } from '../../src/adapters/local-fleet.ts'
import { createTraffic } from '../../src/adapters/traffic.ts'
import type { Probe } from '../../src/domain/config/command.ts'
import type { Traffic } from '../../src/domain/config/service.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { createFakeProber } from '../fakes/fake-prober.ts'
import { createFakeShell } from '../fakes/fake-shell.ts'

type ByCommand = Extract<Traffic, { kind: 'command' }>

const web1 = { name: 'web-1', env: { PORT: '8081' } }
const serving: Probe = { kind: 'http', url: 'http://door/$PORT', timeout: 2000 }
const absent = { kind: 'absent', why: 'connection refused' } as const

function setUp(recipe: Partial<ByCommand> = {}) {
  const clock = createFakeClock()
  const shell = createFakeShell(clock)
  const prober = createFakeProber(clock)
  const began = clock.now().getTime()
  const traffic = createTraffic(
    {
      kind: 'command',
      leave: command('bin/leave'),
      enter: command('bin/enter'),
      serving: null,
      timeout: 5000,
      ...recipe,
    },
    { fleet: createLocalFleet({ prepare: null }, { shell, prober, home: '/' }), clock },
  )
  return { traffic, shell, prober, elapsed: () => clock.now().getTime() - began }
}

describe('traffic by is-alive', () => {
  function says(leave = command('bin/not-alive')) {
    const clock = createFakeClock()
    const shell = createFakeShell(clock)
    const began = clock.now().getTime()
    const options = {
      fleet: createLocalFleet({ prepare: null }, { shell, prober: createFakeProber(clock), home: '/' }),
      clock,
    }
    const traffic = createTraffic({ kind: 'is-alive', leave, wait: 5_000 }, options)
    return { traffic, shell, elapsed: () => clock.now().getTime() - began }
  }

  test('an instance says first that it is not alive, and the balancer has time to notice both ways F31', async () => {
    const { traffic, shell, elapsed } = says()
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    expect(shell.calls.map(({ command }) => command.run)).toEqual(['bin/not-alive'])
    expect(elapsed()).toBe(5_000)
    expect(await traffic.enter(web1, {}, listener())).toBeNull()
    expect(elapsed()).toBe(10_000)
  })

  test('one that cannot say so has not left F31', async () => {
    const { traffic, shell, elapsed } = says()
    shell.play('bin/not-alive', { lines: ['no such process'], ends: { kind: 'exited', code: 3 } })
    expect(await traffic.leave(web1, {}, listener())).toBe(
      'the command to leave traffic exited with 3: no such process',
    )
    expect(elapsed()).toBe(0)
  })

  test('a wait that is ended early is no entering F31', async () => {
    const abort = new AbortController()
    abort.abort()
    expect(await says().traffic.enter(web1, {}, listener(abort.signal))).toMatch(
      /was stopped before the balancer could notice/,
    )
  })

  test('leaves it to the balancer: nothing is run', async () => {
    const clock = createFakeClock()
    const shell = createFakeShell(clock)
    const options = {
      fleet: createLocalFleet({ prepare: null }, { shell, prober: createFakeProber(clock), home: '/' }),
      clock,
    }
    const traffic = createTraffic({ kind: 'is-alive' }, options)
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    expect(await traffic.enter(web1, {}, listener())).toBeNull()
    expect(shell.calls).toEqual([])
  })
})

describe('traffic by commands', () => {
  test('is left and entered by the instance’s own', async () => {
    const { traffic, shell } = setUp()
    expect(await traffic.leave(web1, { ROLLGATE_INSTANCE: 'web-1' }, listener())).toBeNull()
    expect(await traffic.enter(web1, {}, listener())).toBeNull()
    expect(shell.calls.map(({ command }) => command.run)).toEqual(['bin/leave', 'bin/enter'])
    expect(shell.calls[0]?.variables).toMatchObject({ PORT: '8081', ROLLGATE_INSTANCE: 'web-1' })
  })

  test('needs no command for either', async () => {
    const { traffic, shell } = setUp({ leave: null, enter: null })
    expect(await traffic.leave(web1, {}, listener())).toBeNull()
    expect(await traffic.enter(web1, {}, listener())).toBeNull()
    expect(shell.calls).toEqual([])
  })

  test.each([
    [{ lines: ['backend is gone', ''], ends: { kind: 'exited', code: 2 } }, 'exited with 2: backend is gone'],
    [{ takes: 60_000 }, 'still ran after 10 s'],
    [{ ends: { kind: 'not-found', name: 'haproxy' } }, 'could not run: haproxy was not found'],
    [{ ends: { kind: 'signalled', signal: 'SIGKILL' } }, 'was ended by SIGKILL'],
  ] as const)('says why it could not be left', async (part, why) => {
    const { traffic, shell } = setUp()
    shell.play('bin/leave', part)
    expect(await traffic.leave(web1, {}, listener())).toBe(`the command to leave traffic ${why}`)
  })

  test('is entered when the front door says so, asked soon again at first', async () => {
    const { traffic, prober, elapsed } = setUp({ serving })
    prober.reply(
      'http://door/8081',
      absent,
      { kind: 'no', why: 'answered 503', text: '' },
      { kind: 'yes', text: '' },
    )
    expect(await traffic.enter(web1, {}, listener())).toBeNull()
    // 10 ms, then 12.
    expect(elapsed()).toBe(22)
  })

  test('is not asked for when the command to enter failed', async () => {
    const { traffic, shell, prober } = setUp({ serving })
    shell.play('bin/enter', { ends: { kind: 'exited', code: 1 } })
    expect(await traffic.enter(web1, {}, listener())).toBe('the command to enter traffic exited with 1')
    expect(prober.asked).toEqual([])
  })

  test('that never comes is a text with the last answer, in time', async () => {
    const { traffic, elapsed } = setUp({ serving })
    const why = await traffic.enter(web1, {}, listener())
    expect(why).toBe('the front door sent it no requests within 5 s: connection refused')
    expect(elapsed()).toBeLessThanOrEqual(5000)
  })

  test('that is never told ends in time too', async () => {
    const { traffic, prober, elapsed } = setUp({ serving: { ...serving, timeout: 60_000 } })
    prober.reply('http://door/8081', { kind: 'silent' })
    const why = await traffic.enter(web1, {}, listener())
    expect(why).toBe('the front door sent it no requests within 5 s: no answer within 5 s')
    expect(elapsed()).toBe(5000)
  })

  test('is no longer awaited after an abort', async () => {
    const { traffic, prober } = setUp({ serving })
    const abort = new AbortController()
    prober.replyBy('http://door/8081', () => {
      abort.abort()
      return absent
    })
    const why = await traffic.enter(web1, {}, listener(abort.signal))
    expect(why).toBe('was stopped before the front door sent it requests')
  })
})

describe('traffic of an instance behind the front door', () => {
  const asked = async (
    recipe: Partial<ByCommand>,
    answer?: Parameters<ReturnType<typeof createFakeProber>['reply']>[1],
  ) => {
    const { traffic, prober } = setUp(recipe)
    if (answer !== undefined) prober.reply('http://door/8081', answer)
    return traffic.serves(web1, {}, listener().signal)
  }

  test('is what it answers, and absent where there is no way to ask', async () => {
    expect(await asked({ serving }, { kind: 'yes', text: '' })).toEqual({ kind: 'found', value: true })
    expect(await asked({ serving }, { kind: 'no', why: 'answered 503', text: '' })).toEqual({
      kind: 'found',
      value: false,
    })
    expect(await asked({ serving: null })).toEqual({ kind: 'absent' })
  })

  test('is unknown where it does not answer, and neither yes nor no F03', async () => {
    for (const silent of [absent, { kind: 'timed-out', after: 2000 } as const])
      expect(await asked({ serving }, silent)).toMatchObject({
        kind: 'unknown',
        why: { code: 'traffic-unknown' },
      })
  })
})
