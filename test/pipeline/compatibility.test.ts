import { describe, expect, test } from 'vitest'
import type { Journal } from '../../src/domain/journal/journal.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { survey } from '../../src/pipeline/plan/survey.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aJournal, resumed } from '../domain/a-journal.ts'
import { aHistory, aPast } from '../domain/a-ledger.ts'
import {
  aLedgerServing,
  aLedgerWithChecks,
  allSteps,
  aPlan,
  aPolicy,
  aRecipe,
  newer,
  older,
} from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest, planned } from './a-repository.ts'
import {
  bob,
  durableLedger,
  goingOn,
  type InMemory,
  inMemory,
  keptLedger,
  opened,
  reading,
} from './in-memory.ts'

const check = 'check-compatibility'
const policy = aPolicy({ approval: { kind: 'none' } })
const plan: Plan = aPlan({ ledger: aLedgerWithChecks(), policy, recipe: aRecipe({ steps: allSteps }) })
const following = (effects: readonly string[], what: string) => effects.slice(effects.indexOf(what) + 1)

async function deciding(memory: InMemory, decision: 'retry' | 'force-next' | 'roll-back', reason = '') {
  const kept = await memory.ledgers.read('shop', 'production')
  const answer = {
    environment: 'production',
    pause: '7.1',
    decision,
    instances: [],
    reason,
    by: 'rhea',
    override: '',
  }
  return decide(memory.ports, { ...kept, policy }, answer, bob, memory.stop, reading)
}

describe('the checks of the release that serves', () => {
  test('run on the migrated database, before the scheduler and the instances, and are told of both releases', async () => {
    const memory = inMemory()
    const seen: object[] = []
    memory.shell.play('check-older', ({ variables }) => {
      seen.push(variables)
      return {}
    })
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(following(memory.effects(), 'migrate').slice(0, 2)).toEqual(['check-older', 'resume'])
    expect(seen).toMatchObject([
      {
        ROLLGATE_RELEASE: newer.tag,
        ROLLGATE_CHECKOUT: `files of ${older.sha}`,
        ROLLGATE_PREVIOUS_RELEASE: older.tag,
        ROLLGATE_PREVIOUS_SHA: older.sha,
        ROLLGATE_PREVIOUS_CHECKOUT: `files of ${older.sha}`,
      },
    ])
    expect((await keptLedger(memory)).history[0]?.compatibility).toMatchObject({ passed: true })
  })

  test('say in the journal what passed', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    await execute(context)
    expect(context.session.standing.steps.get(check)?.note).toBe(
      'the checks of v1.0.0 pass on the schema of v1.1.0',
    )
  })

  test('that fail stop the deployment, with both releases named; nothing of the new one serves', async () => {
    const memory = inMemory()
    memory.shell.play('check-older', { lines: ['no such column: note'], ends: { kind: 'exited', code: 1 } })
    expect(await execute(await opened(memory, plan))).toMatchObject({
      kind: 'waiting',
      pause: {
        step: check,
        failure: {
          code: 'not-compatible',
          what: 'The checks of v1.0.0 fail on the schema of v1.1.0: check-compatibility exited with 1.',
          tail: ['no such column: note'],
        },
      },
    })
    expect(following(memory.effects(), 'check-older')).toEqual([])
    expect(suspensionIn(await keptLedger(memory))).toMatchObject({ pinned: false })
  })

  test('that could not be run have shown nothing, and stop it all the same', async () => {
    const memory = inMemory()
    memory.shell.play('check-older', { ends: { kind: 'not-found', name: 'check-older' } })
    expect(await execute(await opened(memory, plan))).toMatchObject({
      kind: 'waiting',
      pause: { step: check, failure: { code: 'command-not-found' } },
    })
  })

  test('pass when they are tried again, and the deployment goes on without a second migration', async () => {
    const memory = inMemory()
    let tries = 0
    memory.shell.play('check-older', () => {
      tries += 1
      return { ends: { kind: 'exited', code: tries === 1 ? 1 : 0 } }
    })
    await execute(await opened(memory, plan))
    expect(await deciding(memory, 'retry')).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
    expect(memory.effects().filter((effect) => effect === 'migrate')).toHaveLength(1)
    expect((await keptLedger(memory)).history[0]?.compatibility).toMatchObject({ passed: true })
  })

  test('may be gone on after, and the history keeps who did and why', async () => {
    const memory = inMemory()
    memory.shell.play('check-older', { ends: { kind: 'exited', code: 1 } })
    await execute(await opened(memory, plan))
    const done = await deciding(memory, 'force-next', 'they are out of date')
    expect(done).toMatchObject({ ending: { outcome: { kind: 'succeeded' } } })
    expect((await keptLedger(memory)).history[0]).toMatchObject({
      compatibility: { passed: false, forced: { by: 'rhea', reason: 'they are out of date' } },
    })
  })

  test('may be the end of it: the scheduler comes back, and the release before serves on', async () => {
    const memory = inMemory()
    memory.shell.play('check-older', { ends: { kind: 'exited', code: 1 } })
    await execute(await opened(memory, plan))
    expect(await deciding(memory, 'roll-back')).toMatchObject({
      ending: { outcome: { kind: 'rolled-back' } },
    })
    expect(following(memory.effects(), 'check-older')).toEqual([
      'suspend',
      'running',
      'running',
      'running',
      'deploy-scheduler',
      'resume',
    ])
    expect(await keptLedger(memory)).toMatchObject({
      leases: [],
      serving: { release: older },
      history: [{ compatibility: { passed: false } }],
    })
  })
})

describe('a run that is lost', () => {
  test('after the checks does not repeat them beside the jobs that it has let start again GH-10', async () => {
    const memory = inMemory()
    let known: Journal = []
    memory.shell.play('resume', () => {
      known = durableLedger(memory).deployment?.journal ?? []
      return {}
    })
    await execute(await opened(memory, plan))
    expect(known.at(-1)).toMatchObject({ kind: 'step-succeeded', step: check })
  })

  test('in the middle of the checks is gone on with by running them again: that the migration succeeded is known GH-10', async () => {
    const memory = inMemory()
    let known: Journal = []
    memory.shell.play('check-older', () => {
      known = durableLedger(memory).deployment?.journal ?? []
      memory.forceToStop()
      return { takes: 60_000 }
    })
    expect(await execute(await opened(memory, plan))).toMatchObject({ kind: 'interrupted' })
    expect(known.slice(-2)).toMatchObject([
      { kind: 'step-succeeded', step: 'migrate' },
      { kind: 'step-started', step: check },
    ])

    const other = inMemory()
    const left = [...known, ...aJournal({ kind: 'interrupted', cause: 'lost' }, resumed)]
    const ending = await execute(await goingOn(other, plan, left))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(other.effects()[0]).toBe('check-older')
    expect(other.effects()).not.toContain('migrate')
  })
})

describe('proofs from another environment', () => {
  const wanting = () => aReader({ policy: { verifiedIn: 'staging' } })

  test('counts in the plan: where it was, and for this very pair', async () => {
    const memory = inMemory()
    const { v1, v2, v3, serve } = await aRepository(memory)
    await serve()
    const ran = (passed: boolean, at: string) =>
      aPast(v3, { from: v2, migrated: 'expand', compatibility: { passed, at } })
    const staging = (...pasts: readonly ReturnType<typeof aPast>[]) => ({
      ...aLedgerServing(v3, { history: aHistory(aPast(v1), aPast(v2), ...pasts) }),
      environment: 'staging',
    })
    const back = aPast(v2, { mode: 'rollback', from: v3 })
    let head = await memory.ledgers.append(null, staging(ran(true, 'monday')), 'it passed')
    const plan = await planned(memory, {}, wanting())
    expect(plan.wayBack).toMatchObject({
      release: v2,
      feasibility: { kind: 'safe', proven: { where: 'staging', deployment: 3, at: 'monday' } },
    })

    head = await memory.ledgers.append(
      head,
      staging(ran(true, 'monday'), back, ran(true, 'friday')),
      'once more',
    )
    const again = await survey(memory.ports, wanting(), aRequest(), shownPlan(plan))
    expect(again.planning).toEqual({ kind: 'planned', plan })

    await memory.ledgers.append(head, staging(ran(true, 'monday'), back, ran(false, 'friday')), 'it failed')
    const now = await survey(memory.ports, wanting(), aRequest(), shownPlan(plan))
    expect(now.planning).toMatchObject({
      plan: {
        wayBack: { feasibility: { kind: 'incompatible', checks: { where: 'staging', deployment: 5 } } },
      },
    })
    expect((await planned(memory)).wayBack?.feasibility).not.toHaveProperty('checks')
  })
})
