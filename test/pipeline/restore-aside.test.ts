import { describe, expect, test } from 'vitest'
import { migrationsKept } from '../../src/domain/backup/restored.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import { describeDecision } from '../../src/domain/question/consequence.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { targetOf } from '../../src/pipeline/plan/target.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { undertakingFields } from '../../src/report/form/undertaking-fields.ts'
import { inspectionInWords } from '../../src/report/question/inspection-in-words.ts'
import { aDetour } from '../domain/a-detour.ts'
import { aPast } from '../domain/a-ledger.ts'
import {
  aCommand,
  aLedgerServing,
  aPlan,
  aPolicy,
  aRecipe,
  aScheduler,
  aService,
  newer,
  noSteps,
  older,
  type Wishes,
} from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld } from './a-detour-world.ts'
import { keptLedger, opened } from './in-memory.ts'
import { again, answered } from './later-run.ts'
import { type Loss, throughALoss } from './through-a-loss.ts'

const backup = { create: aCommand('back-up'), restore: aCommand('restore') }
const made = { name: 'shop-0411', position: '0/40', at: '2026-04-11T09:00:00.000Z', deployment: 5 }
const shown = { kind: 'run', command: aCommand('page-status') } as const
const maintenance = {
  ...{ open: aCommand('page-on'), close: aCommand('page-off'), shown, pages: [], timeout: 30_000 },
  ...({ when: 'always', closeAfter: 'services', lease: 3_600_000 } as const),
}

/** Deployment 5 made the backup, and migrated to the release that serves. */
function backedUp(serves = newer, change: Partial<Ledger> = {}): Ledger {
  const { serving, ...ledger } = aLedgerServing(serves, {
    history: [
      aPast(newer, { number: 5, from: older, migrated: 'contract', migrationDone: true, backup: made }),
      aPast(older, { number: 4 }),
    ],
    ...change,
  })
  return { ...ledger, serving: serving && { ...serving, preDeploy: null, readOnly: true } }
}

const restoring = (steps: object = { detour: aDetour() }, wishes: Wishes = {}) =>
  aPlan({
    ...{ wanted: 'restore-aside', release: older, relation: 'behind', confirm: 'production' },
    policy: aPolicy({ approval: { kind: 'none' }, allowDestructive: ['restore'] }),
    recipe: aRecipe({ steps: { ...noSteps, backup, ...steps }, services: [aService('web', 2)] }),
    ledger: backedUp(),
    ...wishes,
  })

const kindsOf = ({ steps }: { readonly steps: readonly { readonly kind: string }[] }) =>
  steps.map(({ kind }) => kind)

describe('the plan of a restore behind a detour', () => {
  test('says first what is lost since, restores once visitors are away, and brings the release of the backup SD-32', () => {
    const plan = restoring({ detour: aDetour(), scheduler: aScheduler({ deploy: null }), maintenance })
    expect(plan.refusals).toEqual([])
    expect(kindsOf(plan)).toEqual([
      ...['source', 'suspend-scheduler', 'open-detour', 'restore', 'roll-services', 'inspect'],
      ...['close-detour', 'resume-scheduler', 'record-version'],
    ])
    expect(plan.warnings.slice(0, 2)).toEqual([
      'Everything that was written since shop-0411 of 2026-04-11 09:00 UTC at position 0/40 is lost once people complete: until then visitors read it at the stand-in, and the answer revert brings it back.',
      'The migration of deployment 5 is taken away with it, and v1.0.0 serves again, as when the backup was made.',
    ])
    expect(plan.warnings.join()).not.toContain('not the data')
    expect(plan.guard).toMatchObject({ words: 'production', confirmed: true })
    expect(undertakingFields(plan)).toContainEqual({
      ...{ kind: 'value', name: 'options', value: 'backup=shop-0411; detour=true' },
    })
  })

  test('is refused without a stand-in, without a confirmation, and where the policy forbids it SD-32', () => {
    const codes = (...asked: Parameters<typeof restoring>) =>
      restoring(...asked).refusals.map(({ code }) => code)
    expect(codes({})).toContain('restore-open')
    expect(restoring({ maintenance }).refusals[0]?.next).toContain('Leave the option detour out')
    expect(codes(undefined, { confirm: '' })).toEqual(['confirmation-missing'])
    expect(codes(undefined, { policy: aPolicy() })).toEqual(['destructive-refused'])
  })

  test('takes the release that served when the backup was made, and no other SD-32', () => {
    const target = (backup: string, tag: string | null = null, ledger = backedUp()) =>
      targetOf({ undertaking: { mode: 'restore-aside', backup }, environment: 'production', tag }, ledger)
    expect([target('').tag, target('shop-0411').recorded?.sha]).toEqual([older.tag, older.sha])
    expect(() => target('shop-9')).toThrow('production has no backup shop-9.')
    expect(() => target('', newer.tag)).toThrow('v1.0.0 served when shop-0411 was made')
    const forgotten = { ...backedUp(), history: [aPast(newer, { number: 5, backup: made })] }
    expect(() => target('', null, forgotten)).toThrow('No release served production when shop-0411 was made')
  })
})

const open = async (served = newer, wishes: Wishes = {}) => {
  const world = aDetourWorld(undefined, served.tag)
  const plan = restoring(undefined, wishes)
  world.memory.workspace.head = plan.release.sha
  const context = await opened(world.memory, plan, backedUp(served))
  return { world, plan, context }
}

const before = { serves: newer.tag, home: [newer.tag, newer.tag], restored: false, outcome: 'rolled-back' }
const after = { serves: older.tag, home: [older.tag, older.tag], restored: true, outcome: 'succeeded' }

async function endOf({ memory, running, visitors, breaches }: DetourWorld) {
  const { detour, serving, history, deployment } = await keptLedger(memory)
  expect([
    visitors(),
    breaches,
    detour,
    deployment,
    memory.detour.copies,
    memory.detour.state.writes,
  ]).toEqual([...[serving?.release.tag, [], null, null, { made: 1, removed: 1 }, 'open']])
  return {
    serves: serving?.release.tag,
    home: [running.get('web-1'), running.get('web-2')],
    // A writer that passes the door adds one.
    restored: memory.detour.state.rows.home < 60,
    outcome: history[0]?.outcome.kind,
  }
}

describe('a restore behind a detour', () => {
  test('has visitors read the database as it was, until people have looked at the backup SD-32', async () => {
    const { world, plan, context } = await open()
    const ending = await execute(context)
    expect(ending).toMatchObject({
      pause: { kind: 'inspection', options: ['complete', 'revert', 'abandon'] },
    })
    const { rows, marker } = world.memory.detour.state
    expect([world.visitors(), marker, rows]).toEqual([newer.tag, 'stand-in', { home: 40, 'stand-in': 100 }])
    expect(world.running.get('web-1')).toBe(older.tag)
    if (ending.kind !== 'waiting' || ending.pause.kind !== 'inspection') throw new Error('nobody is asked')
    const { pause } = ending
    expect(pause.withheld['revert-code']).toBe('the database of home is shop-0411, and not the one of v1.1.0')
    expect(describeDecision('complete', pause, plan.steps)).toContain(
      'what was written since shop-0411 of 2026-04-11 09:00 UTC at position 0/40 is lost',
    )
    const { journal } = context.session
    expect(inspectionInWords({ plan, journal } as never, pause)).toContain(
      '**With `complete`, everything that was written since is lost**',
    )
    await answered(world.memory, 'complete')
    expect(await endOf(world)).toEqual(after)
    const { history } = await keptLedger(world.memory)
    expect(history[0]).toMatchObject({ mode: 'restore-aside', restored: { ...made, done: true } })
    expect(migrationsKept(history).map(({ migrated }) => migrated)).toEqual([null, null, null])
  })

  test('is taken back as a whole by revert: release and database are what visitors left SD-32', async () => {
    const { world, context } = await open()
    await execute(context)
    await answered(world.memory, 'revert')
    expect(await endOf(world)).toEqual(before)
    const [past, first] = migrationsKept((await keptLedger(world.memory)).history)
    expect([past?.restored?.name, first?.migrated]).toEqual(['shop-production-7', 'contract'])
  })

  test('that fails keeps visitors on the stand-in, and takes everything back on revert SD-32', async () => {
    const { world, context } = await open()
    world.memory.shell.play('restore', { ends: { kind: 'exited', code: 1 } })
    expect(await execute(context)).toMatchObject({
      pause: { kind: 'failed-step', step: 'restore', options: expect.arrayContaining(['retry', 'revert']) },
    })
    expect(world.memory.detour.state.marker).toBe('stand-in')
    await answered(world.memory, 'revert')
    expect(await endOf(world)).toEqual(before)
  })

  test('keeps the release that serves, whose migration had failed, and ends in both ways', async () => {
    const same = { release: older, relation: 'identical', ledger: backedUp(older) } as const
    for (const [answer, restored] of [
      ['complete', true],
      ['revert', false],
    ] as const) {
      const { world, context } = await open(older, same)
      expect(await execute(context)).toMatchObject({ pause: { options: ['complete', 'revert', 'abandon'] } })
      await answered(world.memory, answer)
      expect(await endOf(world)).toMatchObject({ serves: older.tag, home: [older.tag, older.tag], restored })
    }
  })

  test.each<FinalDecision>(['complete', 'revert'])(
    'that is lost at any effect ends with %s as if it never was SD-32',
    async (answer) => {
      const through = async (kill?: Loss) => {
        const { world, context } = await open()
        const effects = await throughALoss(world, context, kill, (pause, doer) =>
          pause === null
            ? again(world.memory, doer)
            : answered(world.memory, pause.kind === 'inspection' ? answer : 'retry', 'it must', doer),
        )
        return { world, effects }
      }
      const { effects } = await through()
      expect(effects).toBeGreaterThan(20)
      for (let kill = 0; kill < effects * 2; kill += 1) {
        const loss = { at: 1 + (kill >> 1), done: kill % 2 === 1 }
        const { world } = await through(loss)
        expect({ ...loss, ...(await endOf(world)) }).toEqual({
          ...loss,
          ...(answer === 'complete' ? after : before),
        })
      }
    },
  )
})
