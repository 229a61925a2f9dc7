import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { overlaps } from '../../src/report/outcome/overlap.ts'
import { aFailure, aJournal, aTime, done, opened, seen, started, taken, untold } from '../domain/a-journal.ts'
import { aPlan, aRecipe, aService } from '../domain/a-plan.ts'

const web = 'roll-services/web'
const plan = aPlan({ recipe: aRecipe({ services: [aService('web', 2)] }) })
const both = seen(web, { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0' })

/** Two instances, changed one after the other: the first batch begins at 3 s and the second at 5 s, noon being 0. */
const rolled = (first: object, second: object): Happening[] => [
  opened,
  started(web),
  both,
  taken(web, 'web-1'),
  { kind: 'instance-succeeded', step: web, instance: 'web-1', ...untold, ...first },
  taken(web, 'web-2'),
  { kind: 'instance-succeeded', step: web, instance: 'web-2', ...untold, ...second },
]
const mixed = (happenings: readonly Happening[]) => overlaps(plan, aJournal(...happenings)).mixed

describe('the time in which two releases served', () => {
  test('lasts until the last instance of the older one was seen out of traffic F09', () => {
    const drained = { outSince: aTime(5.7), backSince: aTime(5.9) }
    expect(mixed(rolled({ outSince: aTime(3.2), backSince: aTime(3.5) }, drained))).toEqual([
      { from: aTime(3.5), to: aTime(5.7) },
    ])
  })

  test('lasts until the end of its change where an instance kept its traffic F09', () => {
    const kept = { outSince: null, backSince: aTime(5.5) }
    expect(mixed(rolled({ outSince: null, backSince: aTime(3.5) }, kept))).toEqual([
      { from: aTime(3.5), to: aTime(6) },
    ])
  })

  test('lasts, with two slots, until the old one got no requests, and not until it was stopped SP-32', () => {
    const first = { backSince: aTime(3.2), outSince: aTime(3.6) }
    const second = { backSince: aTime(5.2), outSince: aTime(5.4) }
    expect(mixed(rolled(first, second))).toEqual([{ from: aTime(3.2), to: aTime(5.4) }])
  })

  test('is seen by a look where a lost run has left both slots in traffic SP-32', () => {
    const slot = (version: string) => ({ version, answers: true, healthy: true, inTraffic: true })
    const slots = { a: slot('v1.0.0'), b: slot(plan.release.tag) }
    const observed = { version: null, healthy: true, slots }
    const journal: Happening[] = [
      opened,
      started(web),
      both,
      { kind: 'instances-observed', step: web, instances: { 'web-1': observed } },
    ]
    expect(mixed(journal)).toEqual([{ from: aTime(3), to: null }])
  })

  test('goes by the ends of changes in a journal that does not tell more F09', () => {
    expect(mixed(rolled({}, {}))).toEqual([{ from: aTime(4), to: aTime(6) }])
  })

  test('goes on while an instance that failed kept its traffic, and not once it was out F09', () => {
    const fails = (handled: object): Happening[] => [
      ...rolled({ outSince: aTime(3.2), backSince: aTime(3.5) }, {}).slice(0, -1),
      { kind: 'instance-failed', step: web, instance: 'web-2', failure: aFailure(), ...untold, ...handled },
    ]
    expect(mixed(fails({ outSince: null, backSince: null }))).toEqual([{ from: aTime(3.5), to: null }])
    expect(mixed(fails({ outSince: aTime(5.4), backSince: null }))).toEqual([
      { from: aTime(3.5), to: aTime(5.4) },
    ])
  })

  test('on the new database begins with the migration, and ends when the older release has left F09', () => {
    const journal = [
      opened,
      ...done('migrate'),
      started(web),
      both,
      taken(web, 'web-1', 'web-2'),
      ...['web-1', 'web-2'].map(
        (instance): Happening => ({
          kind: 'instance-succeeded',
          step: web,
          instance,
          outSince: aTime(5.5),
          backSince: aTime(5.8),
        }),
      ),
    ]
    expect(overlaps(plan, aJournal(...journal)).olderOnNewDatabase).toEqual([
      { from: aTime(1), to: aTime(5.5) },
    ])
  })
})
