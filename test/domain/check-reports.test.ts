import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Report, standingReports } from '../../src/domain/release/check-reports.ts'
import { requireGreen } from '../../src/domain/release/checks.ts'

const reports = fc.array(
  fc.record({
    name: fc.constantFrom('build', 'test'),
    state: fc.constantFrom('green', 'pending', 'red'),
    app: fc.constantFrom('github-actions', 'other', null),
    run: fc.constantFrom(1, 2, 3, null),
    attempts: fc.constantFrom(1, 2, null),
  }),
  { maxLength: 8 },
)

const workflows: Record<number, string | null> = { 1: 'ci.yml push', 2: 'ci.yml push', 3: null }

test('a commit is green only if each red report is known to have run again, and the last of those is green F05', () => {
  fc.assert(
    fc.property(reports, (made) => {
      const all: Report[] = made.map((one, id) => ({
        ...one,
        id,
        workflow: one.run === null ? null : (workflows[one.run] ?? null),
      }))
      const green = standingReports(all).every(({ state }) => state === 'green')
      const again = (one: Report) =>
        all.filter(
          (other) =>
            other.id > one.id &&
            other.name === one.name &&
            other.app === one.app &&
            one.run !== null &&
            (other.run === one.run
              ? one.attempts === 2
              : one.workflow !== null && other.run !== null && other.workflow === one.workflow),
        )
      const covered = all.every((one) => one.state === 'green' || again(one).length > 0)
      expect(green).toBe(covered)
    }),
  )
})

test('one red of two checks called build in two workflows: no release is made of the commit F05', () => {
  const build = { name: 'build', app: 'github-actions', attempts: 1 } as const
  const checks = standingReports([
    { ...build, id: 1, run: 7, workflow: 'ci.yml push', state: 'red' },
    { ...build, id: 2, run: 8, workflow: 'docs.yml push', state: 'green' },
  ])
  expect(() => requireGreen('abc', checks, { named: [], run: 1 })).toThrow(/failed: build/)
})

test('two runs of unknown relation, or unknown attempts, keep two checks apart F05', () => {
  const red = {
    name: 'build',
    app: null,
    id: 1,
    run: 7,
    workflow: null,
    attempts: null,
    state: 'red',
  } as const
  const green = { ...red, id: 2, state: 'green' } as const
  const states = (...made: Report[]) => standingReports(made).map(({ state }) => state)
  expect(states(red, green)).toEqual(['red', 'green'])
  expect(states(red, { ...green, run: 8 })).toEqual(['red', 'green'])
  expect(states({ ...red, attempts: 2 }, { ...green, attempts: 2 })).toEqual(['green'])
  expect(states({ ...red, run: null }, { ...green, run: null })).toEqual(['red', 'green'])
  expect(states({ ...red, attempts: 2 }, { ...green, app: 'other', attempts: 2 })).toEqual(['red', 'green'])
})
