import { describe, expect, test } from 'vitest'
import { aCommand, aLedgerServing, allSteps, aPlan, aPolicy, aRecipe, aService, older } from './a-plan.ts'

const policy = aPolicy({ name: 'staging', class: 'staging', approval: { kind: 'none' } })
const recipe = aRecipe({ services: [aService('web', 3)], absent: ['worker'] })
const left = { service: 'worker', instance: 'worker-1', deployment: 4, out: false }
const restarting = { wanted: 'restart', release: older, relation: 'identical' } as const
const reason = { kind: 'roll-services', reason: 'worker is absent in staging' }
const onWorker = {
  ...aCommand('requeue'),
  on: { kind: 'instances', service: 'worker', instances: { kind: 'one' } },
} as const

describe('a service that is absent in an environment', () => {
  test.each(['deploy', 'rollback'] as const)('is left out of a %s, with the reason', (wanted) => {
    const plan = aPlan({ policy, recipe, wanted })
    expect(plan.omitted).toContainEqual(reason)
    expect(plan.steps.filter(({ id }) => id.includes('worker'))).toEqual([])
  })

  test('changes the plan that an approver sees, and so its digest', () => {
    expect(aPlan({ policy, recipe }).digest).not.toBe(
      aPlan({ policy, recipe: { ...recipe, absent: [] } }).digest,
    )
  })

  test('is refused in a restart that names it, and is no matter in one of all', () => {
    const [refusal, ...others] = aPlan({
      policy,
      recipe,
      ...restarting,
      services: ['worker', 'web'],
    }).refusals
    expect(others).toEqual([])
    expect(refusal).toMatchObject({
      code: 'input-invalid',
      what: 'The input services names worker, and worker is absent in staging.',
      next: expect.stringContaining('web'),
    })
    const all = aPlan({ policy, recipe, ...restarting })
    expect([all.refusals, all.omitted]).toEqual([[], []])
  })

  test('is told from a name that the release does not have', () => {
    const words = aPlan({ policy, recipe, ...restarting, services: ['wroker', 'worker'] }).refusals
    expect(words.map(({ what }) => what)).toEqual([
      expect.stringContaining('worker is absent in staging'),
      expect.stringContaining('names wroker, which'),
    ])
  })

  test.each([
    [
      'the hook of the serving release',
      {
        ledger: aLedgerServing(older, {
          serving: { ...aLedgerServing(older).serving, preDeploy: onWorker } as never,
        }),
      },
    ],
    [
      'a task',
      { ...restarting, wanted: 'task', task: 'requeue', recipe: { ...recipe, tasks: { requeue: onWorker } } },
    ],
  ] as const)('is refused as the place of %s', (_what, asks) => {
    const { refusals } = aPlan({ policy, recipe, ...(asks as object) })
    expect(refusals).toEqual([
      expect.objectContaining({
        code: 'command-nowhere',
        what: expect.stringContaining('on worker, which is absent here'),
      }),
    ])
  })

  test('has its unfinished instances named, which nothing changes any more', () => {
    const ledger = aLedgerServing(older, { unfinished: [left, { ...left, service: 'gone' }] })
    const named = aPlan({ policy, recipe, ledger }).warnings.filter((words) => words.includes('unfinished'))
    expect(named).toEqual([
      'worker/worker-1 was left unfinished by deployment 4, and worker is absent in staging now: nothing changes it. Look at it by hand.',
    ])
  })

  test('leaves out the hooks beside its steps, and the plan says which', () => {
    const hook = { name: 'quiet', when: 'before', step: 'roll-services/worker', command: onWorker } as const
    const plan = aPlan({ policy, recipe: { ...recipe, steps: { ...allSteps, hooks: [hook] } } })
    expect(plan.refusals).toEqual([])
    expect(plan.steps.map(({ kind }) => kind)).not.toContain('hook')
    expect(plan.warnings).toContain(
      'The hook quiet is to run before roll-services/worker, and worker is absent in staging: it does not run there.',
    )
  })
})
