import { describe, expect, test } from 'vitest'
import type { Journal } from '../../src/domain/journal/journal.ts'
import { Problem } from '../../src/domain/problem.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { takeLock } from '../../src/pipeline/lock/take-lock.ts'
import { close } from '../../src/pipeline/run/close.ts'
import { conclude } from '../../src/pipeline/run/drive.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { undo } from '../../src/pipeline/run/step.ts'
import { aJournal, aRun, opened as openedBy } from '../domain/a-journal.ts'
import {
  aCommand,
  allSteps,
  aPolicy,
  aScheduler,
  aService,
  count,
  noSteps,
  stepOf,
} from '../domain/a-plan.ts'
import {
  bob,
  type InMemory,
  inMemory,
  keep,
  keptLedger,
  leanPlan,
  opened,
  overtake,
  reading,
} from './in-memory.ts'
import { watched } from './later-run.ts'

const minute = 60_000
const plan = leanPlan({ services: [aService('web', 4)] })
const down = () =>
  new Problem('github-unavailable', { what: 'No answer.', why: 'It is down.', next: 'Wait.' })
const installs = (memory: InMemory) => memory.effects().filter((effect) => effect.startsWith('install'))

/** Runs an action while an instance is changed. */
const during = (memory: InMemory, instance: string, happens: () => Promise<void>) =>
  memory.shell.play('start', ({ variables }) => {
    if (variables.ROLLGATE_INSTANCE === instance) void happens()
    return {}
  })

/** GitHub says nothing for longer than a lease. */
async function silence(memory: InMemory): Promise<void> {
  await memory.clock.sleep(11 * minute)
}

describe('a run whose token ends, or may not write records', () => {
  const refused = (what: string) =>
    new Problem('permission-missing', { what, why: 'The token.', next: 'Another.' })
  const alice = { run: aRun(1), by: ['alice'] }
  const causes = (journal: Journal) =>
    journal.flatMap((event) => (event.kind === 'interrupted' ? [event.cause] : []))

  test('knows what it has changed when its token ends in mid-roll, and is not called lost F11', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    const ends = async () => {
      const ended = async () => Promise.reject(refused('GitHub answered 401 (Bad credentials).'))
      memory.ledgers.append = ended
      memory.ledgers.read = ended
      memory.ledgers.tips = ended
    }
    during(memory, 'web-2', ends)
    expect(await execute(context)).toMatchObject({
      kind: 'interrupted',
      problem: { code: 'permission-missing' },
    })
    const { journal } = context.session
    expect(causes(journal)).not.toContain('lost')
    const changed = journal.flatMap((event) => (event.kind === 'instance-succeeded' ? [event.instance] : []))
    expect(installs(memory)).toEqual(changed.map((name) => `install ${name}`))
    // The batch under way is finished. A further one would begin without knowing whether a person has halted.
    expect(changed).toEqual(['web-1', 'web-2'])
    expect((await close(memory.ports, 'shop', 'production', alice).catch((thrown) => thrown)).code).toBe(
      'permission-missing',
    )
  })

  test('changes nothing where it may not open a record, and is not called lost F11', async () => {
    const memory = inMemory()
    memory.records.open = async () => Promise.reject(refused('It needs `deployments: write`.'))
    const context = await opened(memory, plan)
    expect(await execute(context)).toMatchObject({
      kind: 'interrupted',
      problem: { code: 'permission-missing' },
    })
    expect([causes(context.session.journal), installs(memory)]).toEqual([['broke-off'], []])
    const after = await close(memory.ports, 'shop', 'production', alice, 'broke-off')
    expect(after).toMatchObject({ ending: { kind: 'ended', outcome: { kind: 'cancelled' } } })
    expect(causes(after?.session.journal ?? [])).toEqual(['broke-off'])
  })

  test('goes on where only the statuses of its record are refused, and tells what is unsaid F11', async () => {
    const memory = inMemory()
    memory.records.say = async () => Promise.reject(refused('It needs `deployments: write`.'))
    const { ending, unsaid } = await conclude(await opened(memory, plan), bob.run)
    expect(ending).toMatchObject({ kind: 'ended', outcome: { kind: 'succeeded' } })
    expect(unsaid.map(({ status }) => status.state)).toContain('success')
  })
})

describe('a run that was taken for dead', () => {
  test('stops before its next batch when another run moved the ref F48', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    during(memory, 'web-2', () => overtake(memory))
    expect(await execute(context)).toMatchObject({ kind: 'interrupted', problem: { code: 'lock-lost' } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2'])
  })

  test('stops before a step that changes something F48', async () => {
    const memory = inMemory()
    const steps = { ...noSteps, deployScheduler: aCommand('deploy-scheduler') }
    const context = await opened(memory, leanPlan({ services: [aService('web', 1)], steps }))
    await overtake(memory)
    expect(await execute(context)).toMatchObject({ kind: 'interrupted', problem: { code: 'lock-lost' } })
    expect(memory.effects()).not.toContain('deploy-scheduler')
  })

  test('takes nothing out of traffic that another run has brought back into it F48', async () => {
    const memory = inMemory()
    const serving = { kind: 'run', command: aCommand('in-pool') } as const
    const traffic = { kind: 'command', leave: null, enter: null, serving, timeout: 1_000 } as const
    const web = aService('web', 3, { maxFailures: 1, minAvailable: count(1) }, { traffic })
    memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name }) =>
      name === 'web-1' ? { kind: 'no', why: 'answered 503', text: '' } : { kind: 'yes', text: '' },
    )
    const out = new Set<string>()
    memory.traffic.leave = async (name) => {
      out.add(name)
      return null
    }
    memory.traffic.enter = async (name) => {
      out.delete(name)
      return null
    }
    memory.prober.replyBy('in-pool', ({ ROLLGATE_INSTANCE: name = '' }) =>
      out.has(name) ? { kind: 'no', why: 'it is out', text: '' } : { kind: 'yes', text: '' },
    )
    const context = await opened(memory, leanPlan({ services: [web] }))
    during(memory, 'web-2', async () => {
      out.delete('web-1')
      await overtake(memory)
    })
    expect(await execute(context)).toMatchObject({ kind: 'interrupted', problem: { code: 'lock-lost' } })
    expect(memory.effects().filter((effect) => effect === 'leave web-1')).toHaveLength(2)
    expect(out.has('web-1')).toBe(false)
  })

  test('ends no running jobs, which may be those of a scheduler that another run has resumed F48', async () => {
    const memory = inMemory()
    const scheduler = aScheduler({ onTimeout: 'kill', kill: aCommand('kill') })
    memory.shell.play('running', { lines: ['mail #1'] })
    void memory.clock.sleep(30_000).then(() => overtake(memory))
    const steps = { scheduler, migrate: allSteps.migrate }
    const context = await opened(memory, leanPlan({ services: [aService('web', 1)], steps }))
    expect(await execute(context)).toMatchObject({ kind: 'interrupted', problem: { code: 'lock-lost' } })
    expect(memory.effects()).not.toContain('kill')
    expect(memory.effects()).not.toContain('resume')
  })

  test('opens no record after a long build: it would say for ever that it is at work F48 F49', async () => {
    const memory = inMemory()
    const build = { command: { ...aCommand('build'), timeout: 90 * minute }, unless: null }
    memory.shell.play('build', { takes: 30 * minute })
    void memory.clock.sleep(20 * minute).then(() => overtake(memory))
    const context = await opened(memory, leanPlan({ services: [aService('web', 2)], steps: { build } }))
    expect(await execute(context)).toMatchObject({ kind: 'interrupted', problem: { code: 'lock-lost' } })
    expect(memory.records.shown).toEqual([])
  })

  test('brings no earlier scheduler back once its jobs were waited for F48', async () => {
    const memory = inMemory()
    const steps = {
      scheduler: aScheduler({ deploy: aCommand('deploy-scheduler') }),
      migrate: allSteps.migrate,
    }
    const plan = leanPlan({ services: [aService('web', 1)], steps })
    const context = await opened(memory, plan)
    let jobs = ['mail #1']
    memory.shell.play('running', () => ({ lines: jobs }))
    void memory.clock.sleep(30_000).then(() => {
      jobs = []
      return overtake(memory)
    })
    await expect(undo(context, stepOf(plan, 'deploy-scheduler'))).rejects.toMatchObject({ code: 'lock-lost' })
    expect(memory.effects()).not.toContain('deploy-scheduler')
  })

  test('goes on while GitHub is away for less than a lease F48', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    const { tips } = memory.ledgers
    during(memory, 'web-1', async () => {
      memory.ledgers.tips = async () => Promise.reject(down())
    })
    during(memory, 'web-3', async () => {
      memory.ledgers.tips = tips
    })
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
  })

  test.each([
    ['does not answer', async () => Promise.reject(down())],
    ['does not show the ledger', async () => ({ ledger: null, asks: null })],
  ])('stops when GitHub %s for the length of a lease F48', async (_how, tips) => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    during(memory, 'web-2', async () => {
      memory.ledgers.tips = () => silence(memory).then(tips)
    })
    const ending = await execute(context)
    expect(ending).toMatchObject({ kind: 'interrupted', problem: { code: 'github-unavailable' } })
    expect(installs(memory)).toEqual(['install web-1', 'install web-2'])
  })

  test('asks again after a long step before it stops: one lost answer is none F48', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    const { tips } = memory.ledgers
    let asked = 0
    during(memory, 'web-2', async () => {
      memory.ledgers.tips = (app, environment) =>
        ++asked === 1 ? silence(memory).then(() => Promise.reject(down())) : tips(app, environment)
    })
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(asked).toBe(3)
  })

  test('a commit of its own whose answer was lost is not taken for another run F48 F49', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    const { append } = memory.ledgers
    let lost = 0
    memory.ledgers.append = async (head, ledger, message, made) => {
      const landed = await append(head, ledger, message, made)
      if (lost++ === 1) throw down()
      return landed
    }
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(lost).toBe(4)
    expect(await keptLedger(memory)).toMatchObject({ deployment: null, serving: { release: plan.release } })
  })
})

describe('a holder that GitHub does not show', () => {
  async function unseen() {
    const memory = inMemory()
    const kept = await keep(memory, plan, aJournal(openedBy))
    memory.repository.runState = async () => 'unknown'
    return { memory, kept }
  }
  const unknown = { code: 'holder-unknown', next: expect.stringContaining('run-is-over: 1') }

  test('keeps its lock: a deployment is refused, and says what a person can do F48', async () => {
    const { memory, kept } = await unseen()
    const taken = takeLock(
      memory.ports,
      kept,
      plan,
      { preDeploy: null, build: null, checkCompatibility: null },
      bob,
    )
    await expect(taken).rejects.toMatchObject(unknown)
    expect((await keptLedger(memory)).deployment?.holder).toEqual(aRun(1))
  })

  test('keeps its lock against an answer F48', async () => {
    const { memory, kept } = await unseen()
    const answer = {
      environment: 'production',
      pause: '7.1',
      decision: 'roll-back',
      instances: [],
      reason: 'it is dead',
      by: 'bob',
      override: '',
    } as const
    const decided = decide(memory.ports, { ...kept, policy: aPolicy() }, answer, bob, memory.stop, reading)
    await expect(decided).rejects.toMatchObject(unknown)
  })

  test('keeps its lock against the watch, which says so F48', async () => {
    const { memory } = await unseen()
    expect(await watched(memory)).toMatchObject({ deeds: [], problem: unknown })
  })

  test('loses its lock when a person names that run as over, and no other run F48', async () => {
    const { memory, kept } = await unseen()
    const take = (over: number) =>
      takeLock(
        memory.ports,
        kept,
        plan,
        { preDeploy: null, build: null, checkCompatibility: null },
        { ...bob, over },
      )
    await expect(take(2)).rejects.toMatchObject(unknown)
    await take(1)
    expect((await keptLedger(memory)).deployment?.holder).toEqual(bob.run)
  })
})
