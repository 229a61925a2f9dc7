import { engineContract } from '../contracts/engine.contract.ts'
import { aCommand, aDigest } from '../domain/a-plan.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { crashing, createMemoryEngine } from '../fakes/memory-engine.ts'

engineContract('the engine in memory', async () => {
  const clock = createFakeClock()
  const engine = createMemoryEngine(clock, null)
  engine.ways.push({ part: aDigest('b'), way: { kind: 'trouble', trouble: crashing } })
  engine.ending = ({ command: { run } }) => ({ kind: 'exited', code: run === 'three' ? 3 : 0, tail: [] })
  return {
    control: engine.control,
    clock,
    variables: {},
    exists: false,
    first: { api: `api@${aDigest('1')}` },
    second: { api: `api@${aDigest('2')}` },
    broken: { api: `api@${aDigest('b')}` },
    commands: { good: aCommand('good'), three: aCommand('three') },
    silence: async () => {
      engine.silent = true
    },
    patience: 60_000,
  }
})
