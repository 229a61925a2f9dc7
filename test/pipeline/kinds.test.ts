import { describe, expect, test } from 'vitest'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  aPlan,
  aPolicy,
  aRecipe,
  aScheduler,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { type InMemory, inMemory, keptLedger, opened } from './in-memory.ts'

const serving = { release: older, relation: 'identical' } as const
const free = { policy: aPolicy({ approval: { kind: 'none' } }) }
const fails = { ends: { kind: 'exited', code: 1 } } as const

function there(): InMemory {
  const memory = inMemory()
  memory.workspace.head = older.sha
  return memory
}

describe('a scheduler run SP-41', () => {
  const steps = { ...allSteps, scheduler: aScheduler({ running: null }) }
  const plan = aPlan({ wanted: 'scheduler-run', ...serving, ...free, recipe: aRecipe({ steps }) })

  test('suspends, brings the scheduler and resumes it, and that is all', async () => {
    const memory = there()
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.effects()).toEqual(['suspend', 'deploy-scheduler', 'resume'])
    const { leases, serving: serves, history } = await keptLedger(memory)
    expect(leases).toEqual([])
    expect(serves).toEqual(aLedgerServing(older).serving)
    expect(history[0]).toMatchObject({ mode: 'scheduler-run', migrated: null })
  })

  test('resumes the present scheduler if the new one cannot be brought', async () => {
    const memory = there()
    memory.shell.play('deploy-scheduler', fails)
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'failed' } })
    expect(memory.effects()).toEqual(['suspend', 'deploy-scheduler', 'resume'])
    expect(suspensionIn(await keptLedger(memory))).toBeNull()
  })
})

describe('a task', () => {
  const recipe = aRecipe({ steps: noSteps, tasks: { sync: { ...aCommand('bin/sync'), destructive: true } } })
  const policy = aPolicy({ class: 'sandbox', approval: { kind: 'none' } })
  const plan = aPlan({ wanted: 'task', task: 'sync', confirm: 'production', ...serving, policy, recipe })

  test('runs its command once, and says to it what it is CC-33', async () => {
    const memory = there()
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.effects()).toEqual(['bin/sync'])
    expect(memory.shell.calls[0]?.variables).toMatchObject({
      ROLLGATE_MODE: 'task',
      ROLLGATE_RELEASE: older.tag,
      ROLLGATE_ENVIRONMENT: 'production',
    })
  })

  test('that fails asks, and is not run again unasked', async () => {
    const memory = there()
    memory.shell.play('bin/sync', fails)
    const ending = await execute(await opened(memory, plan))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { step: 'task/sync', options: ['retry', 'force-next', 'abandon'] },
    })
    expect(memory.effects()).toEqual(['bin/sync'])
  })
})
