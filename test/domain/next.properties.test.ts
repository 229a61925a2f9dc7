import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type Ledger, remember } from '../../src/domain/journal/ledger.ts'
import { aLedgerServing, rollsOf } from './a-plan.ts'
import { befallen, bigFleets, scenarios } from './scenarios.ts'
import { type Scenario, type Story, tell } from './story.ts'
import type { Breach } from './world.ts'

vi.setConfig({ testTimeout: 60_000 })

const everything = fc.oneof(
  befallen(bigFleets, ['lost', 'cancelled']),
  befallen(bigFleets, ['lost', 'killed', 'cancelled']),
)

const always = (check: (story: Story, scenario: Scenario) => void): void =>
  fc.assert(
    fc.property(everything, ([scenario, befalls]) => {
      check(tell(scenario, befalls), scenario)
    }),
    { numRuns: 400 },
  )

const breachesOf = (story: Story, ...rules: readonly Breach[]) =>
  story.world.breaches.filter(({ rule }) => rules.includes(rule))

describe('whatever fails, whoever answers, whichever run is lost', () => {
  test('a deployment ends, in a bounded number of moves', () => {
    always(({ journal, moves }, { plan }) => {
      const instances = rollsOf(plan).reduce((sum, { service }) => sum + service.fleet.instances.length, 0)
      const runs = journal.filter(({ kind }) => kind === 'opened' || kind === 'resumed').length
      expect(moves).toBeLessThan(runs * (3 * plan.steps.length + 4 * instances + 10))
    })
  })

  test('nothing that must not run twice does, unless a person said so GH-10', () => {
    always((story) => expect(breachesOf(story, 'run twice')).toEqual([]))
  })

  test('no batch takes an available instance below the capacity floor CC-21', () => {
    always((story) => expect(breachesOf(story, 'floor')).toEqual([]))
  })

  test('never more instances than the width change at once WX-12', () => {
    always((story) => expect(breachesOf(story, 'width')).toEqual([]))
  })

  test('what serves is left alone, a way back takes only what was touched, the excluded never change WX-22', () => {
    always((story) => expect(breachesOf(story, 'direction', 'excluded')).toEqual([]))
  })

  test('between its suspension and its return every step finds the scheduler suspended', () => {
    always((story) => expect(breachesOf(story, 'scheduler on during its suspension')).toEqual([]))
  })

  test('the scheduler is on at the end, unless a person abandoned the deployment', () => {
    always(({ outcome, world }) => {
      if (outcome.kind !== 'abandoned') expect(world.state.scheduler).toBe('on')
    })
  })

  test('steps start in the order of the plan SP-01', () => {
    always(({ journal }, { plan }) => {
      const starts = journal.flatMap((event) => (event.kind === 'step-started' ? [event.step] : []))
      const order = [...new Set(starts)].map((id) => plan.steps.findIndex((step) => step.id === id))
      expect(order).toEqual(order.toSorted((a, b) => a - b))
    })
  })

  test('the ledger says that the scheduler is suspended exactly while it is', () => {
    always(({ journal, world }, { plan }) => {
      expect(remembered(plan, journal).scheduler !== null).toBe(world.state.scheduler === 'off')
    })
  })

  test('the ledger says that the release serves exactly when it succeeded SP-34', () => {
    always(({ journal, outcome }, { plan }) => {
      const { serving, history, desired } = remembered(plan, journal)
      expect(serving?.deployment === 7).toBe(outcome.kind === 'succeeded')
      expect(history[0]?.outcome).toEqual(outcome)
      expect(desired?.sha).toBe(serving?.release.sha)
    })
  })
})

test('while no run is lost, every rule of the world holds to the letter', () => {
  fc.assert(
    fc.property(scenarios(bigFleets), (scenario) => {
      expect(tell(scenario).world.breaches).toEqual([])
    }),
    { numRuns: 800 },
  )
})

function remembered(plan: Scenario['plan'], journal: Story['journal']): Ledger {
  const before = aLedgerServing(plan.from)
  const deployment = {
    number: 7,
    plan,
    journal: [],
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  }
  return journal.reduce<Ledger>(remember, { ...before, deployment })
}
