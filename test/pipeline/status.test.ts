import { expect, test, vi } from 'vitest'
import { Problem } from '../../src/domain/problem.ts'
import { lookAround, type StatusReader, type StatusRequest } from '../../src/pipeline/look/status.ts'
import { aJournal, aRun, opened, started } from '../domain/a-journal.ts'
import { aLedgerServing, aPlan, aPolicy, aService } from '../domain/a-plan.ts'
import { aReader, aRepository, configPath } from './a-repository.ts'
import { bob, type InMemory, inMemory } from './in-memory.ts'

const asked = (change: Partial<StatusRequest> = {}): StatusRequest => ({
  environment: null,
  app: 'shop',
  configPath,
  observe: true,
  ...change,
})

/** A config with these environments, whose one service has two instances that run their installed release. */
function reading(names: readonly string[] = ['production']): StatusReader {
  const reader = aReader({ recipe: { services: [aService('web', 2)] } })
  return {
    ...reader,
    readPolicy: (source, name) => ({ ...reader.readPolicy(source, name), name }),
    readPolicies: () => names.map((name) => aPolicy({ name, app: null })),
  }
}

const look = (
  memory: InMemory,
  config = reading(),
  change: Partial<StatusRequest> = {},
  signal = memory.stop.asked,
) => lookAround(memory.ports, config, asked(change), bob, signal)

/** Production serves v2, which is checked out. */
async function aServingShop() {
  const memory = inMemory()
  const repository = await aRepository(memory)
  await repository.serve()
  const { v2 } = repository
  memory.workspace.head = v2.sha
  for (const name of ['web-1', 'web-2']) memory.installed.set(name, v2.tag)
  return { memory, ...repository }
}

/** The deployment of v3 that is under way; its run noted this much. */
const underway = (
  v2: ReturnType<typeof aLedgerServing>['serving'],
  holder: ReturnType<typeof aRun> | null,
) => ({
  number: 7,
  plan: aPlan({ ledger: aLedgerServing(v2?.release ?? null) }),
  journal: aJournal(opened, started('source')),
  holder,
  record: null,
  preDeploy: null,
  build: null,
  checkCompatibility: null,
})

test('every environment of the config is looked at, by the recipe that serves there, and nothing is written WX-11', async () => {
  const { memory, v2 } = await aServingShop()
  const append = vi.spyOn(memory.ledgers, 'append')
  const seen = await look(memory, reading(['production', 'staging']))
  expect(seen).toMatchObject([
    {
      name: 'production',
      app: 'shop',
      memory: { kind: 'read', ledger: { serving: { release: v2 } }, live: null, question: null },
      instances: {
        kind: 'seen',
        services: [{ name: 'web', instances: [{ deviations: [] }, { deviations: [] }] }],
      },
    },
    { name: 'staging', memory: { kind: 'read' }, instances: { kind: 'unasked', why: 'nothing serves' } },
  ])
  expect(append).not.toHaveBeenCalled()
  expect(memory.shell.calls).toEqual([])
})

test('one environment is looked at where it is named, by its name in the policy', async () => {
  const { memory } = await aServingShop()
  const seen = await look(memory, reading(['staging', 'production']), { environment: 'production' })
  expect(seen.map(({ name }) => name)).toEqual(['production'])
})

test('without observing no instance is asked, and the recipe is not even read', async () => {
  const { memory } = await aServingShop()
  const file = vi.spyOn(memory.repository, 'file')
  const [production] = await look(memory, reading(), { observe: false })
  expect(production?.instances).toEqual({ kind: 'unasked', why: 'observe is false' })
  expect(file).toHaveBeenCalledTimes(1)
  expect(memory.effects()).toEqual([])
})

test('a ledger or a recipe that cannot be read is said in its place, and hides no other environment', async () => {
  const { memory, v2 } = await aServingShop()
  const ledger = aLedgerServing({ ...v2, sha: 'f'.repeat(40) })
  await memory.ledgers.append(null, { ...ledger, environment: 'eu' }, 'a release of another repository')
  memory.ledgers.plant('shop', 'staging', 'no ledger')
  const seen = await look(memory, reading(['staging', 'eu', 'production']))
  expect(seen).toMatchObject([
    { memory: { kind: 'unknown', failure: { code: 'ledger-foreign' } }, instances: { kind: 'unasked' } },
    { memory: { kind: 'read' }, instances: { kind: 'unknown', failure: { code: 'commit-missing' } } },
    { memory: { kind: 'read' }, instances: { kind: 'seen' } },
  ])
})

test('a config that cannot be read at all is the problem it is', async () => {
  await expect(look(inMemory())).rejects.toMatchObject({ code: 'config-missing' })
})

test('a holder is live, or gone; of one that is gone the question is the one that decide takes GH-09', async () => {
  const { memory, v2 } = await aServingShop()
  const { serving } = aLedgerServing(v2)
  const { head, ledger } = await memory.ledgers.read('shop', 'production')
  await memory.ledgers.append(head, { ...ledger, deployment: underway(serving, aRun(1)) }, 'under way')
  memory.repository.run({ id: 1, status: 'in_progress' })
  const [live] = await look(memory)
  expect(live?.memory).toMatchObject({ live: true, question: null })
  memory.repository.run({ id: 1, status: 'completed', conclusion: 'failure' })
  const [gone] = await look(memory)
  expect(gone?.memory).toMatchObject({ live: false, question: { id: '7.1', kind: 'failed-step' } })
})

test('a token that may not ask for runs leaves the holder unknown, and asks nobody to decide', async () => {
  const { memory, v2 } = await aServingShop()
  const { serving } = aLedgerServing(v2)
  const { head, ledger } = await memory.ledgers.read('shop', 'production')
  await memory.ledgers.append(head, { ...ledger, deployment: underway(serving, aRun(1)) }, 'under way')
  const words = { what: 'Could not read the run 1.', why: 'It needs actions: read.', next: 'Add it.' }
  vi.spyOn(memory.repository, 'runState').mockRejectedValue(new Problem('permission-missing', words))
  const [production] = await look(memory)
  expect(production?.memory).toMatchObject({ kind: 'read', live: null, question: null })
  expect(production?.instances.kind).toBe('seen')
})

test('a look that is cancelled says so, and calls no instance down', async () => {
  const { memory } = await aServingShop()
  memory.askToStop()
  const [production] = await look(memory)
  expect(production?.instances).toMatchObject({ kind: 'unknown', failure: { code: 'interrupted' } })
})
