import { expect, test } from 'vitest'
import { execute } from '../../src/pipeline/run/execute.ts'
import { formAt } from '../../src/report/form/form.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { aDigest, anEngineService, aService } from '../domain/a-plan.ts'
import { anAsk } from '../domain/an-ask.ts'
import { crashing, type RolloutWay } from '../fakes/memory-engine.ts'
import { enginePlan, imagesOf, onEngines, servingImages } from '../pipeline/an-engine.ts'
import { type InMemory, opened } from '../pipeline/in-memory.ts'

const golden = (name: string) => `golden/${name}.md`

const services = [
  anEngineService('worker'),
  aService('web', 2),
  anEngineService('api', { testBed: null, onFailure: 'ask' }),
]
const ledger = servingImages({ api: imagesOf('api', '1'), worker: imagesOf('worker', '1') })

/** The page after a deployment whose `api` goes this way; well, without one. */
async function pageAfter(
  way: RolloutWay | null,
  change: (memory: InMemory) => void = () => {},
): Promise<string> {
  const memory = onEngines('worker', 'api')
  change(memory)
  if (way !== null) memory.engines.at('api').ways.push({ part: aDigest('2'), way })
  const context = await opened(memory, enginePlan({ services, ledger }))
  await execute(context)
  const { session, plan } = context
  return outcomeSummary({
    plan,
    journal: session.journal,
    ledger: session.ledger,
    run: 'https://github.com/acme/shop/actions/runs/1',
    now: memory.clock.now().toISOString(),
    form: formAt({ serverUrl: 'https://github.com', repository: 'acme/shop' }, 'whole'),
  })
}

test('the plan names what is handed over, when it is done, and the digests of the way back', async () => {
  const page = planSummary(enginePlan({ services, ledger }), { ledger })
  expect(page).toContain('registry/api@$DIGEST')
  expect(page).toContain('back to `api@sha256:111111111111`')
  await expect(page).toMatchFileSnapshot(golden('plan-engines'))
})

test('the page of a success shows the replicas of each engine as they were seen', async () => {
  const page = await pageAfter(null)
  expect(page).toContain('### Services on engines')
  expect(page).toContain('3 of 3 ready, 3 updated, 0 older')
  await expect(page).toMatchFileSnapshot(golden('outcome-engines'))
})

test('a pause shows why a replica is not ready, its last lines, and what each answer does', async () => {
  const page = await pageAfter({ kind: 'trouble', trouble: crashing })
  for (const part of ['CrashLoopBackOff', 'no database: giving up', '1 of 3 replicas run the newest images'])
    expect(page).toContain(part)
  await expect(page).toMatchFileSnapshot(golden('pause-engine'))
})

test('a halt tells if the engine rolls on: one that is held does not', async () => {
  const pageOf = (stops: boolean) =>
    pageAfter({ kind: 'ends', seconds: 60 }, ({ engines, asks }) => {
      const engine = engines.at('api')
      engine.stops = stops
      engine.taken = () => void asks.add('shop', 'production', anAsk({ deployment: 7 }))
    })
  const held = await pageOf(true)
  expect(held).toContain('The engine: held by Rollgate.')
  expect(held).not.toContain('is not stopped')
  expect(held).toContain('an engine that is held stays held')
  expect(await pageOf(false)).toContain('The engine itself is not stopped.')
})
