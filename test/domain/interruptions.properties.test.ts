import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { standing } from '../../src/domain/journal/standing.ts'
import { befallen, bigFleets, scenarios, smallFleets, undisturbed } from './scenarios.ts'
import { type Scenario, type Story, tell } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('a run that is lost, and another that goes on', () => {
  test('one or more at any point end in the same outcome and the same world GH-10', () => {
    fc.assert(
      fc.property(befallen(smallFleets, ['lost']), ([scenario, befalls]) => {
        expectSameEnd(scenario, undisturbed(scenario), tell(scenario, befalls))
      }),
      { numRuns: 1_000 },
    )
  })

  test('each single point, between every effect and its event, ends the same GH-10', () => {
    fc.assert(
      fc.property(scenarios({ ...smallFleets, services: 1 }), (scenario) => {
        const whole = undisturbed(scenario)
        for (let after = 1; after <= whole.ticks; after += 1)
          expectSameEnd(scenario, whole, tell(scenario, [{ after, kind: 'lost' }]))
      }),
      { numRuns: 60 },
    )
  })
})

describe('a run that is cancelled or killed, and closed', () => {
  test('ends in the same world, or as cancelled with nothing changed', () => {
    fc.assert(
      fc.property(befallen(smallFleets, ['cancelled', 'killed']), ([scenario, befalls]) => {
        const story = tell(scenario, befalls)
        if (story.outcome.kind === 'cancelled') expectNothingChanged(scenario, story)
        else expectSameEnd(scenario, undisturbed(scenario), story)
      }),
      { numRuns: 1_000 },
    )
  })

  test('leaves the scheduler on before the migration, unless it could not be resumed', () => {
    fc.assert(
      fc.property(befallen(bigFleets, ['cancelled']), ([scenario, befalls]) => {
        for (const { journal, scheduler } of tell(scenario, befalls).left) {
          const now = standing(scenario.plan, journal)
          const begun = scenario.plan.steps.some(
            ({ id, kind }) =>
              (kind === 'migrate' || kind === 'roll-services' || kind === 'resume-scheduler') &&
              now.steps.get(id)?.startedAt != null,
          )
          const stuck = [...now.steps.values()].some(({ undo }) => undo === 'failed')
          if (!begun && !stuck && now.direction.to === 'new') expect(scheduler).toBe('on')
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

/**
 * Another run finds failures again, several at once or with more instances changed by then. So a way back may set
 * aside or take back others; everything else is the same.
 */
function expectSameEnd({ plan }: Scenario, whole: Story, story: Story): void {
  const { outcome } = story
  if (outcome.kind === 'rolled-back' && gaveUpForCapacity(whole)) return
  if (whole.outcome.kind === 'rolled-back' && gaveUpForCapacity(story)) return
  expect(outcome.kind).toBe(whole.outcome.kind)
  if (outcome.kind === 'abandoned') return
  const { instances, ...rest } = story.world.state
  const { instances: others, ...otherRest } = whole.world.state
  expect(withoutGivenUp(rest, story)).toEqual(withoutGivenUp(otherRest, story))
  if (outcome.kind === 'succeeded') expect(setAside(story)).toEqual(setAside(whole))
  const aside = setAside(story)
  for (const [name, found] of instances) {
    const takenBack = (found.up && found.version === plan.from?.tag) || aside.includes(name)
    if (outcome.kind === 'rolled-back' && takenBack) continue
    expect({ name, ...found }).toEqual({ name, ...others.get(name) })
  }
}

/**
 * True if a way back ended for want of capacity. An instance that was down from the start is not taken back, unless a run
 * was lost that may have changed it: then it is started, and the way back has the capacity that it lacked before. The other
 * way round, a batch that failed as a whole is taken back one by one by the next run, and the floor may let it take none.
 */
const gaveUpForCapacity = ({ outcome, journal }: Story): boolean =>
  outcome.kind === 'abandoned' &&
  journal.some((event) => event.kind === 'paused' && event.pause.kind === 'no-capacity')

/** Leaves out hooks whose run was lost once the release serves: they may have run or not, and the outcome says so. */
function withoutGivenUp(state: Omit<Story['world']['state'], 'instances'>, { journal, outcome }: Story) {
  const given = journal.flatMap((event) =>
    event.kind === 'step-failed' && event.failure.code === 'outcome-unknown' ? [event.step] : [],
  )
  if (given.length > 0) expect(outcome).toMatchObject({ afterwards: { code: expect.any(String) } })
  return { ...state, done: new Set([...state.done].filter((step) => !given.includes(step))) }
}

/** By their names alone, which are unique in these plans. */
function setAside({ outcome }: Story): string[] {
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'rolled-back') return []
  const failed = outcome.kind === 'succeeded' ? outcome.failed : []
  return [...outcome.forced, ...outcome.excluded, ...failed]
    .map((name) => name.replace(/^.*\//, ''))
    .toSorted()
}

/** Expects an unchanged world; built artifacts may stay. */
function expectNothingChanged({ conditions }: Scenario, { world: { state } }: Story): void {
  expect(state).toMatchObject({ scheduler: 'on', schedulerOf: 'older', database: 'older' })
  expect([...state.done].filter((step) => !['source', 'approve', 'build'].includes(step))).toEqual([])
  for (const [name, { up }] of state.instances) expect(up).toBe(conditions[name] !== 'down')
}
