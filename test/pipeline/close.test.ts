import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import { close } from '../../src/pipeline/run/close.ts'
import {
  aJournal,
  aRun,
  cancelled,
  changed,
  done,
  failed,
  opened as openedBy,
  pauseOf,
  seen,
  started,
  taken,
} from '../domain/a-journal.ts'
import { allSteps, aScheduler, aService, newer, older } from '../domain/a-plan.ts'
import { bob, type InMemory, inMemory, keep, keptLedger, leanPlan, ledgerCommits } from './in-memory.ts'

const roll = 'roll-services/web'
const alice: Doer = { run: aRun(1), by: ['alice'] }
const plan = leanPlan({
  steps: { scheduler: aScheduler({ deploy: null }), migrate: allSteps.migrate },
  services: [aService('web', 2)],
})

/** Closes as the run that opened the deployment, after its journal came to this. */
async function closed(
  memory: InMemory,
  happenings: readonly Happening[],
  { wanted = plan, doer = alice }: { wanted?: Plan; doer?: Doer } = {},
) {
  await memory.records.open(wanted, 7, aRun(1).url, { mayExist: false })
  await keep(memory, wanted, aJournal(...happenings))
  return close(memory.ports, 'shop', 'production', doer)
}

const serving = { 'web-1': older.tag, 'web-2': older.tag }
const recorded: Happening = { kind: 'record-opened', record: 1 }
const begun = [openedBy, ...done('source'), recorded] as const
const lastState = (memory: InMemory) => memory.records.states(1).at(-1)

describe('a run that holds nothing', () => {
  test('has nothing to close: no deployment, another run’s, another attempt’s, or one that waits', async () => {
    const none = inMemory()
    expect(await close(none.ports, 'shop', 'production', alice)).toBeNull()

    const pause = pauseOf(plan, aJournal(...begun, ...done('suspend-scheduler'), ...failed('migrate')))
    const waiting = [
      ...begun,
      ...done('suspend-scheduler'),
      ...failed('migrate'),
      { kind: 'paused', pause } as const,
    ]
    const others: (readonly [readonly Happening[], Doer])[] = [
      [begun, bob],
      [begun, { ...alice, run: { ...aRun(1), attempt: 2 } }],
      [waiting, alice],
      [[...begun, { kind: 'left' }], alice],
    ]
    for (const [happenings, doer] of others) {
      const memory = inMemory()
      expect(await closed(memory, happenings, { doer })).toBeNull()
      expect(ledgerCommits(memory)).toHaveLength(1)
    }
  })
})

describe('a run that was ended', () => {
  test('before anything changed: the deployment is cancelled', async () => {
    const memory = inMemory()
    expect(await closed(memory, begun)).toMatchObject({
      ending: { outcome: { kind: 'cancelled', stays: [] } },
    })
    expect(await keptLedger(memory)).toMatchObject({ deployment: null, serving: { release: older } })
    expect(lastState(memory)).toMatch(/^error: cancelled/)
    expect(memory.effects()).toEqual([])
  })

  test('with the scheduler suspended and nothing migrated: it is resumed GH-09', async () => {
    for (const suspended of [[started('suspend-scheduler')], done('suspend-scheduler')]) {
      const memory = inMemory()
      expect(await closed(memory, [...begun, ...suspended])).toMatchObject({ ending: { kind: 'ended' } })
      expect(memory.effects()).toEqual(['resume'])
      expect(await keptLedger(memory)).toMatchObject({ deployment: null, leases: [] })
    }
  })

  test('a scheduler that cannot be resumed stays on the ledger, and the record says so GH-09', async () => {
    const memory = inMemory()
    memory.shell.play('resume', { ends: { kind: 'exited', code: 1 } })
    await closed(memory, [...begun, started('suspend-scheduler')])
    expect(suspensionIn(await keptLedger(memory))).toMatchObject({ deployment: 7 })
    expect(lastState(memory)).toContain('the scheduler is suspended')
  })

  test('after the migration began, all is left for a run that can finish it GH-09', async () => {
    const memory = inMemory()
    const migrating = [...begun, ...done('suspend-scheduler'), started('migrate')]
    expect(await closed(memory, migrating)).toMatchObject({ ending: { kind: 'interrupted', problem: null } })
    expect(memory.effects()).toEqual([])
    const ledger = await keptLedger(memory)
    expect(ledger.deployment).toMatchObject({ number: 7, holder: null })
    expect(suspensionIn(ledger)).toMatchObject({ deployment: 7 })
    expect(lastState(memory)).toMatch(/^error: interrupted, the scheduler is suspended/)
  })

  test('part of the way through the instances, too GH-09', async () => {
    const memory = inMemory()
    const lean = leanPlan({ services: [aService('web', 2)] })
    const rolling = [
      ...begun,
      started(roll),
      seen(roll, { 'web-1': older.tag, 'web-2': older.tag }),
      taken(roll, 'web-1'),
      changed(roll, 'web-1'),
    ]
    expect(await closed(memory, rolling, { wanted: lean })).toMatchObject({ ending: { kind: 'interrupted' } })
    expect(memory.effects()).toEqual([])
    expect(await keptLedger(memory)).toMatchObject({
      desired: { tag: newer.tag },
      serving: { release: older },
      deployment: { holder: null },
    })
  })

  test('is not called lost where it ended by itself, and is doubted all the same F11', async () => {
    const memory = inMemory()
    await memory.records.open(plan, 7, aRun(1).url, { mayExist: false })
    await keep(memory, plan, aJournal(...begun, started(roll), seen(roll, serving), taken(roll, 'web-1')))
    const result = await close(memory.ports, 'shop', 'production', alice, 'broke-off')
    expect(
      (result?.session.journal ?? []).flatMap((event) => ('cause' in event ? [event.cause] : [])),
    ).toEqual(['broke-off'])
    expect(result?.session.standing.rolls.get(roll)).toMatchObject({ unsure: true })
  })

  test('says once how it came to its end: lost when main said nothing, cancelled when it did', async () => {
    for (const [said, causes] of [
      [[], ['lost']],
      [[cancelled], ['cancelled']],
    ] as const) {
      const memory = inMemory()
      const result = await closed(memory, [...begun, started('migrate'), ...said])
      const found = result?.session.journal.flatMap((event) =>
        event.kind === 'interrupted' ? [event.cause] : [],
      )
      expect(found).toEqual(causes)
    }
  })

  test('closes only once', async () => {
    const memory = inMemory()
    await closed(memory, [...begun, started('migrate')])
    expect(await close(memory.ports, 'shop', 'production', alice)).toBeNull()
  })
})
