import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { type Ledger, remember } from '../../src/domain/ledger/ledger.ts'
import type { Unfinished } from '../../src/domain/ledger/unfinished.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import {
  aJournal,
  answered,
  broke,
  changed,
  lost,
  opened,
  resumed,
  seen,
  started,
  taken,
  upTo,
} from './a-journal.ts'
import { aLedgerServing, aPlan, aRecipe, aService, aWish, count, newer, older, rollsOf } from './a-plan.ts'

const web = 'roll-services/web'
const recipe = aRecipe({ services: [aService('web', 3, { minAvailable: count(0), maxParallel: count(3) })] })
const plan = aPlan({ recipe })
const allOlder = seen(web, { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' })
const oneIsRight = seen(web, { 'web-1': 'down', 'web-2': 'v1.1.0', 'web-3': 'v1.0.0' })
const begun = [...upTo(plan, 'roll-services'), started(web), allOlder]
const fails: Happening = {
  ...broke(web, 'web-1'),
  outSince: '2026-11-21T12:00:00.000Z',
  backSince: null,
} as Happening
const oneFails = [...begun, taken(web, 'web-1', 'web-2'), fails, changed(web, 'web-2')]
const ended: Happening = { kind: 'ended', outcome: { kind: 'abandoned', by: 'bob', reason: '' } }
const aLeftOver = (instance: string, change: Partial<Unfinished> = {}): Unfinished => ({
  service: 'web',
  instance,
  deployment: 6,
  out: false,
  ...change,
})

function ledgerAfter(happenings: readonly Happening[], before: Partial<Ledger> = {}, its = plan): Ledger {
  const deployment = {
    number: 7,
    plan: its,
    journal: [],
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  }
  return aJournal(...happenings, ended).reduce(remember, { ...aLedgerServing(older), ...before, deployment })
}
const names = ({ unfinished = [] }: Ledger) => unfinished.map(({ instance }) => instance)

describe('a deployment that has ended leaves unfinished', () => {
  test.each<[string, Happening[], string[]]>([
    [
      'nothing that was changed to its end, or not at all',
      [...begun, taken(web, 'web-2'), changed(web, 'web-2')],
      [],
    ],
    ['what failed', oneFails, ['web-1']],
    ['what failed and was forced', answered(plan, oneFails, 'force-next'), ['web-1']],
    ['what failed and was excluded', answered(plan, oneFails, 'exclude'), ['web-1']],
    ['what failed and was to be tried again', answered(plan, oneFails, 'retry'), ['web-1']],
    ['what was being changed', [...begun, taken(web, 'web-3')], ['web-3']],
    ['all that a lost run may have changed', [...begun, lost, resumed], ['web-1', 'web-2', 'web-3']],
    ['nothing of that once it was seen as it was', [...begun, lost, resumed, allOlder], []],
    [
      'nothing that was put right later',
      [...answered(plan, oneFails, 'retry'), oneIsRight, taken(web, 'web-1'), changed(web, 'web-1')],
      [],
    ],
  ])('%s F01', (_title, happenings, expected) => {
    expect(names(ledgerAfter(happenings))).toEqual(expected)
  })

  test('says of each which deployment it was, and whether it is to stay out of traffic F04', () => {
    expect(ledgerAfter(oneFails).unfinished).toEqual([aLeftOver('web-1', { deployment: 7, out: true })])
  })

  test('instances that it did not come to, or did not roll, stay as they were F01', () => {
    const unfinished = [aLeftOver('web-1', { out: true }), aLeftOver('api-1', { service: 'api' })]
    const again = aPlan({ recipe, ledger: aLedgerServing(older, { unfinished }) })
    expect(ledgerAfter([opened], { unfinished }, again).unfinished).toEqual([unfinished[1], unfinished[0]])
    const put = [...upTo(again, 'roll-services'), started(web), allOlder, taken(web, 'web-1')]
    expect(names(ledgerAfter([...put, changed(web, 'web-1')], { unfinished }, again))).toEqual(['api-1'])
  })
})

describe('the deployment after it', () => {
  const ledger = aLedgerServing(older, { unfinished: [aLeftOver('web-1')] })
  const again = aPlan({ recipe, ledger })

  test('changes what was left unfinished, although it seems to be right F01', () => {
    const looked = seen(web, { 'web-1': 'v1.1.0', 'web-2': 'v1.1.0', 'web-3': 'v1.0.0' })
    const now = standing(again, aJournal(...upTo(again, 'roll-services'), started(web), looked))
    expect([...(now.rolls.get(web)?.instances ?? [])].map(([, { state }]) => state)).toEqual([
      'pending',
      'left-alone',
      'pending',
    ])
  })

  test('says so to whoever approves it F01', () => {
    expect(again.warnings).toContain(
      'web/web-1 was left unfinished by deployment 6: it is changed again, whatever it says of itself.',
    )
    expect(rollsOf(aPlan({ recipe }))[0]?.unfinished).toEqual([])
  })

  test('is no deployment without an effect where the same release is to be brought again F01', () => {
    const serving = aLedgerServing(newer)
    expect(planning(aWish({ recipe, ledger: serving })).kind).toBe('already-deployed')
    const left = { ...serving, unfinished: [aLeftOver('web-1')] }
    expect(planning(aWish({ recipe, ledger: left }))).toMatchObject({
      kind: 'planned',
      plan: { mode: 'redeploy' },
    })
  })
})
