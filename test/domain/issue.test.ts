import { expect, test } from 'vitest'
import type { Outcome } from '../../src/domain/journal/outcome.ts'
import type { Mode } from '../../src/domain/plan/undertaking.ts'
import { writtenPlan } from '../../src/domain/plan/written/plan.ts'
import type { Pause } from '../../src/domain/question/pause.ts'
import {
  type CameFrom,
  type CameTo,
  type Telling,
  tellingOf,
  tellingOfSchedule,
} from '../../src/domain/schedule/issue.ts'
import type { ScheduleEnd } from '../../src/domain/schedule/schedule.ts'
import { aPlan, aPolicy } from './a-plan.ts'

const failure = { code: 'self-test-failed', what: 'The self test of web-3 failed.', tail: [] }
const capacity = { available: 2, total: 3, floor: 2 }
const question = { id: '7.1', step: 'web', options: ['retry'], withheld: {}, expires: null } as const
const waiting = (pause: Pause): CameTo => ({ kind: 'waiting', pause })
const broken = waiting({
  ...question,
  kind: 'failed-instances',
  instances: ['web-3'],
  failure,
  capacity,
})
const from = (change: Partial<CameFrom> = {}): CameFrom => ({ mode: 'deploy', interrupted: null, ...change })
const ended = (outcome: Outcome): CameTo => ({ kind: 'ended', outcome })
const succeeded = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null } as const
const interrupted = (cause: 'cancelled' | 'lost' | 'left'): CameTo => ({ kind: 'interrupted', cause })

test.each<[string, CameTo, string]>([
  ['a failed one', ended({ kind: 'failed', failure, stays: [] }), 'opens'],
  ['one that was taken back', ended({ kind: 'rolled-back', forced: [], excluded: [], failure }), 'opens'],
  ['one whose last hook failed', ended({ ...succeeded, afterwards: failure }), 'opens'],
  ['one that lost its run', interrupted('lost'), 'opens'],
  ['one that was left by its run', interrupted('left'), 'opens'],
  ['one that waits for a decision', broken, 'opens'],
  ['one whose test bed is worse', waiting({ ...question, kind: 'verdict', failure, capacity }), 'opens'],
  ['one whose test bed is watched', waiting({ ...question, kind: 'wait', until: '', capacity }), 'nothing'],
  ['one that waits for approval', waiting({ ...question, kind: 'approval' }), 'nothing'],
  ['one that somebody cancelled', interrupted('cancelled'), 'nothing'],
  ['one that was rejected', ended({ kind: 'rejected', by: 'rhea', reason: '' }), 'nothing'],
  [
    'one that gave way to another',
    ended({ kind: 'cancelled', why: 'a newer request', stays: [] }),
    'nothing',
  ],
  ['one that is under way', { kind: 'running' }, 'nothing'],
  ['one that was given up', ended({ kind: 'abandoned', by: 'rhea', reason: '' }), 'follows'],
  ['one that left an instance out', ended({ ...succeeded, excluded: ['web/web-3'] }), 'follows'],
  ['one that succeeded', ended(succeeded), 'closes'],
])('%s CC-24', (_title, came, telling) => {
  expect(tellingOf(came, { on: ['failed', 'waiting'] }, from())).toBe(telling)
})

test('one that was lost before anything had changed opens one, as nobody was there CC-24', () => {
  const over = ended({ kind: 'cancelled', why: 'the run broke off', stays: [] })
  const on = ['failed'] as const
  expect(tellingOf(over, { on }, from({ interrupted: 'lost' }))).toBe('opens')
  expect(tellingOf(over, { on }, from({ interrupted: 'cancelled' }))).toBe('nothing')
})

test.each<[Mode, Telling]>([
  ['rollback', 'closes'],
  ['redeploy', 'closes'],
  ['restart', 'closes'],
  ['scheduler-run', 'follows'],
  ['task', 'follows'],
  ['build', 'nothing'],
])(
  'the success of a %s %s: only where every instance was seen the trouble is over CC-24 CC-29',
  (mode, telling) => {
    const policy = { on: ['failed'] } as const
    expect(tellingOf(ended(succeeded), policy, from({ mode }))).toBe(telling)
    expect(tellingOf(ended({ kind: 'failed', failure, stays: [] }), policy, from({ mode }))).toBe('opens')
  },
)

test('a cause outside the policy opens no issue, and is a comment on an open one CC-24', () => {
  expect(tellingOf(broken, { on: ['failed'] }, from())).toBe('follows')
  expect(tellingOf(ended({ kind: 'failed', failure, stays: [] }), { on: ['waiting'] }, from())).toBe(
    'follows',
  )
})

const at = '2026-12-01T10:00:00.000Z'
const problem = { code: 'frozen', what: 'It is frozen.', why: 'It is.', next: 'Wait.' } as const
test.each<[ScheduleEnd, string]>([
  [{ kind: 'missed', at, late: 7_200_000 }, 'opens'],
  [{ kind: 'refused', at, problem }, 'opens'],
  [{ kind: 'withdrawn', at, by: 'nora', reason: 'not today' }, 'nothing'],
  [{ kind: 'started', at, deployment: 7, late: 0 }, 'nothing'],
])('a schedule that was $0.kind: an issue of failures $1 CC-17 CC-20', (end, telling) => {
  expect(tellingOfSchedule(end, { on: ['failed'] })).toBe(telling)
  expect(tellingOfSchedule(end, { on: ['waiting'] })).toBe(telling === 'opens' ? 'follows' : telling)
})

test('a plan carries the policy of its issues, and without one is the plan that it was', () => {
  const issues = { on: ['failed'], labels: [], assignees: ['alice'] } as const
  expect(aPlan({ policy: aPolicy({ issues }) }).environment.issues).toEqual(issues)
  expect(aPlan().environment.issues).toBeNull()
  expect(writtenPlan(aPlan())).not.toHaveProperty('environment.issues')
})
