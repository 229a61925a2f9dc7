import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Probe } from '../../src/domain/config/command.ts'
import type { Answer, Prober, Variables } from '../../src/pipeline/ports.ts'
import { command } from './shell.contract.ts'

/** A prober, and where it finds one server for every kind of answer. */
export interface ProberSetting {
  readonly prober: Prober
  /** `http://host:port`, where `/yes` answers 200 `fine`, `/no` 503 `starting`, and `/silent` never. */
  readonly origin: string
  /** An address where no process listens. */
  readonly nobody: string
  close(): Promise<void>
}

/** Commands that the contract asks by. */
export const contractProbes = {
  yes: 'echo 2026.1.4',
  no: 'echo starting; exit 1',
  unasked: 'echo no balancer; exit 75',
  silent: 'sleep 60',
} as const

export function proberContract(name: string, open: () => Promise<ProberSetting>): void {
  describe(`the prober contract, by ${name}`, () => {
    let setting: ProberSetting
    beforeAll(async () => {
      setting = await open()
    })
    afterAll(() => setting.close())

    const never = new AbortController().signal
    const ask = (probe: Probe, variables: Variables = {}, signal = never): Promise<Answer> =>
      setting.prober.ask(probe, variables, signal)
    const http = (url: string, timeout = 2000): Probe => ({ kind: 'http', url, timeout })
    const run = (text: string, timeout = 2000): Probe => ({
      kind: 'run',
      command: command(text, { timeout }),
    })

    test('200 is a yes, with the body', async () => {
      expect(await ask(http(`${setting.origin}/yes`))).toEqual({ kind: 'yes', text: 'fine' })
    })

    test('another status is a no that says which, with the body', async () => {
      const answer = await ask(http(`${setting.origin}/no`))
      expect(answer).toEqual({ kind: 'no', why: 'answered 503', text: 'starting', status: 503 })
    })

    test('an address without a listener is absent', async () => {
      expect(await ask(http(setting.nobody))).toEqual({ kind: 'absent', why: 'connection refused' })
    })

    test('a listener that does not answer is timed out', async () => {
      expect(await ask(http(`${setting.origin}/silent`, 100))).toEqual({ kind: 'timed-out', after: 100 })
      expect(await ask(run(contractProbes.silent, 100))).toEqual({ kind: 'timed-out', after: 100 })
    })

    test('names in an address are replaced from the variables', async () => {
      const variables = { ORIGIN: setting.origin, PAGE: 'yes' }
      expect(await ask(http(`$ORIGIN/$\{PAGE}`), variables)).toEqual({ kind: 'yes', text: 'fine' })
    })

    test('an address with a name that has no value is a no that names it', async () => {
      const answer = await ask(http('http://$HOST/yes'))
      expect(answer).toEqual({ kind: 'no', why: 'the address http://$HOST/yes needs HOST', text: '' })
    })

    test('an address that is not HTTP is a no', async () => {
      expect(await ask(http('web-1:8080/yes'))).toMatchObject({ kind: 'no', text: '' })
      expect(await ask(http('::'))).toMatchObject({ kind: 'no', text: '' })
    })

    test('an abort ends the question', async () => {
      const abort = new AbortController()
      const answer = ask(http(`${setting.origin}/silent`, 60_000), {}, abort.signal)
      abort.abort()
      expect(await answer).toEqual({ kind: 'unknown', why: 'stopped' })
      expect(await ask(http(`${setting.origin}/yes`), {}, abort.signal)).toEqual({
        kind: 'unknown',
        why: 'stopped',
      })
    })

    test('a command that exits with 0 is a yes, with its output', async () => {
      expect(await ask(run(contractProbes.yes))).toEqual({ kind: 'yes', text: '2026.1.4\n' })
    })

    test('a command that exits with 75 could not ask: unknown, neither a yes nor a no', async () => {
      expect(await ask(run(contractProbes.unasked))).toEqual({ kind: 'unknown', why: 'no balancer' })
    })

    test('a command that fails is a no that says how, with its output', async () => {
      const answer = await ask(run(contractProbes.no))
      expect(answer).toEqual({ kind: 'no', why: 'exited with 1', text: 'starting\n' })
    })
  })
}
