import { expect, test } from 'vitest'
import { type SuspendedCronJobs, suspendedSince } from '../../src/domain/engine/cron-jobs.ts'

const inPlace = (namespace: string, active: readonly string[] = []): SuspendedCronJobs => ({
  ...{ kind: 'cron-jobs', service: 'web', namespace, context: null, names: null },
  active,
})

test('a suspension in the same place knows which CronJobs an earlier one has suspended', () => {
  expect(suspendedSince(inPlace('shop'), inPlace('shop', ['hourly']))).toEqual(inPlace('shop', ['hourly']))
})

test('a scheduler that has moved leaves no CronJob of its old place suspended, wherever it moves', () => {
  const moved = suspendedSince(inPlace('new'), inPlace('old', ['hourly']))
  expect(moved).toEqual({ ...inPlace('new'), left: [inPlace('old', ['hourly'])] })
  const again = suspendedSince(inPlace('newest'), { ...moved, active: ['nightly'] })
  expect(again.left).toEqual([inPlace('new', ['nightly']), inPlace('old', ['hourly'])])
  expect(suspendedSince(inPlace('old'), again)).toEqual({
    ...inPlace('old', ['hourly']),
    left: [inPlace('new', ['nightly'])],
  })
})

test('a place in which nothing was suspended is not remembered', () => {
  expect(suspendedSince(inPlace('new'), inPlace('old'))).toEqual(inPlace('new'))
})
