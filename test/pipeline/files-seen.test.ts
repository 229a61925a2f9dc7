import { expect, test, vi } from 'vitest'
import { unknown } from '../../src/domain/reading.ts'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import type { Request } from '../../src/pipeline/plan/request.ts'
import { survey } from '../../src/pipeline/plan/survey.ts'
import { aCommand, noSteps } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest, configPath, planned } from './a-repository.ts'
import { inMemory } from './in-memory.ts'

const migrating = (run: string) =>
  aReader({
    recipe: {
      steps: { ...noSteps, migrate: { command: aCommand(run), phase: 'expand', repeatable: false } },
    },
  })

async function aShop(files: Readonly<Record<string, string>> = {}) {
  const memory = inMemory()
  const repository = await aRepository(memory)
  await repository.serve()
  const content = { [configPath]: 'recipe of v4', 'bin/migrate': '', ...files }
  await memory.repository.commit('main', content, 'v4', { tag: 'v4' })
  const tree = vi.spyOn(memory.repository, 'tree')
  const plans = (run: string, request: Partial<Request> = {}) =>
    planned(memory, { tag: 'v4', ...request }, migrating(run))
  return { memory, tree, plans }
}

test('a plan looks into the files of its release, with one request for all of them F16', async () => {
  const { tree, plans } = await aShop()
  expect((await plans('bin/migrat')).refusals).toMatchObject([{ code: 'release-incomplete' }])
  expect((await plans('bin/migrate')).refusals).toMatchObject([
    { code: 'release-incomplete', next: expect.stringContaining('git update-index --chmod=+x bin/migrate') },
  ])
  expect(tree).toHaveBeenCalledTimes(2)
})

test('no request is made where no command names a file F16', async () => {
  const { tree, plans } = await aShop()
  expect((await plans('make migrate')).refusals).toEqual([])
  expect(tree).not.toHaveBeenCalled()
})

test('a file that git ignores is a warning: a step of the job may have made it F16', async () => {
  const { plans } = await aShop({ '.gitignore': 'dist/\n' })
  const plan = await plans('node dist/migrate.js')
  expect(plan.refusals).toEqual([])
  expect(plan.warnings).toContainEqual(expect.stringContaining('dist/migrate.js'))
})

test('files that cannot be listed are unknown: a warning says so, and nothing is refused F16', async () => {
  const { memory, tree, plans } = await aShop()
  const why = { code: 'permission-missing', what: 'GitHub did not answer.', why: '', next: '' } as const
  tree.mockResolvedValueOnce(unknown(why))
  const plan = await plans('bin/migrat')
  expect(plan.refusals).toEqual([])
  expect(plan.warnings).toContainEqual(
    expect.stringContaining('has the files that its commands name: GitHub did not answer.'),
  )
  tree.mockResolvedValueOnce({ kind: 'found', value: { entries: new Map(), whole: false } })
  expect((await plans('bin/migrat')).warnings).toContainEqual(expect.stringContaining('only a part'))
  tree.mockResolvedValueOnce(unknown(why))
  const again = await survey(memory.ports, migrating('bin/migrat'), aRequest({ tag: 'v4' }), shownPlan(plan))
  expect(again.planning).toEqual({ kind: 'planned', plan })
})

test('files that a plan from an input claims are read again: a forged plan is refused F47', async () => {
  const { memory, plans } = await aShop()
  const honest = await plans('bin/migrat')
  const forged = { ...honest, refusals: [], warnings: [], files: { findings: [] } }
  const again = await survey(
    memory.ports,
    migrating('bin/migrat'),
    aRequest({ tag: 'v4' }),
    shownPlan(forged),
  )
  expect(again.planning).toEqual({ kind: 'planned', plan: honest })
})
