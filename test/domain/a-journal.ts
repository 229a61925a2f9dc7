import { onward } from '../../src/domain/journal/direction.ts'
import type { Event, Happening, Journal } from '../../src/domain/journal/journal.ts'
import { next } from '../../src/domain/journal/next.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { Failure, FinalDecision } from '../../src/domain/question/decision.ts'
import type { Pause } from '../../src/domain/question/pause.ts'
import type { StepKind } from '../../src/domain/step/step.ts'

export const aRun = (id: number) => ({
  id,
  attempt: 1,
  url: `https://github.com/acme/shop/actions/runs/${id}`,
})

export const opened: Happening = { kind: 'opened', number: 7, run: aRun(1), by: ['alice'] }
export const resumed: Happening = { kind: 'resumed', run: aRun(2), by: ['alice'] }
export const lost: Happening = { kind: 'interrupted', cause: 'lost' }
export const cancelled: Happening = { kind: 'interrupted', cause: 'cancelled' }

/** Events a second apart, from noon. */
export const aJournal = (...happenings: readonly Happening[]): Journal =>
  happenings.map((happening, at): Event => ({ at: aTime(at), ...happening }))

export const aTime = (seconds: number): string =>
  new Date(Date.parse('2026-11-21T12:00:00.000Z') + seconds * 1_000).toISOString()

export const started = (step: string): Happening => ({ kind: 'step-started', step })
export const succeeded = (step: string): Happening => ({ kind: 'step-succeeded', step })
export const done = (...steps: readonly string[]): Happening[] =>
  steps.flatMap((step) => [started(step), succeeded(step)])

/** A deployment in which every step before the first of a kind has succeeded. */
export function upTo(plan: Plan, kind: StepKind): Happening[] {
  const place = plan.steps.findIndex((step) => step.kind === kind)
  return [opened, ...plan.steps.slice(0, place).flatMap(({ id }) => done(id))]
}

export const aFailure = (code = 'command-failed'): Failure => ({ code, what: 'It exited with 1.', tail: [] })
export const failed = (step: string, failure = aFailure()): Happening[] => [
  started(step),
  { kind: 'step-failed', step, failure },
]

/** A look and its findings: `v1.0.0` is healthy on that release, `down` is not healthy, `mute` reports no version. */
export const seen = (
  step: string,
  instances: Readonly<Record<string, string>>,
  inTraffic = false,
): Happening => ({
  kind: 'instances-observed',
  step,
  instances: Object.fromEntries(
    Object.entries(instances).map(([name, found]) => [
      name,
      {
        version: found === 'down' || found === 'mute' ? null : found,
        healthy: found !== 'down',
        ...(inTraffic ? { inTraffic: true } : {}),
      },
    ]),
  ),
})

export const taken = (step: string, ...instances: readonly string[]): Happening => ({
  kind: 'instances-started',
  step,
  instances,
  direction: onward,
})
/** The traffic of an instance, if a change does not tell it. */
export const untold = { outSince: null, backSince: null } as const

export const changed = (step: string, instance: string): Happening => ({
  kind: 'instance-succeeded',
  step,
  instance,
  ...untold,
})
export const broke = (step: string, instance: string): Happening => ({
  kind: 'instance-failed',
  step,
  instance,
  failure: aFailure('self-test-failed'),
  ...untold,
})

/** The question that a journal leads to. */
export function pauseOf(plan: Plan, journal: Journal): Pause {
  const move = next(plan, journal)
  if (move.kind !== 'pause') throw new Error(`no pause but ${move.kind}`)
  return move.pause
}

/** The question of a journal, and a person's answer to it. */
export function answered(
  plan: Plan,
  happenings: readonly Happening[],
  decision: FinalDecision,
  instances: readonly string[] = [],
): Happening[] {
  const pause = pauseOf(plan, aJournal(...happenings))
  const decided: Happening = {
    kind: 'decided',
    pause: pause.id,
    decision,
    instances,
    by: 'bob',
    reason: 'seen to',
  }
  return [...happenings, { kind: 'paused', pause }, decided, resumed]
}
