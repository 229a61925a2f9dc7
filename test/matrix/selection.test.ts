import { expect, test } from 'vitest'
import type { RequestRecord } from '../../src/sandbox/github/log.ts'
import type { Stage } from '../../src/sandbox/stage.ts'
import { momentsOf } from './moments.ts'
import { sliced, sliceOf } from './sample.ts'

const cases = Array.from({ length: 100 }, (_, index) => index)

test('the slices of a matrix are all of it, and no case is in two', () => {
  const slices = Array.from({ length: 12 }, (_, index) => sliced(cases, sliceOf(`${index + 1}/12`)))
  expect(slices.flat().sort((a, b) => a - b)).toEqual(cases)
  expect(new Set(slices.map(({ length }) => length))).toEqual(new Set([8, 9]))
})

test.each(['0/12', '13/12', '3', '3/0', 'a/b', ''])('the slice "%s" is refused', (text) =>
  expect(() => sliceOf(text)).toThrow('no part of a whole'),
)

test('a run has a moment before its first request, after each change that others see, and after each program', () => {
  let scripts = 1
  const moments = momentsOf({} as Stage, () => scripts)
  const at = (method: string, path: string): string =>
    moments({ method, path: `/repos/acme/shop/${path}` } as RequestRecord)
      .map(({ done }) => (done ? 'after' : 'before'))
      .join(' and ')
  const read = () => at('GET', 'git/ref/rollgate/shop/production')
  expect([read(), read()]).toEqual(['before', ''])
  expect(at('POST', 'git/trees')).toBe('')
  expect(at('PATCH', 'git/refs/rollgate/shop/production')).toBe('after')
  scripts += 2
  expect([read(), read()]).toEqual(['before', ''])
  scripts += 1
  expect(at('POST', 'deployments/2/statuses')).toBe('before and after')
  expect(read()).toBe('')
})
