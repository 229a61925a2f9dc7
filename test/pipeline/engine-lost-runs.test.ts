import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { EngineControl } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { aDigest, anEngineService } from '../domain/a-plan.ts'
import { crashing } from '../fakes/memory-engine.ts'
import { enginePlan, goOnFrom, imagesOf, onEngines, rollsBack } from './an-engine.ts'
import { durableLedger, type InMemory, opened } from './in-memory.ts'

interface Death {
  /** The number of the call at which the run dies. */
  readonly call: number
  readonly when: 'before' | 'after'
}

/** An engine whose caller dies at one of its calls: the call never returns. `died`: what the ledger had by then. */
function deadly(memory: InMemory, { call, when }: Death) {
  const { control } = memory.engines.at('api')
  let calls = 0
  let tell: (ledger: Ledger) => void = () => {}
  const died = new Promise<Ledger>((resolve) => {
    tell = resolve
  })
  const never = new Promise<never>(() => {})
  const dying =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      calls += 1
      if (calls !== call) return work(...args)
      const ledger = durableLedger(memory)
      if (when === 'after') await work(...args)
      tell(ledger)
      return never
    }
  const engine: EngineControl = {
    ...control,
    able: dying(control.able),
    state: dying(control.state),
    handOver: dying(control.handOver),
  }
  return { engine, died }
}

/** Ends a deployment by a second run, where the first one died; null if the first one had ended before. */
async function endedBySecond(death: Death, bad: boolean): Promise<InMemory | null> {
  const memory = onEngines()
  if (bad)
    memory.engines.at('api').ways.push({ part: aDigest('2'), way: { kind: 'trouble', trouble: crashing } })
  const plan = enginePlan({ services: [anEngineService('api', rollsBack)] })
  await opened(memory, plan)
  const { engine, died } = deadly(memory, death)
  const ports = { ...memory.ports, engine: () => engine }
  const session = openSession(await memory.ledgers.read('shop', 'production'), ports)
  const first = execute({ ports, plan, session, stop: memory.stop }).then(() => null)
  const ledger = await Promise.race([first, died])
  if (ledger === null) return null
  await goOnFrom(memory, ledger)
  return memory
}

describe('a run that is lost at any call of the engine', () => {
  test.each([
    ['a good release', false, ['hand-over api:2'], '2', 34],
    ['a bad release', true, ['hand-over api:2', 'hand-over api:1'], '1', 46],
  ] as const)(
    'ends as an undisturbed one, with %s, and hands nothing over twice',
    async (_, bad, deeds, serves, deaths) => {
      let died = 0
      for (const when of ['before', 'after'] as const)
        for (let call = 1; ; call += 1) {
          const memory = await endedBySecond({ call, when }, bad)
          if (memory === null) break
          died += 1
          const { control, deeds: seen } = memory.engines.at('api')
          expect({ call, when, deeds: seen }).toEqual({ call, when, deeds })
          expect(await control.state({}, memory.stop.asked)).toMatchObject({
            kind: 'found',
            value: { wanted: imagesOf('api', serves) },
          })
          expect((await memory.ledgers.read('shop', 'production')).ledger.deployment).toBeNull()
        }
      expect(died).toBe(deaths)
    },
  )
})
