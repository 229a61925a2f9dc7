import { describe, expect, vi } from 'vitest'
import type { Event, Journal, Observation } from '../../src/domain/journal/journal.ts'
import { chooseWork, next } from '../../src/domain/journal/next.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { type FinalDecision, isFinal } from '../../src/domain/question/decision.ts'
import { capacityOf, failureOf, instancesOf, type Pause } from '../../src/domain/question/pause.ts'
import { aTime, resumed } from './a-journal.ts'
import { holdInEveryStory, type Rules } from './rules.ts'
import { befallen, bigFleets } from './scenarios.ts'
import { type Interruption, type Scenario, tell } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

interface Asked {
  readonly plan: Plan
  /** Ends in the question. */
  readonly journal: Journal
  readonly pause: Pause
}

const asked = ([scenario, befalls]: [Scenario, Interruption[]]): Asked[] =>
  tell(scenario, befalls).pauses.map((one) => ({ plan: scenario.plan, ...one }))

/** Holds a rule against each question of a deployment. */
const always =
  (rule: (plan: Plan, journal: Journal, pause: Pause) => void) =>
  (questions: readonly Asked[]): void => {
    for (const { plan, journal, pause } of questions) rule(plan, journal, pause)
  }

const answer = (pause: Pause, decision: FinalDecision): Event[] => [
  { at: aTime(9_000), kind: 'decided', pause: pause.id, decision, instances: [], by: 'bob', reason: '' },
  { at: aTime(9_001), ...resumed },
]

const subjectOf = (pause: Pause) => ({
  step: pause.step,
  instances: instancesOf(pause),
  failure: failureOf(pause),
})

const rules: Rules<readonly Asked[]> = {
  'has an answer, and says why it does not take the others that one might expect': always(
    (_plan, _journal, pause) => {
      expect(pause.options.length).toBeGreaterThan(1)
      expect(pause.options.filter((option) => option in pause.withheld)).toEqual([])
      expect(new Set(pause.options).size).toBe(pause.options.length)
    },
  ),

  'leads on with each of its answers: the same question never comes back at once': always(
    (plan, journal, pause) => {
      for (const option of pause.options.filter(isFinal)) {
        const move = next(plan, [...journal, ...answer(pause, option)])
        if (move.kind !== 'pause') continue
        expect(subjectOf(move.pause)).not.toEqual(subjectOf(pause))
      }
    },
  ),

  'offers the way back only while there is one, and only going forward': always(
    (plan, journal, { options, kind }) => {
      if (!options.includes('roll-back')) return
      const now = standing(plan, journal)
      const migrate = plan.steps.find((step) => step.kind === 'migrate')
      const crossed = migrate?.phase === 'contract' && now.steps.get(migrate.id)?.startedAt !== null
      expect(kind).not.toBe('approval')
      expect(now.direction.to).toBe('new')
      expect(plan.from).not.toBeNull()
      expect(plan.from?.sha).not.toBe(plan.release.sha)
      expect(crossed).toBe(false)
      expect(now.steps.get('record-version')?.state).not.toBe('succeeded')
    },
  ),

  'lets instances be left behind only where the others can go on without them': always(
    (plan, journal, pause) => {
      for (const option of ['exclude', 'force-next'] as const) {
        if (instancesOf(pause).length === 0 || !pause.options.includes(option)) continue
        const answered = [...journal, ...answer(pause, option)]
        const now = standing(plan, answered)
        const wanted = now.direction.to === 'new' ? plan.release.tag : (plan.from?.tag ?? null)
        const found = [...(now.rolls.get(pause.step)?.instances ?? [])].map(
          ([name, { state, available, version }]): [string, Observation] => {
            const serves = state === 'done' && version !== null
            return [name, { healthy: available, version: serves ? wanted : version }]
          },
        )
        const instances = Object.fromEntries(found)
        const look: Event = { at: aTime(9_002), kind: 'instances-observed', step: pause.step, instances }
        // A resuming run builds first: its move after that counts.
        const move = chooseWork(plan, standing(plan, [...answered, look]))
        const available = found.filter(([, seen]) => seen.healthy).length
        expect(['roll', 'finish', 'bake']).toContain(move.kind)
        if (move.kind === 'finish') expect(available).toBeGreaterThanOrEqual(capacityOf(pause)?.floor ?? 0)
      }
    },
  ),

  'takes one answer, the first; a second one and one to an older question change nothing WX-24': always(
    (plan, journal, pause) => {
      const [first] = pause.options.filter(isFinal)
      if (first === undefined) return
      const answered = [...journal, ...answer(pause, first)]
      const before = standing(plan, answered)
      for (const late of pause.options.filter(isFinal))
        expect(standing(plan, [...answered, ...answer(pause, late).slice(0, 1)])).toEqual(before)
    },
  ),

  'stays the same question for whoever reads the journal again': always((plan, journal, pause) => {
    expect(next(plan, journal)).toEqual({ kind: 'pause', pause, asked: true })
  }),
}

describe('every question', () => {
  holdInEveryStory(befallen(bigFleets, ['lost', 'cancelled']), asked, rules, 600)
})
