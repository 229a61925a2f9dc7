import { describe, expect, test } from 'vitest'
import { checkoutUnknown } from '../../src/adapters/git/checkout-unknown.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { absent, found } from '../../src/domain/reading.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import { takeLock } from '../../src/pipeline/lock/take-lock.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import {
  aJournal,
  answered,
  aRun,
  done,
  failed,
  lost,
  opened as openedBy,
  pauseOf,
  seen,
  started,
  taken,
} from '../domain/a-journal.ts'
import { aPast } from '../domain/a-ledger.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  aPlan,
  aPolicy,
  aRelease,
  aScheduler,
  aService,
  newer,
  older,
} from '../domain/a-plan.ts'
import { bob, type InMemory, inMemory, keep, keptLedger, leanPlan, ledgerCommits } from './in-memory.ts'

const web = [aService('web', 2)]
const roll = 'roll-services/web'
const plan = leanPlan({ services: web })

/** The same, for another release. */
const newest = aRelease('v1.2.0')
const otherPlan: Plan = { ...plan, release: newest, digest: 'other' }

async function held(
  memory: InMemory,
  wanted: Plan,
  underway: Plan,
  happenings: readonly Happening[],
  doer: Doer = bob,
) {
  const kept = await keep(memory, underway, aJournal(...happenings))
  return takeLock(
    memory.ports,
    kept,
    wanted,
    { preDeploy: null, build: null, checkCompatibility: null },
    doer,
  )
}

const kinds = (journal: readonly { readonly kind: string }[]) => journal.map(({ kind }) => kind)

describe('an environment that nobody works on', () => {
  test('is taken: the next number, this run, the hook and the checks for the next deployment', async () => {
    const memory = inMemory()
    const history = [aPast(older, { number: 12 }), aPast(older, { number: 11 })]
    const head = await memory.ledgers.append(null, aLedgerServing(older, { history }), 'before')
    const kept = await memory.ledgers.read('shop', 'production')
    expect(kept.head).toBe(head)
    await takeLock(
      memory.ports,
      kept,
      plan,
      { preDeploy: aCommand('hook'), build: null, checkCompatibility: aCommand('checks') },
      bob,
    )
    expect((await keptLedger(memory)).deployment).toMatchObject({
      number: 13,
      holder: bob.run,
      record: null,
      preDeploy: { run: 'hook' },
      checkCompatibility: { run: 'checks' },
      journal: [{ kind: 'opened', number: 13, by: ['bob'] }],
    })
  })

  test('gets its first ledger, where there was none', async () => {
    const memory = inMemory()
    await takeLock(
      memory.ports,
      { head: null, ledger: emptyLedger('shop', 'production') },
      plan,
      { preDeploy: null, build: null, checkCompatibility: null },
      bob,
    )
    expect((await keptLedger(memory)).deployment?.number).toBe(1)
  })

  test('two runs that ask at once: the first has it, and the other is told so GH-07', async () => {
    const memory = inMemory()
    const kept = { head: null, ledger: emptyLedger('shop', 'production') }
    await takeLock(memory.ports, kept, plan, { preDeploy: null, build: null, checkCompatibility: null }, bob)
    const late = takeLock(
      memory.ports,
      kept,
      otherPlan,
      { preDeploy: null, build: null, checkCompatibility: null },
      { run: aRun(3), by: ['carol'] },
    )
    await expect(late).rejects.toMatchObject({ code: 'environment-locked' })
    expect((await keptLedger(memory)).deployment?.plan.release).toEqual(newer)
  })
})

describe('a deployment that a live run works on', () => {
  test.each([
    ['another release', otherPlan],
    ['the same release', plan],
  ])('refuses %s, names the run, and nothing is written GH-07', async (_what, wanted) => {
    const memory = inMemory()
    memory.repository.run({ id: 1, status: 'in_progress' })
    const refused = held(memory, wanted, plan, [openedBy])
    await expect(refused).rejects.toMatchObject({
      code: 'environment-locked',
      why: expect.stringContaining(aRun(1).url),
    })
    expect(ledgerCommits(memory)).toHaveLength(1)
  })

  test('refuses the same run as well: it asks a second time', async () => {
    const memory = inMemory()
    const again = held(memory, plan, plan, [openedBy], { run: aRun(1), by: ['alice'] })
    await expect(again).rejects.toMatchObject({ code: 'environment-locked' })
  })
})

describe('a deployment whose run is over', () => {
  test.each([
    ['is completed', (memory: InMemory) => memory.repository.run({ id: 1, status: 'completed' })],
    ['was started again', (memory: InMemory) => memory.repository.run({ id: 1, attempt: 2 })],
    ['is gone', () => {}],
  ])('goes on under the next one for the same release: its run %s GH-10', async (_how, arrange) => {
    const memory = inMemory()
    arrange(memory)
    const session = await held(memory, plan, plan, [openedBy, ...done('source')])
    expect(kinds(session.journal).slice(-2)).toEqual(['interrupted', 'resumed'])
    expect(session.journal.at(-2)).toMatchObject({ cause: 'lost' })
    expect((await keptLedger(memory)).deployment).toMatchObject({ number: 7, holder: bob.run })
  })

  test('is started again by another attempt of its own run', async () => {
    const memory = inMemory()
    memory.repository.run({ id: 1, attempt: 2 })
    const again = { run: { ...aRun(1), attempt: 2 }, by: ['alice', 'bob'] }
    const session = await held(memory, plan, plan, [openedBy], again)
    expect(session.deployment.holder).toEqual(again.run)
  })

  test('one that was left in good order is not called lost', async () => {
    const memory = inMemory()
    const session = await held(memory, plan, plan, [openedBy, ...done('source'), { kind: 'left' }])
    expect(kinds(session.journal).slice(-2)).toEqual(['left', 'resumed'])
  })

  test('goes on as it was planned, although a plan for the same release looks otherwise now', async () => {
    const memory = inMemory()
    const wider = leanPlan({ services: [aService('web', 3)] })
    const session = await held(memory, wider, plan, [openedBy])
    expect(session.deployment.plan).toEqual(plan)
  })

  test('says on its record that it goes on', async () => {
    const memory = inMemory()
    await memory.records.open(plan, 7, aRun(1).url, { mayExist: false })
    await held(memory, plan, plan, [openedBy, { kind: 'record-opened', record: 1 }])
    expect(memory.records.shown[0]?.statuses).toMatchObject([
      { state: 'in_progress', description: expect.stringContaining('goes on'), logUrl: bob.run.url },
    ])
  })

  test('does not go on with a tag that has moved or is gone, and nothing is written CC-20 F28', async () => {
    for (const tag of [older.sha, null]) {
      const memory = inMemory()
      memory.repository.resolveTag = async () => (tag === null ? absent : found(tag))
      await expect(held(memory, plan, plan, [openedBy])).rejects.toMatchObject({
        code: 'tag-moved',
        next: tag === null ? expect.stringContaining(`git tag v1.1.0 ${newer.sha}`) : expect.anything(),
      })
      expect(ledgerCommits(memory)).toHaveLength(1)
    }
  })

  test('nor in another checkout', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    await expect(held(memory, plan, plan, [openedBy])).rejects.toMatchObject({ code: 'checkout-differs' })
    expect(ledgerCommits(memory)).toHaveLength(1)
  })
})

describe('another release, when the run before it is over', () => {
  const opensItsOwn = { number: 8, holder: bob.run, plan: { release: { tag: newest.tag } } }

  test('takes the place of one that nobody has approved yet, which is closed as cancelled', async () => {
    const memory = inMemory()
    const rule = { kind: 'named', from: ['rhea'], notSelf: true } as const
    const unapproved = aPlan({ policy: aPolicy({ approval: rule }) })
    const before = [openedBy, ...done('source')]
    const pause = pauseOf(unapproved, aJournal(...before))
    await held(memory, otherPlan, unapproved, [...before, { kind: 'paused', pause }])
    expect(await keptLedger(memory)).toMatchObject({
      deployment: opensItsOwn,
      history: [{ number: 7, outcome: { kind: 'cancelled', stays: [] } }],
    })
    expect(memory.effects()).toEqual([])
  })

  test('takes the place of one that had changed nothing', async () => {
    const memory = inMemory()
    await held(memory, otherPlan, plan, [openedBy, ...done('source')])
    expect(await keptLedger(memory)).toMatchObject({
      deployment: opensItsOwn,
      history: [{ outcome: { kind: 'cancelled' } }],
    })
  })

  test('leaves alone what a third run has begun while the one before was closed F48', async () => {
    const memory = inMemory()
    const { append } = memory.ledgers
    const third: Doer = { run: aRun(3), by: ['carol'] }
    memory.ledgers.append = async (head, ledger, ...rest) => {
      const made = await append(head, ledger, ...rest)
      if (ledger.deployment === null) {
        memory.ledgers.append = append
        const kept = await memory.ledgers.read('shop', 'production')
        await takeLock(
          memory.ports,
          kept,
          otherPlan,
          { preDeploy: null, build: null, checkCompatibility: null },
          third,
        )
      }
      return made
    }
    const taken = held(memory, { ...otherPlan, release: aRelease('v1.3.0') }, plan, [openedBy])
    await expect(taken).rejects.toMatchObject({ code: 'environment-locked' })
    expect((await keptLedger(memory)).deployment).toMatchObject({
      holder: third.run,
      plan: { release: newest },
    })
  })

  const suspending = leanPlan({
    steps: { scheduler: aScheduler({ deploy: null }), migrate: allSteps.migrate },
    services: web,
  })

  test('takes the place of one whose suspended scheduler can be resumed, and resumes it GH-09', async () => {
    const memory = inMemory()
    await held(memory, otherPlan, suspending, [openedBy, ...done('source'), started('suspend-scheduler')])
    expect(memory.effects()).toEqual(['resume'])
    expect(await keptLedger(memory)).toMatchObject({ leases: [], deployment: opensItsOwn })
  })

  test.each<[string, (workspace: InMemory['workspace']) => void, folder: string]>([
    [
      'of the new release',
      (workspace) => Object.assign(workspace, { head: older.sha }),
      `files of ${newer.sha}`,
    ],
    ['of the same release', () => {}, '.'],
    ['that there is none of', (workspace) => Object.assign(workspace, { head: null }), '.'],
  ])(
    'resumes it in the files of its own release, from a checkout %s F07',
    async (_title, arrange, folder) => {
      const memory = inMemory()
      arrange(memory.workspace)
      await held(memory, otherPlan, suspending, [openedBy, ...done('source'), started('suspend-scheduler')])
      expect(memory.shell.calls.map(({ command }) => [command.run, command.workingDirectory])).toEqual([
        ['resume', folder],
      ])
    },
  )

  test.each<[string, (workspace: InMemory['workspace']) => void]>([
    ['are gone', (workspace) => void Object.assign(workspace, { head: older.sha }).gone.add(newer.sha)],
    [
      'cannot be told',
      (workspace) => Object.assign(workspace, { unknown: checkoutUnknown('.', 'whose is it?') }),
    ],
  ])(
    'resumes nothing where the files of its release %s: it is left, with its scheduler suspended F03 F07',
    async (_title, arrange) => {
      const memory = inMemory()
      arrange(memory.workspace)
      const begun = [openedBy, ...done('source'), started('suspend-scheduler')]
      await expect(held(memory, otherPlan, suspending, begun)).rejects.toMatchObject({
        code: 'deployment-open',
      })
      expect(memory.effects()).toEqual([])
      expect((await keptLedger(memory)).deployment).toMatchObject({ number: 7 })
    },
  )

  test('does not take the place of one that has changed something: it is left open, and that is said GH-09', async () => {
    const memory = inMemory()
    await memory.records.open(plan, 7, aRun(1).url, { mayExist: false })
    const rolling = [
      openedBy,
      { kind: 'record-opened', record: 1 },
      ...done('source'),
      started(roll),
      seen(roll, { 'web-1': older.tag, 'web-2': older.tag }),
      taken(roll, 'web-1'),
    ] satisfies Happening[]
    const refused = held(memory, otherPlan, plan, rolling)
    await expect(refused).rejects.toMatchObject({ code: 'deployment-open' })
    const { deployment } = await keptLedger(memory)
    expect(deployment).toMatchObject({ number: 7, holder: null })
    expect(kinds(deployment?.journal ?? []).slice(-2)).toEqual(['interrupted', 'left'])
    expect(memory.records.states(1)[0]).toMatch(/^error: interrupted/)
  })

  test('nor of one that was left open before', async () => {
    const memory = inMemory()
    const left = [openedBy, ...done('source'), started(roll), lost, { kind: 'left' }] satisfies Happening[]
    await expect(held(memory, otherPlan, plan, left)).rejects.toMatchObject({ code: 'deployment-open' })
    expect(ledgerCommits(memory)).toHaveLength(1)
  })

  test('nor of one that waits for a person, whose question is told CC-03 WX-19', async () => {
    const memory = inMemory()
    const migrating = leanPlan({ steps: { migrate: allSteps.migrate }, services: web })
    const before = [openedBy, ...done('source'), ...failed('migrate')]
    const pause = pauseOf(migrating, aJournal(...before))
    const refused = held(memory, otherPlan, migrating, [...before, { kind: 'paused', pause }])
    await expect(refused).rejects.toMatchObject({
      code: 'decision-needed',
      next: expect.stringContaining(pause.id),
    })
    expect(ledgerCommits(memory)).toHaveLength(1)
  })

  test('in another mode it is another deployment', async () => {
    const memory = inMemory()
    const back: Plan = { ...plan, mode: 'redeploy' }
    await held(memory, back, plan, [openedBy, ...done('source')])
    expect((await keptLedger(memory)).deployment).toMatchObject({ number: 8, plan: { mode: 'redeploy' } })
  })
})

describe('the same release, while a person is asked', () => {
  test('the question stays, nothing is done, and nobody holds it WX-19', async () => {
    const memory = inMemory()
    const migrating = leanPlan({ steps: { migrate: allSteps.migrate }, services: web })
    const before = [openedBy, ...done('source'), ...failed('migrate')]
    const pause = pauseOf(migrating, aJournal(...before))
    const session = await held(memory, migrating, migrating, [...before, { kind: 'paused', pause }])
    const ending = await execute({ ports: memory.ports, plan: migrating, session, stop: memory.stop })
    expect(ending).toMatchObject({ kind: 'waiting', pause: { id: pause.id } })
    expect(memory.effects()).toEqual([])
    expect((await keptLedger(memory)).deployment?.holder).toBeNull()
  })

  test('an answer that its run did not live to act on is acted on by the next', async () => {
    const memory = inMemory()
    const migrating = leanPlan({ steps: { migrate: allSteps.migrate }, services: web })
    const retried = answered(migrating, [openedBy, ...done('source'), ...failed('migrate')], 'retry')
    const session = await held(memory, migrating, migrating, retried, { run: aRun(3), by: ['carol'] })
    const ending = await execute({ ports: memory.ports, plan: migrating, session, stop: memory.stop })
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.effects()[0]).toBe('migrate')
  })
})
