import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { type Ledger, remember } from '../../src/domain/journal/ledger.ts'
import type { Decision } from '../../src/domain/question/decision.ts'
import { aLedgerServing, rollsOf } from './a-plan.ts'
import { type Bounds, scenarios, smallFleets } from './scenarios.ts'
import { type Cut, type Scenario, type Story, tell } from './story.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Journals that are cut in one run of this file: more of them in the night, `ROLLGATE_CUTS=20000`. */
const cuts = Number(process.env.ROLLGATE_CUTS ?? 1_000)
const bounds: Bounds = { ...smallFleets, services: 2, instances: 4, unseen: true }
const given: Decision[] = ['retry', 'force-next', 'exclude', 'roll-back', 'abandon']

/**
 * A run is gone after any effect or event, with any part of what it had noted since its last save kept. Its last step
 * closes it or does not. Then a person gives one of the decisions that are offered, and it goes on to its end.
 */
const cutStories: fc.Arbitrary<[Scenario, Cut & { at: number; post: boolean }]> = scenarios(bounds).chain(
  (scenario) =>
    fc.tuple(
      fc.constant(scenario),
      fc.record({
        at: fc.integer({ min: 0, max: 999 }),
        keeps: fc.nat({ max: 6 }),
        post: fc.boolean(),
        decision: fc.constantFrom(...given),
      }),
    ),
)

test('a journal that is cut anywhere, and any decision then, end in the world that the outcome states F41', () => {
  fc.assert(
    fc.property(cutStories, ([scenario, cut]) => {
      const { ticks } = tell(scenario)
      const after = 1 + Math.floor((cut.at * ticks) / 1_000)
      expectTrue(scenario, tell(scenario, [{ after, kind: cut.post ? 'killed' : 'lost' }], cut))
    }),
    { numRuns: cuts },
  )
})

/** Holds each instance against the outcome, and the ledger against both. */
function expectTrue({ plan, conditions }: Scenario, story: Story): void {
  const { outcome, world } = story
  const ledger = remembered(plan, story.journal)
  const serves = outcome.kind === 'succeeded' ? plan.release : plan.from
  expect(ledger.serving?.release.tag).toBe(serves?.tag)
  expect(ledger.history[0]?.outcome).toEqual(outcome)
  expectRemembered(story, ledger)
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'rolled-back') return
  const failed = outcome.kind === 'succeeded' ? outcome.failed : []
  const aside = new Set([...outcome.forced, ...outcome.excluded, ...failed])
  for (const { service } of rollsOf(plan))
    for (const { name } of service.fleet.instances) {
      const found = world.state.instances.get(name)
      if (aside.has(`${service.name}/${name}`)) continue
      const untouched = outcome.kind === 'rolled-back' && !world.touched.has(name)
      const asBefore = (conditions[name] ?? 'serving') !== 'serving' && untouched
      if (!asBefore) expect({ name, ...found }).toMatchObject({ name, up: true, version: serves?.tag })
    }
}

/** What was taken and not brought to its end is remembered as unfinished. */
function expectRemembered({ world }: Story, { unfinished = [] }: Ledger): void {
  const names = new Set(unfinished.map(({ instance }) => instance))
  for (const name of world.touched) {
    const { up } = world.state.instances.get(name) ?? { up: false }
    if (!up) expect({ name, unfinished: names.has(name) }).toEqual({ name, unfinished: true })
  }
}

function remembered(plan: Scenario['plan'], journal: Story['journal']): Ledger {
  const deployment = { number: 7, plan, journal: [], holder: null, record: null, preDeploy: null }
  return journal.reduce<Ledger>(remember, { ...aLedgerServing(plan.from), deployment })
}
