import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import type { Release } from '../../src/domain/release/release.ts'
import { type Deviation, driftOf, judge } from '../../src/domain/rolling/drift.ts'
import type { InstanceSeen } from '../../src/domain/rolling/sight.ts'
import { aJournal, broke, started, taken } from './a-journal.ts'
import { aLedgerServing, aPlan, aRecipe, aService, newer, older } from './a-plan.ts'

const right: InstanceSeen = {
  name: 'web-1',
  version: { kind: 'found', value: older.tag, why: null },
  healthy: { kind: 'found', value: true, why: null },
  inTraffic: { kind: 'found', value: true, why: null },
}
const says = (value: string) => ({ kind: 'found', value, why: null }) as const
const no = { kind: 'found', value: false, why: 'answered 503' } as const
const unanswered = { kind: 'unanswered', why: 'nobody answered' } as const
const unasked = { kind: 'unasked', why: 'needs a checkout' } as const
const none = { kind: 'none', why: 'no probe' } as const

const silent = { version: unanswered, healthy: no, inTraffic: no }

const serving = aLedgerServing(older)
const underway = {
  ...serving,
  deployment: {
    number: 7,
    plan: aPlan(),
    journal: [],
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  },
}
const seen = (change: Partial<InstanceSeen> = {}) => [
  { name: 'web', unasked: null, instances: [{ ...right, ...change }] },
]
const deviations = (ledger: typeof serving, change: Partial<InstanceSeen>) =>
  judge(ledger, seen(change))[0]?.instances[0]?.deviations

describe('an instance deviates', () => {
  test.each<[string, Partial<InstanceSeen>, Deviation[]]>([
    ['not when it serves the release, by its tag', {}, []],
    ['not when it names the commit', { version: says(older.sha) }, []],
    ['when it runs another release', { version: says(newer.tag) }, ['other-release']],
    ['when it is up and does not say what it runs', { version: unanswered }, ['mute']],
    ['when it is not healthy', { healthy: no }, ['unhealthy']],
    ['once when it is down and says nothing', { healthy: no, version: unanswered }, ['unhealthy']],
    ['when its health could not be asked', { healthy: unanswered }, ['unhealthy']],
    ['when the front door sends it nothing', { inTraffic: no }, ['out-of-traffic']],
    ['not by what was not asked', { version: unasked, healthy: unasked, inTraffic: unasked }, []],
    ['not by what nobody can ask', { version: none, healthy: none, inTraffic: none }, []],
    ['not when the front door does not tell', { inTraffic: unanswered }, []],
    ['not while its idle slot is silent', { slots: { a: right, b: silent } }, []],
    ['when its idle slot answers', { slots: { a: right, b: { ...right, inTraffic: no } } }, ['idle-answers']],
    ['when both of its slots get requests', { slots: { a: right, b: right } }, ['both-slots']],
  ])('%s', (_, change, expected) => {
    expect(deviations(serving, change)).toEqual(expected)
  })

  test.each<[string, Release, Deviation[]]>([
    ['not when the ledger tells its agent the release that serves', older, []],
    [
      'when the ledger tells its agent another release, although it says the right one',
      newer,
      ['told-otherwise'],
    ],
  ])('%s WX-11', (_, { tag, sha }, expected) => {
    const told = {
      service: 'web',
      instance: 'web-1',
      order: '7.1',
      manifest: '',
      artifacts: {},
      restart: false,
    }
    const ledger = { ...serving, pulled: [{ ...told, release: { tag, sha } }] }
    expect(deviations(ledger, {})).toEqual(expected)
    expect(judge(ledger, seen())[0]?.instances[0]?.desired).toBe(tag)
    expect(driftOf(ledger, judge(ledger, seen())).kind).toBe(expected.length === 0 ? 'none' : 'found')
    expect(deviations({ ...underway, pulled: ledger.pulled }, {})).toEqual([])
  })

  test('while a deployment is under way not by serving either of its releases, but by any third', () => {
    expect(deviations(underway, { version: says(newer.tag) })).toEqual([])
    expect(deviations(underway, { version: says(older.tag) })).toEqual([])
    expect(deviations(underway, { version: says('v0.9.0') })).toEqual(['other-release'])
  })
})

describe('an instance that failed and was taken out of traffic', () => {
  const plan = aPlan({ recipe: aRecipe({ services: [aService('web', 2)] }) })
  const outSince = '2026-11-21T12:00:00.000Z'
  const fails = (handled: object) => [
    started('roll-services/web'),
    taken('roll-services/web', 'web-1'),
    { ...broke('roll-services/web', 'web-1'), ...handled } as Happening,
  ]
  const failed = fails({ outSince, backSince: null })
  const open = (happenings: readonly Happening[]) => ({
    ...serving,
    deployment: { ...underway.deployment, plan, journal: aJournal(...happenings) },
  })
  const left = { service: 'web', instance: 'web-1', deployment: 6, out: true }

  test.each<[string, Happening[], Partial<InstanceSeen>, Deviation[]]>([
    ['deviates when the front door sends it requests', failed, {}, ['in-traffic']],
    ['does not when nobody can tell', failed, { inTraffic: unanswered }, []],
    ['is only out of traffic when it is', failed, { inTraffic: no }, ['out-of-traffic']],
    ['does not when its change left it in traffic', fails({ outSince: null, backSince: null }), {}, []],
    ['does not while it is changed again', [...failed, taken('roll-services/web', 'web-1')], {}, []],
    ['does not where its journal does not tell', fails({}), {}, []],
  ])('%s F04', (_title, happenings, change, expected) => {
    expect(deviations(open(happenings), change)).toEqual(expected)
  })

  test('deviates by its health where the balancer asks the instance itself F04', () => {
    const services = seen({ inTraffic: none }).map((service) => ({ ...service, asksThem: true as const }))
    const judged = judge(open(failed), services)[0]?.instances[0]?.deviations
    expect(judged).toEqual(['in-traffic'])
  })

  test('deviates after the end of its deployment as well, until another changes it F04', () => {
    expect(deviations({ ...serving, unfinished: [left] }, {})).toEqual(['in-traffic'])
    expect(deviations({ ...serving, unfinished: [{ ...left, out: false }] }, {})).toEqual([])
    const again = open([started('roll-services/web'), taken('roll-services/web', 'web-1')])
    expect(deviations({ ...again, unfinished: [left] }, {})).toEqual([])
  })
})

describe('an environment drifts WX-11', () => {
  const drift = (ledger: typeof serving, change: Partial<InstanceSeen> = {}) =>
    driftOf(ledger, judge(ledger, seen(change)))

  test('by an instance, and not without one', () => {
    expect(drift(serving)).toEqual({ kind: 'none' })
    expect(drift(serving, { healthy: no })).toEqual({ kind: 'found', desired: null })
  })

  test('when its ledger wants another release than serves, and nobody brings it', () => {
    const desired = { tag: newer.tag, sha: newer.sha }
    expect(drift({ ...serving, desired })).toEqual({ kind: 'found', desired })
    expect(drift({ ...underway, desired })).toEqual({ kind: 'unjudged', because: 'deployment-under-way' })
  })

  test('never before something serves', () => {
    expect(driftOf(aLedgerServing(null), [])).toEqual({ kind: 'unjudged', because: 'nothing-serves' })
  })
})
