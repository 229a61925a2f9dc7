import { describe, expect, test, vi } from 'vitest'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import { compare, converge, type Reconciling, refuseToConverge } from '../../src/pipeline/act/reconcile.ts'
import { aJournal, aRun, opened, started } from '../domain/a-journal.ts'
import { aLedgerServing, aPlan, aService } from '../domain/a-plan.ts'
import { aReader, aRepository, configPath } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, inMemory, keptLedger } from './in-memory.ts'

const asked: Reconciling = { environment: 'production', app: 'shop', configPath }
const reader = () =>
  aReader({ policy: { approval: { kind: 'none' } }, recipe: { services: [aService('web', 2)] } })

/** A shop whose production serves v2, which is checked out; web-2 runs an unknown release. */
async function aDriftedShop() {
  const memory = inMemory()
  const repository = await aRepository(memory)
  await repository.serve()
  memory.workspace.head = repository.v2.sha
  memory.installed.set('web-1', 'v2').set('web-2', 'v0')
  const config = reader()
  return {
    memory,
    ...repository,
    look: (signal = memory.stop.asked) => compare(memory.ports, config, asked, bob, signal),
    bringBack: (release = repository.v2) => {
      const { serving } = aLedgerServing(release)
      if (serving === null) throw new Error('nothing serves')
      return converge(
        anActingRun({ ports: memory.ports, config, doer: bob, stop: memory.stop }),
        asked,
        serving,
      )
    },
  }
}

describe('comparing', () => {
  test('names the instances that differ from the serving release, and changes nothing WX-11 SP-35', async () => {
    const { memory, look } = await aDriftedShop()
    const append = vi.spyOn(memory.ledgers, 'append')
    const compared = await look()
    expect(compared).toMatchObject({
      app: 'shop',
      environment: { name: 'production' },
      drift: { kind: 'found', desired: null },
      services: [{ instances: [{ deviations: [] }, { name: 'web-2', deviations: ['other-release'] }] }],
    })
    expect(append).not.toHaveBeenCalled()
    expect(memory.shell.calls).toEqual([])
  })

  test('fails where the one environment cannot be read: there is nothing to say in its place', async () => {
    const { memory, look } = await aDriftedShop()
    memory.ledgers.plant('shop', 'production', 'no ledger')
    await expect(look()).rejects.toMatchObject({ code: 'ledger-foreign' })
  })

  test('takes no answers that were cut short for drift', async () => {
    const { memory, look } = await aDriftedShop()
    memory.askToStop()
    await expect(look()).rejects.toMatchObject({ code: 'interrupted' })
  })
})

describe('converging', () => {
  test('deploys the serving release again, and changes only what differs WX-09', async () => {
    const { memory, v2, bringBack, look } = await aDriftedShop()
    expect(await bringBack()).toMatchObject({ kind: 'done', ending: { kind: 'ended' } })
    expect(
      memory.shell.calls.map(({ command, variables }) => `${command.run} ${variables.ROLLGATE_INSTANCE}`),
    ).toEqual(['stop web-2', 'install web-2', 'start web-2'])
    const { serving, history } = await keptLedger(memory)
    expect(history[0]).toMatchObject({ mode: 'redeploy', release: v2, outcome: { kind: 'succeeded' } })
    expect(serving?.release).toEqual(v2)
    expect((await look()).drift).toEqual({ kind: 'none' })
  })

  test('is refused when the tag has moved, and before anything is held', async () => {
    const { memory, v3, bringBack } = await aDriftedShop()
    await memory.repository.tag('v2', v3.sha)
    await expect(bringBack()).rejects.toMatchObject({ code: 'tag-moved' })
    expect((await keptLedger(memory)).deployment).toBeNull()
    expect(memory.shell.calls).toEqual([])
  })

  test('is refused when another release has come to serve since the look', async () => {
    const { memory, v1, bringBack } = await aDriftedShop()
    await expect(bringBack(v1)).rejects.toMatchObject({
      code: 'plan-changed',
      what: expect.stringContaining('no longer is what serves production'),
    })
    expect((await keptLedger(memory)).deployment).toBeNull()
  })

  const plan = aPlan()
  const deployment = (change: Partial<Underway>): Underway => ({
    number: 7,
    plan,
    journal: aJournal(opened, started('source')),
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
    ...change,
  })
  test.each([
    ['a live run', deployment({ holder: aRun(1) }), true, 'environment-locked'],
    [
      'a run of which nobody knows whether it is live',
      deployment({ holder: aRun(1) }),
      null,
      'environment-locked',
    ],
    ['a run that is gone', deployment({ holder: aRun(1) }), false, 'deployment-open'],
    ['no run any more', deployment({}), null, 'deployment-open'],
  ])('is refused while a deployment is under way that is held by %s', (_, underway, live, code) => {
    const ledger = { ...aLedgerServing(plan.from), deployment: underway }
    expect(() => refuseToConverge({ ledger, live, question: null })).toThrow(
      expect.objectContaining({
        code,
        what: expect.stringContaining(`Deployment 7 (deploy ${plan.release.tag})`),
      }),
    )
  })

  test('is refused where nothing serves, and not where something does', () => {
    const nothing = { ledger: aLedgerServing(null), live: null, question: null }
    expect(() => refuseToConverge(nothing)).toThrow(expect.objectContaining({ code: 'input-invalid' }))
    expect(() => refuseToConverge({ ...nothing, ledger: aLedgerServing(plan.from) })).not.toThrow()
  })
})
