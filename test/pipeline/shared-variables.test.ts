import { describe, expect, test } from 'vitest'
import { backInCode, onward } from '../../src/domain/journal/direction.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { outputsOf } from '../../src/domain/ledger/outputs.ts'
import { variables } from '../../src/pipeline/run/context.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import {
  aCommand,
  aLedgerServing,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  newer,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { goingOn, type InMemory, inMemory, keptLedger, opened } from './in-memory.ts'

const build = { command: aCommand('build'), unless: null }
const planOf = (change: Parameters<typeof aRecipe>[0] = {}) =>
  aPlan({
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({
      steps: { ...noSteps, build, preConfigure: aCommand('hook') },
      services: [],
      ...change,
    }),
    ledger: aLedgerServing(older, { serving: null }),
  })

const seenBy = (memory: InMemory, run: string) =>
  memory.shell.calls.find(({ command }) => command.run === run)?.variables ?? {}

describe('variables of commands', () => {
  test('come from vars, the environment and the build; a later source wins, and the secret over all', async () => {
    const memory = inMemory()
    memory.given.vars.set('ONE', 'vars').set('TWO', 'vars').set('THREE', 'vars').set('NOT_NAMED', 'vars')
    memory.given.values.set('FOUR', 'secret')
    memory.outputs.written = 'THREE=build\nFOUR=build\nDIGEST=sha256:1\n'
    const plan = planOf({ vars: ['ONE', 'TWO', 'THREE'], env: { TWO: 'env', THREE: 'env' } })
    expect(plan.warnings).toContain(
      'TWO is given by vars of the job and by env of the environment: commands see the value of the last one.',
    )
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    const seen = seenBy(memory, 'hook')
    expect(seen).toMatchObject({ ONE: 'vars', TWO: 'env', THREE: 'build', DIGEST: 'sha256:1' })
    expect(seen).not.toHaveProperty('NOT_NAMED')
    expect(seen).not.toHaveProperty('FOUR')
    expect(memory.voice.texts('warning').join('\n')).toContain(
      'FOUR is given by outputs of the build and by the secret',
    )
    expect(memory.outputs.left()).toBe(0)
  })

  test('reach hosts too', async () => {
    const memory = inMemory()
    const service = aService('web', 1, {}, { fleet: anSshFleet(['web-1']) })
    const on = { kind: 'instances', service: 'web', instances: { kind: 'one' } } as const
    const steps = { ...noSteps, preConfigure: { ...aCommand('hook'), on } }
    await execute(await opened(memory, planOf({ steps, services: [service], env: { REGION: 'EU' } })))
    expect(seenBy(memory, 'hook')).toMatchObject({ REGION: 'EU', ROLLGATE_INSTANCE: 'web-1' })
    expect(seenBy(memory, 'install')).toMatchObject({ REGION: 'EU' })
  })
})

describe('outputs of a build', () => {
  test('are frozen in the journal and in the ledger', async () => {
    const memory = inMemory()
    memory.outputs.written = 'DIGEST=sha256:1'
    const context = await opened(memory, planOf())
    await execute(context)
    expect(context.session.journal).toContainEqual(
      expect.objectContaining({ kind: 'outputs-frozen', sha: newer.sha, outputs: { DIGEST: 'sha256:1' } }),
    )
    const ledger = await keptLedger(memory)
    expect(ledger.serving?.outputs).toEqual({ DIGEST: 'sha256:1' })
    expect(ledger.history[0]?.outputs).toEqual({ DIGEST: 'sha256:1' })
    expect(outputsOf({ ...ledger, serving: null }, newer)).toEqual({ DIGEST: 'sha256:1' })
  })

  test('stay as they were frozen, whatever a later run that builds again writes', async () => {
    const memory = inMemory()
    memory.outputs.written = 'DIGEST=sha256:2'
    const plan = planOf()
    const at = memory.clock.now().toISOString()
    const before: Happening[] = [
      { kind: 'opened', number: 7, run: aRun(1), by: ['alice'] },
      { kind: 'step-started', step: 'source' },
      { kind: 'step-succeeded', step: 'source' },
      { kind: 'step-started', step: 'build' },
      { kind: 'outputs-frozen', sha: newer.sha, outputs: { DIGEST: 'sha256:1' } },
      { kind: 'step-succeeded', step: 'build' },
      { kind: 'interrupted', cause: 'lost' },
      { kind: 'resumed', run: aRun(2), by: ['alice'] },
    ]
    const context = await goingOn(
      memory,
      plan,
      before.map((happening) => ({ at, ...happening })),
    )
    expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(memory.effects()).toEqual(['build', 'hook'])
    expect(seenBy(memory, 'hook')).toMatchObject({ DIGEST: 'sha256:1' })
    expect(memory.voice.texts('warning').join('\n')).toContain('other outputs than the release has: DIGEST')
  })

  test('stand in the manifest, whatever the build writes here', async () => {
    const memory = inMemory()
    memory.outputs.written = 'DIGEST=sha256:2'
    const plan = { ...planOf(), release: { ...newer, outputs: { DIGEST: 'sha256:0' } } }
    const context = await opened(memory, plan)
    await execute(context)
    expect(seenBy(memory, 'hook')).toMatchObject({ DIGEST: 'sha256:0' })
    expect(context.session.journal.some(({ kind }) => kind === 'outputs-frozen')).toBe(false)
  })

  test('belong to the older release on the way back', async () => {
    const memory = inMemory()
    const { serving } = aLedgerServing(older)
    const plan = aPlan({ ledger: aLedgerServing(older) })
    const outputs = { DIGEST: 'sha256:old' }
    const context = await opened(memory, plan, { serving: serving && { ...serving, outputs } })
    expect(await variables(context, backInCode)).toMatchObject({ DIGEST: 'sha256:old' })
    expect(await variables(context, onward)).not.toHaveProperty('DIGEST')
  })

  test('that hold a secret are left out with a warning', async () => {
    const memory = inMemory()
    memory.given.masked.add('hunter2')
    memory.outputs.written = 'TOKEN=x-hunter2\nDIGEST=sha256:1\n'
    const context = await opened(memory, planOf())
    await execute(context)
    expect(seenBy(memory, 'hook')).not.toHaveProperty('TOKEN')
    expect(JSON.stringify(context.session.journal)).not.toContain('hunter2')
    expect(memory.voice.texts('warning').join('\n')).toContain('The output TOKEN of the build is left out')
  })

  test('that are hostile fail the build before anything changes', async () => {
    const memory = inMemory()
    memory.outputs.written = 'LD_PRELOAD=/tmp/evil.so'
    expect(await execute(await opened(memory, planOf()))).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'outputs-invalid' }, stays: [] },
    })
    expect(memory.effects()).toEqual(['build'])
  })
})
