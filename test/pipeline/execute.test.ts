import { describe, expect, test } from 'vitest'
import type { Journal } from '../../src/domain/journal/journal.ts'
import { type Lease, suspensionIn } from '../../src/domain/ledger/lease.ts'
import { Problem } from '../../src/domain/problem.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aJournal, aRun, cancelled, done, opened as openedBy, resumed, started } from '../domain/a-journal.ts'
import { allSteps, aScheduler, aService, newer } from '../domain/a-plan.ts'
import {
  approvedPlan,
  durableLedger,
  goingOn,
  inMemory,
  keptLedger,
  leanPlan,
  ledgerCommits,
  opened,
  overtake,
} from './in-memory.ts'

const hasStarted = (journal: Journal, step: string): boolean =>
  journal.some((event) => event.kind === 'step-started' && event.step === step)

describe('write-ahead', () => {
  test('a step that must not run twice is in the ledger before its first line GH-10', async () => {
    const memory = inMemory()
    const context = await opened(memory, approvedPlan())
    const known: string[] = []
    for (const { id } of context.plan.steps)
      memory.shell.play(id, () => {
        if (hasStarted(durableLedger(memory).deployment?.journal ?? [], id)) known.push(id)
        return { lines: ['the first line'] }
      })
    expect(await execute(context)).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(known).toEqual(
      expect.arrayContaining([
        'configure-broker',
        'pre-deploy',
        'pre-configure',
        'migrate',
        'post-configure',
        'post-deploy',
      ]),
    )
    expect(known).not.toContain('build')
  })

  test('so are the lease of the suspension and, before any instance changes, what is desired SP-25 WX-08', async () => {
    const memory = inMemory()
    let lease: Lease | null = null
    memory.shell.play('suspend', () => {
      lease = suspensionIn(durableLedger(memory))
      return {}
    })
    const desired: unknown[] = []
    memory.shell.play('stop', () => {
      desired.push(durableLedger(memory).desired)
      return {}
    })
    await execute(await opened(memory, approvedPlan()))
    expect(lease).toMatchObject({ deployment: 7 })
    expect(desired).toEqual(Array(3).fill({ tag: newer.tag, sha: newer.sha }))
    expect(await keptLedger(memory)).toMatchObject({ leases: [], serving: { release: newer } })
  })

  test('a whole deployment is a commit for each of these, one for the roll and one for the end', async () => {
    const memory = inMemory()
    await execute(await opened(memory, approvedPlan()))
    expect(
      ledgerCommits(memory)
        .slice(1)
        .map((message) => message.replace(/ \(and .*/, '')),
    ).toEqual([
      'deployment 7: configure-broker step started',
      'deployment 7: pre-deploy step started',
      'deployment 7: suspend-scheduler step started',
      'deployment 7: pre-configure step started',
      'deployment 7: migrate step started',
      'deployment 7: roll-services/web instances observed',
      'deployment 7: post-configure step started',
      'deployment 7: post-deploy step started',
      'deployment 7: ended, succeeded',
    ])
  })

  test('the progress of instances is saved in passing, three times a minute at most', async () => {
    const commits = async (instances: number) => {
      const memory = inMemory()
      await execute(await opened(memory, leanPlan({ services: [aService('web', instances)] })))
      return { seconds: memory.seconds(), saved: ledgerCommits(memory).length }
    }
    expect(await commits(3)).toEqual({ seconds: 15, saved: 3 })
    expect(await commits(24)).toEqual({ seconds: 120, saved: 3 + 6 })
  })

  test('a save in passing that fails is made up for by the next, and stops nothing', async () => {
    const memory = inMemory()
    const context = await opened(memory, leanPlan({ services: [aService('web', 20)] }))
    const append = memory.ledgers.append
    let failures = 0
    memory.ledgers.append = async (head, ledger, message) => {
      if (failures === 0 && message.includes('instance succeeded')) {
        failures += 1
        throw new Problem('github-unavailable', { what: 'No.', why: 'Down.', next: 'Wait.' })
      }
      return append(head, ledger, message)
    }
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(failures).toBe(1)
    expect(
      ledgerCommits(memory).filter((message) => message.includes('instance succeeded')).length,
    ).toBeGreaterThan(2)
    expect((await keptLedger(memory)).serving?.release).toEqual(newer)
  })
})

describe('a ledger that somebody else has written', () => {
  test('stops the run at once: the command that was to be known first is not run GH-07', async () => {
    const memory = inMemory()
    memory.shell.play('configure-broker', () => {
      void overtake(memory)
      return { takes: 1_000 }
    })
    const context = await opened(memory, approvedPlan())
    expect(await execute(context)).toMatchObject({ kind: 'interrupted', problem: { code: 'lock-lost' } })
    expect(memory.effects()).toEqual(['build', 'configure-broker'])
    expect(ledgerCommits(memory).at(-1)).toBe('somebody else')
    expect(context.session.unsaved).toEqual(['configure-broker step succeeded'])
    expect(hasStarted(context.session.kept.deployment.journal, 'pre-deploy')).toBe(false)
  })

  test('stops a roll at the first save that finds out, and the record is not told by this run GH-07', async () => {
    const memory = inMemory()
    void memory.clock.sleep(7_000).then(() => overtake(memory))
    const context = await opened(memory, leanPlan({ services: [aService('web', 40)] }))
    expect(await execute(context)).toMatchObject({ kind: 'interrupted', problem: { code: 'lock-lost' } })
    expect(memory.seconds()).toBeLessThanOrEqual(25)
    expect(memory.records.states(1).map((said) => said.split(':')[0])).toEqual(['in_progress'])
  })
})

describe('asked to stop', () => {
  test('a run lets its command end, begins nothing new and says so in the ledger', async () => {
    const memory = inMemory()
    memory.shell.play('migrate', () => {
      void memory.clock.sleep(1_000).then(memory.askToStop)
      return { takes: 30_000 }
    })
    expect(await execute(await opened(memory, approvedPlan()))).toEqual({
      kind: 'interrupted',
      problem: null,
    })
    expect(memory.effects().at(-1)).toBe('migrate')
    const { deployment } = await keptLedger(memory)
    expect(deployment?.journal.slice(-2)).toMatchObject([
      { kind: 'step-succeeded', step: 'migrate' },
      { kind: 'interrupted', cause: 'cancelled' },
    ])
    expect(deployment?.holder).toEqual(aRun(1))
  })

  test('by force it leaves its command open, because nobody knows how far it came', async () => {
    const memory = inMemory()
    memory.shell.play('migrate', () => {
      void memory.clock.sleep(1_000).then(memory.forceToStop)
      return { takes: 30_000 }
    })
    const plan = approvedPlan()
    expect(await execute(await opened(memory, plan))).toEqual({ kind: 'interrupted', problem: null })
    const journal = (await keptLedger(memory)).deployment?.journal ?? []
    expect(journal.slice(-2)).toMatchObject([
      { kind: 'step-started', step: 'migrate' },
      { kind: 'interrupted', cause: 'cancelled' },
    ])

    const after = inMemory()
    const asked = await execute(
      await goingOn(after, plan, [...journal, { at: journal[0]?.at ?? '', ...resumed }]),
    )
    expect(asked).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'outcome-unknown' } } })
    expect(after.effects()).not.toContain('migrate')
  })

  test('before anything began, it only says so', async () => {
    const memory = inMemory()
    memory.askToStop()
    expect(await execute(await opened(memory, approvedPlan()))).toMatchObject({ kind: 'interrupted' })
    expect(memory.effects()).toEqual([])
  })

  test('at a question that is about to be asked, it still asks', async () => {
    const memory = inMemory()
    memory.shell.play('migrate', () => {
      memory.askToStop()
      return { ends: { kind: 'exited', code: 1 } }
    })
    expect(await execute(await opened(memory, approvedPlan()))).toMatchObject({ kind: 'waiting' })
    expect((await keptLedger(memory)).deployment?.holder).toBeNull()
  })
})

describe('going on with what another run left', () => {
  test('a step that is done is not done again GH-10', async () => {
    const memory = inMemory()
    const plan = approvedPlan()
    const before = ['source', 'build', 'configure-broker', 'pre-deploy', 'suspend-scheduler', 'pre-configure']
    const journal = aJournal(
      openedBy,
      ...done(...before),
      ...done('deploy-scheduler', 'migrate'),
      cancelled,
      resumed,
    )
    expect(await execute(await goingOn(memory, plan, journal))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    // The checkout is fresh.
    expect(memory.effects().slice(0, 2)).toEqual(['build', 'resume'])
    expect(memory.effects()).not.toContain('migrate')
  })

  test('a closed run before the migration leaves the scheduler resumed', async () => {
    const memory = inMemory()
    const plan = leanPlan({
      steps: { scheduler: aScheduler({ deploy: null }), migrate: allSteps.migrate },
      services: [aService('web', 2)],
    })
    const journal = aJournal(openedBy, ...done('source'), started('suspend-scheduler'), cancelled)
    expect(await execute(await goingOn(memory, plan, journal))).toMatchObject({
      outcome: { kind: 'cancelled' },
    })
    expect(memory.effects()).toEqual(['resume'])
  })
})
