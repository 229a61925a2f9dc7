import { expect, test } from 'vitest'
import { execute } from '../../src/pipeline/run/execute.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { resultOf } from '../../src/report/outcome/result-output.ts'
import { anEngineService } from '../domain/a-plan.ts'
import { enginePlan, imagesOf, onEngines, servingImages } from './an-engine.ts'
import { keptLedger, ledgerCommits, opened } from './in-memory.ts'

const names = Array.from({ length: 60 }, (_, number) => `service-${number + 1}`)

/** GitHub's limit of a page and of an output, in bytes. */
const LIMIT = 1024 * 1024

test('60 services on engines in one release: few calls and few saves each, and pages that GitHub takes', async () => {
  const memory = onEngines(...names)
  const calls: string[] = []
  for (const name of names) {
    const { control } = memory.engines.at(name)
    const { able, state, handOver } = control
    control.able = (...asked) => counted('able', able(...asked))
    control.state = (...asked) => counted('state', state(...asked))
    control.handOver = (...asked) => counted('hand-over', handOver(...asked))
  }
  function counted<T>(what: string, answer: T): T {
    calls.push(what)
    return answer
  }
  const ledger = servingImages(Object.fromEntries(names.map((name) => [name, imagesOf(name, '1')])))
  const services = names.map((name) => anEngineService(name))
  const context = await opened(memory, enginePlan({ services, ledger }), { serving: ledger.serving })
  expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })

  const of = (what: string) => calls.filter((call) => call === what).length / names.length
  // A rollout of three seconds and ten quiet ones, with a look each second, one before it and one at its end.
  expect({ able: of('able'), handOver: of('hand-over') }).toEqual({ able: 1, handOver: 1 })
  expect(of('state')).toBeLessThanOrEqual(3 + 10 + 2)
  expect(ledgerCommits(memory).length).toBeLessThanOrEqual(4 * names.length)
  const { session, plan } = context
  const view = { plan, journal: session.journal, ledger: session.ledger, run: 'https://x', form: null }
  const told = { ...view, now: memory.clock.now().toISOString() }
  for (const text of [
    outcomeSummary(told),
    JSON.stringify(resultOf(told)),
    JSON.stringify(await keptLedger(memory)),
  ])
    expect(Buffer.byteLength(text)).toBeLessThan(LIMIT)
  expect((await keptLedger(memory)).serving?.images?.['service-60']).toEqual(imagesOf('service-60', '2'))
})
