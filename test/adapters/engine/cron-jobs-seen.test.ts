import { expect, test } from 'vitest'
import { cronJobsAndJobs, schedulerSeen } from '../../../src/adapters/engine/kubernetes/cron-jobs/seen.ts'
import { shaped } from '../../../src/adapters/engine/kubernetes/shapes.ts'

const cronJob = (name: string, spec: object = {}) => ({
  kind: 'CronJob',
  metadata: { name, uid: `uid-${name}` },
  spec: { schedule: '@hourly', ...spec },
  status: {},
})

const job = (name: string, owner: string, status: object, spec: object = {}) => ({
  kind: 'Job',
  metadata: { name, uid: name, ownerReferences: [{ kind: 'CronJob', name: owner, uid: `uid-${owner}` }] },
  spec: { parallelism: 1, ...spec },
  status,
})

/** The look at a list, as kubectl prints it. */
const seen = (names: readonly string[] | null, ...items: readonly object[]) =>
  schedulerSeen(shaped(cronJobsAndJobs, JSON.stringify({ items }))?.items ?? expect.fail('no list'), names)

const ended = (type: string) => ({ conditions: [{ type, status: 'True' }] })

test('CronJobs are told with their suspension, and those of other names are left out', () => {
  const items = [
    cronJob('hourly', { suspend: false }),
    cronJob('stopped', { suspend: true }),
    cronJob('other'),
  ]
  expect(seen(['hourly', 'stopped'], ...items).timed).toEqual([
    { name: 'hourly', suspended: false },
    { name: 'stopped', suspended: true },
  ])
  expect(seen(null, ...items).timed).toContainEqual({ name: 'other', suspended: false })
})

test.each([
  ['has pods', { active: 1 }, {}, true],
  ['has just been made', {}, {}, true],
  ['waits for its next try', { failed: 1 }, {}, true],
  ['has ended, with pods that are ending still', { ...ended('Complete'), terminating: 1 }, {}, true],
  ['is said not to have failed', { conditions: [{ type: 'Failed', status: 'False' }] }, {}, true],
  ['has ended well', ended('Complete'), {}, false],
  ['has failed', ended('Failed'), {}, false],
  ['is suspended itself', {}, { suspend: true }, false],
])('a job that %s is running: %o', (_state, status, spec, runs) => {
  const { running } = seen(null, cronJob('hourly'), job('hourly-1', 'hourly', status, spec))
  expect(running).toEqual(runs ? ['hourly-1'] : [])
})

test('jobs of other owners are none of them', () => {
  expect(
    seen(['hourly'], cronJob('hourly'), cronJob('other'), job('other-1', 'other', { active: 1 })).running,
  ).toEqual([])
})
