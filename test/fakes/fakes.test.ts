import { describe, expect, test } from 'vitest'
import { clockContract } from '../contracts/clock.contract.ts'
import { contractProbes, proberContract } from '../contracts/prober.contract.ts'
import { contractCommands, greeting, shellContract } from '../contracts/shell.contract.ts'
import { createFakeClock } from './fake-clock.ts'
import { createFakeProber } from './fake-prober.ts'
import { createFakeShell } from './fake-shell.ts'
import { createFakeVoice } from './fake-voice.ts'

clockContract('the fake', () => createFakeClock())

shellContract('the fake', () => {
  const shell = createFakeShell(createFakeClock())
  shell.play(contractCommands.succeeds, { lines: ['one', 'two'] })
  shell.play(contractCommands.warns, { errors: ['deprecated'], lines: ['v1.1.0'] })
  shell.play(contractCommands.fails, { lines: ['broken'], ends: { kind: 'exited', code: 3 } })
  shell.play(contractCommands.hangs, { lines: ['waiting'], takes: Number.POSITIVE_INFINITY })
  shell.play(contractCommands.dies, { ends: { kind: 'signalled', signal: 'SIGKILL' } })
  shell.play(contractCommands.missing, { ends: { kind: 'not-found', name: 'no-such-command-here' } })
  shell.play(contractCommands.greets, ({ variables }) => ({ lines: [greeting(variables)] }))
  shell.play(contractCommands.counts, { lines: Array.from({ length: 30 }, (_, index) => `${index + 1}`) })
  return shell
})

proberContract('the fake', async () => {
  const prober = createFakeProber(createFakeClock())
  prober.reply('http://web-1/yes', { kind: 'yes', text: 'fine' })
  prober.reply('http://web-1/no', { kind: 'no', why: 'answered 503', text: 'starting', status: 503 })
  prober.reply('http://web-1/silent', { kind: 'silent' })
  prober.reply(contractProbes.yes, { kind: 'yes', text: '2026.1.4\n' })
  prober.reply(contractProbes.no, { kind: 'no', why: 'exited with 1', text: 'starting\n' })
  prober.reply(contractProbes.unasked, { kind: 'unknown', why: 'no balancer' })
  prober.reply(contractProbes.silent, { kind: 'silent' })
  return { prober, origin: 'http://web-1', nobody: 'http://web-2/', close: async () => {} }
})

describe('the fake clock', () => {
  test('lets hours pass at once, waking each sleeper at its own time', async () => {
    const clock = createFakeClock({ start: new Date('2026-03-02T09:00:00Z') })
    const woken: string[] = []
    const sleeper = async (ms: number) => {
      await clock.sleep(ms)
      woken.push(clock.now().toISOString().slice(11, 16))
    }
    await Promise.all([sleeper(2 * 3_600_000), sleeper(600_000)])
    expect(woken).toEqual(['09:10', '11:00'])
  })

  test('stands still, when told so, until it is advanced', async () => {
    const clock = createFakeClock({ flows: false })
    const before = clock.now().getTime()
    let awake = false
    const sleep = clock.sleep(1000).then(() => {
      awake = true
    })
    await clock.advance(999)
    expect([awake, clock.sleeping()]).toEqual([false, 1])
    await clock.advance(1)
    await sleep
    expect([awake, clock.now().getTime() - before]).toEqual([true, 1000])
  })
})

describe('the fake shell', () => {
  test('takes virtual time and keeps what it was asked', async () => {
    const clock = createFakeClock()
    const shell = createFakeShell(clock)
    shell.play('deploy', { takes: 60_000 })
    const before = clock.now().getTime()
    const own = { run: 'deploy', shell: 'bash', env: { A: '1' }, workingDirectory: '.', timeout: 90_000 }
    await shell.run(own, { B: '2' }, { line: () => {}, signal: new AbortController().signal })
    expect(clock.now().getTime() - before).toBe(60_000)
    expect(shell.calls).toEqual([{ command: own, variables: { A: '1', B: '2' } }])
  })
})

describe('the fake prober', () => {
  test('gives one reply after another and stays with the last', async () => {
    const prober = createFakeProber(createFakeClock())
    prober.reply('http://web-1/', { kind: 'absent', why: 'connection refused' }, { kind: 'yes', text: '' })
    const never = new AbortController().signal
    const kinds: string[] = []
    for (let asked = 0; asked < 3; asked++)
      kinds.push((await prober.ask({ kind: 'http', url: 'http://web-1', timeout: 100 }, {}, never)).kind)
    expect(kinds).toEqual(['absent', 'yes', 'yes'])
    expect(prober.asked).toEqual(['http://web-1/', 'http://web-1/', 'http://web-1/'])
  })
})

describe('the fake voice', () => {
  test('keeps what was said and knows a quote that was left open', () => {
    const voice = createFakeVoice()
    const quote = voice.quote()
    quote.line('::error::no')
    voice.warning('web-3', 'is down')
    expect(voice.said).toEqual([
      { kind: 'quoted', text: '::error::no' },
      { kind: 'warning', title: 'web-3', text: 'is down' },
    ])
    expect(voice.openQuotes()).toBe(1)
    quote.resume()
    quote.resume()
    expect(voice.openQuotes()).toBe(0)
  })
})
