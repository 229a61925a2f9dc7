import { expect, test } from 'vitest'
import { duration } from '../../src/domain/durations.ts'
import { instanceProgress, logLine, stepHeading, stepProgress } from '../../src/report/outcome/log-lines.ts'
import { moment } from '../../src/report/text/moments.ts'
import { problemLine, problemSummary } from '../../src/report/text/problem-text.ts'
import { planOf } from './scenario.ts'

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [999.7, '1 s'],
  [12_000, '12 s'],
  [59_600, '1 min'],
  [184_000, '3 min 4 s'],
  [600_000, '10 min'],
  [3_599_700, '1 h'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
  [-5, '0 ms'],
])('%d ms is told as %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words)
})

test('a time is told in UTC, and what is no time is told as it is', () => {
  expect(moment('2026-11-21T10:43:10.900+01:00')).toBe('2026-11-21 09:43:10 UTC')
  expect(moment('this deployment')).toBe('this deployment')
})

test('the log counts steps and instances', () => {
  expect(stepHeading(planOf(), 'roll-services/web', 184_000)).toBe(
    'Step 9 of 12: roll-services/web – change the instances, batch by batch (3 min 4 s since the start)',
  )
  expect(stepProgress('migrate', 'succeeded', 12_000)).toBe('migrate succeeded, 12 s')
  expect(instanceProgress({ nth: 3, total: 10 }, 'web-3', 'self test passed', 4000)).toBe(
    '(3 of 10) web-3: self test passed, 4 s',
  )
})

test('no line for the log is one that the runner obeys', () => {
  expect(logLine('::set-output name=x::y')).toBe(': :set-output name=x::y')
  expect(logLine('  ::add-mask::x')).toBe(': :add-mask::x')
  expect(logLine('ok ##[add-mask]x')).toBe('ok ## [add-mask]x')
  expect(logLine('one\n::error::two')).toBe('one ::error::two')
})

const problem = {
  code: 'tag-moved' as const,
  what: 'The tag v1.3.0 is bbbbbbb now; it was aaaaaaa.',
  why: 'Somebody has moved it.',
  next: 'Make a new tag.',
}

test('a problem says what happened, why, and what to do next', () => {
  expect(problemLine(problem)).toBe(
    'The tag v1.3.0 is bbbbbbb now; it was aaaaaaa.\nSomebody has moved it.\nMake a new tag.',
  )
  expect(problemSummary(problem)).toBe(
    `## ❌ Stopped: tag-moved

> [!CAUTION]
> **The tag v1.3.0 is bbbbbbb now; it was aaaaaaa.**
>
> Somebody has moved it.
>
> **Next:** Make a new tag.
>
> Code: \`tag-moved\`
`,
  )
})

test('several mistakes have a line each', () => {
  const two = { ...problem, what: 'The config has 2 mistakes:\n5:3 one\n6:5 ::error::another' }
  expect(problemLine(two)).toMatch(/^The config has 2 mistakes:\n5:3 one\n6:5 ::error::another\nSomebody/)
  expect(problemSummary(two)).toContain('> **The config has 2 mistakes:**\n>\n> 5:3 one\n>\n> 6:5')
})
