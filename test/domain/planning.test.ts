import { describe, expect, test } from 'vitest'
import { describePlan } from '../../src/domain/plan/plan.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import { traitsOf } from '../../src/domain/step/traits.ts'
import { aHistory, aPast, aSuspension } from './a-ledger.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aRelease,
  aScheduler,
  aService,
  aWish,
  count,
  newer,
  noSteps,
  older,
  percent,
  rollsOf,
  stepOf,
} from './a-plan.ts'

const kinds = (plan: ReturnType<typeof aPlan>) => plan.steps.map(({ kind }) => kind)
const codes = (plan: ReturnType<typeof aPlan>) => plan.refusals.map(({ code }) => code)
const redeploying = { release: older, relation: 'identical', redeploy: true } as const
const rollingBack = { wanted: 'rollback', relation: 'behind' } as const

describe('the steps of a plan', () => {
  const standard = [
    'source',
    'approve',
    'build',
    'configure-broker',
    'pre-deploy',
    'suspend-scheduler',
    'pre-configure',
    'deploy-scheduler',
    'migrate',
    'resume-scheduler',
    'roll-services',
    'record-version',
    'post-configure',
    'post-deploy',
  ]

  test('stand in the standard order SP-01', () => {
    expect(kinds(aPlan())).toEqual(standard)
  })

  test('let the scheduler come back after the services where the config says so SP-24', () => {
    const steps = { ...allSteps, scheduler: aScheduler({ resumeAfter: 'services' }) }
    const plan = kinds(aPlan({ recipe: aRecipe({ steps }) }))
    expect(plan.slice(8, 12)).toEqual(['migrate', 'roll-services', 'resume-scheduler', 'record-version'])
    expect(plan.toSorted()).toEqual(standard.toSorted())
  })

  const serving = (change: object) => ({ ledger: aLedgerServing(older, change) })
  const without = (change: Partial<typeof allSteps>) => ({
    recipe: aRecipe({ steps: { ...allSteps, ...change } }),
  })
  test.each<[string, Parameters<typeof aPlan>[0], string[]]>([
    ['build', without({ build: null }), ['build']],
    ['configure-broker', without({ configureBroker: null }), ['configure-broker']],
    [
      'the scheduler',
      without({ scheduler: null }),
      ['suspend-scheduler', 'deploy-scheduler', 'resume-scheduler'],
    ],
    ['the new scheduler', without({ scheduler: aScheduler({ deploy: null }) }), ['deploy-scheduler']],
    ['pre-configure', without({ preConfigure: null }), ['pre-configure']],
    ['migrate', without({ migrate: null }), ['migrate']],
    ['post-configure', without({ postConfigure: null }), ['post-configure']],
    ['post-deploy SP-36', without({ postDeploy: null }), ['post-deploy']],
    ['approval', { policy: aPolicy({ approval: { kind: 'none' } }) }, ['approve']],
    [
      'a hook of the serving release',
      serving({ serving: { release: older, deployment: 6, since: '', record: null, preDeploy: null } }),
      ['pre-deploy'],
    ],
  ])('without %s lack just that', (_title, change, absent) => {
    expect(kinds(aPlan(change))).toEqual(standard.filter((kind) => !absent.includes(kind)))
  })

  test('are three when the config has nothing but a service', () => {
    const plan = aPlan({
      recipe: aRecipe({ steps: noSteps }),
      policy: aPolicy({ approval: { kind: 'none' } }),
      ledger: aLedgerServing(null),
    })
    expect(kinds(plan)).toEqual(['source', 'roll-services', 'record-version'])
    expect(plan.omitted).toEqual([])
  })

  test('roll the services in their declared order, with their limits and batches', () => {
    const services = [
      aService('web', 4, { maxParallel: percent(50) }),
      aService('api', 3, { maxParallel: count(2), minAvailable: count(2) }),
    ]
    const rolls = rollsOf(aPlan({ recipe: aRecipe({ services }) }))
    expect(rolls.map(({ id, width, floor, batches }) => ({ id, width, floor, batches }))).toEqual([
      {
        id: 'roll-services/web',
        width: 2,
        floor: 2,
        batches: [
          ['web-1', 'web-2'],
          ['web-3', 'web-4'],
        ],
      },
      { id: 'roll-services/api', width: 2, floor: 2, batches: [['api-1'], ['api-2'], ['api-3']] },
    ])
  })
})

describe('the pre-deploy hook', () => {
  const changed = aRecipe({ steps: { ...allSteps, preDeploy: aCommand('another hook') } })

  test('runs as the serving release defines it, and the plan says when the new one takes effect SP-10', () => {
    const plan = aPlan({ recipe: changed })
    expect(stepOf(plan, 'pre-deploy').command.run).toBe('pre-deploy')
    expect(plan.warnings.join()).toContain('takes effect from the next deployment')
  })

  test('is not warned about while it stays the same', () => {
    expect(aPlan().warnings.join()).not.toContain('takes effect')
  })

  test('is left out of a first deployment, and the plan says why SP-11', () => {
    const plan = aPlan({ ledger: aLedgerServing(null), relation: 'first' })
    expect(kinds(plan)).not.toContain('pre-deploy')
    expect(plan.omitted).toEqual([
      {
        kind: 'pre-deploy',
        reason: 'nothing serves yet, and the hook runs as the serving release defines it',
      },
    ])
  })
})

describe('a rollback', () => {
  test('is the pipeline of a deployment with its gate, without what makes and migrates SP-42', () => {
    const without = ['build', 'migrate']
    const back = aPlan({ ...rollingBack, release: aRelease('v0.9.0') })
    expect(kinds(back)).toEqual(kinds(aPlan()).filter((kind) => !without.includes(kind)))
    expect(kinds(back)).toContain('approve')
  })

  test('neither builds nor migrates, and says why MM-19', () => {
    const plan = aPlan({ ...rollingBack, release: aRelease('v0.9.0') })
    expect(plan.mode).toBe('rollback')
    expect(plan.omitted).toEqual([
      { kind: 'build', reason: 'a rollback deploys what was built then' },
      { kind: 'migrate', reason: 'a rollback never migrates' },
    ])
    expect(kinds(plan)).toContain('approve')
  })

  test('says that data is not taken back MM-21', () => {
    expect(aPlan({ ...rollingBack, release: aRelease('v0.9.0') }).warnings.join()).toContain('not the data')
  })

  test('needs no acknowledgement for going to an older release', () => {
    expect(codes(aPlan({ ...rollingBack, release: aRelease('v0.9.0') }))).toEqual([])
  })

  const history = aHistory(aPast(older), aPast(newer, { migrated: 'contract' }))
  const crossing = { ...rollingBack, release: older, ledger: aLedgerServing(newer, { history }) }

  test('over a contract migration is refused, and the refusal names the deployment SD-33', () => {
    const [refusal] = aPlan(crossing).refusals
    expect(refusal?.code).toBe('rollback-unsafe')
    expect(refusal?.what).toContain('deployment 2')
  })

  test('over a contract migration is planned once somebody acknowledged the loss, with a warning SD-33', () => {
    const plan = aPlan({ ...crossing, acknowledged: { older: false, dataLoss: true } })
    expect(plan.refusals).toEqual([])
    expect(plan.warnings.join()).toContain('restore the data first')
  })
})

describe('a redeployment', () => {
  test('is already deployed for the serving release, unless it is asked for MM-28', () => {
    expect(planning(aWish({ ...redeploying, redeploy: false }))).toEqual({
      kind: 'already-deployed',
      release: older,
    })
    expect(aPlan(redeploying).mode).toBe('redeploy')
  })

  test('holds for a rollback to what serves, too MM-28', () => {
    expect(planning(aWish({ ...redeploying, wanted: 'rollback', redeploy: false })).kind).toBe(
      'already-deployed',
    )
  })

  test('only converges the instances, and says why the rest is left out SP-46', () => {
    const plan = aPlan(redeploying)
    expect(kinds(plan)).toEqual(['source', 'approve', 'roll-services', 'record-version'])
    expect(new Set(plan.omitted.map(({ reason }) => reason))).toEqual(
      new Set(['this release went through it here already']),
    )
    expect(plan.omitted).toHaveLength(10)
  })

  test('is an ordinary deployment for another release MM-28', () => {
    expect(aPlan({ redeploy: true }).mode).toBe('deploy')
  })
})

describe('refusals and warnings of a plan', () => {
  const behind = { relation: 'behind', release: aRelease('v0.9.0') } as const

  test('a release for another base, naming both CC-06', () => {
    const plan = aPlan({ release: aRelease('v2', { baseVersion: '2027.1' }) })
    expect(codes(plan)).toEqual(['base-differs'])
    expect(plan.refusals[0]?.what).toContain('2027.1')
    expect(plan.refusals[0]?.what).toContain('2026.1')
  })

  test('the first base of an environment is no other base', () => {
    expect(codes(aPlan({ ledger: aLedgerServing(aRelease('v1', { baseVersion: null })) }))).toEqual([])
  })

  test('an older release on the same base is allowed, with a warning CC-07', () => {
    const plan = aPlan({ ...behind, acknowledged: { older: true, dataLoss: false } })
    expect(codes(plan)).toEqual([])
    expect(plan.warnings.join()).toContain('not recommended')
  })

  test('an older release is named in its plan, and no other one is CC-34 F36', () => {
    const acknowledged = { older: true, dataLoss: false }
    expect(aPlan({ ...behind, acknowledged }).older).toBeDefined()
    expect(aPlan({ acknowledged }).older).toBeNull()
    expect(aPlan({ ...behind, wanted: 'rollback' }).older).toBeNull()
  })

  test.each(['production', 'staging'] as const)(
    'an older release in %s is refused without an acknowledgement, and the risk is named CC-08',
    (environment) => {
      const plan = aPlan({ ...behind, policy: aPolicy({ class: environment }) })
      expect(codes(plan)).toEqual(['release-older'])
      expect(plan.refusals[0]?.why).toMatch(/data.*conflict.*downtime/)
      expect(plan.refusals[0]?.next).toContain('acknowledge-older: true')
    },
  )

  test('an older release in a sandbox needs no acknowledgement CC-09', () => {
    expect(codes(aPlan({ ...behind, policy: aPolicy({ class: 'sandbox' }) }))).toEqual([])
  })

  test('the only instance of a service goes down only where that is accepted, and is announced WX-26', () => {
    const with1 = (acceptDowntime: boolean) =>
      aPlan({ recipe: aRecipe({ services: [aService('web', 1, { acceptDowntime })] }) })
    expect(codes(with1(false))).toEqual(['single-instance'])
    expect(codes(with1(true))).toEqual([])
    expect(with1(true).warnings.join()).toContain('it is down while it is changed')
    expect(rollsOf(with1(true))[0]?.batches).toEqual([['web-1']])
  })

  const single = (stop: string | null, change: Parameters<typeof aService>[3] = {}) => {
    const alone = aService(
      'web',
      1,
      { acceptDowntime: false, minAvailable: count(1) },
      { traffic: { kind: 'is-alive' }, ...change },
    )
    const fleet = { ...alone.fleet, stop: stop === null ? null : { ...aCommand(''), run: stop } }
    return aPlan({ recipe: aRecipe({ services: [{ ...alone, fleet }] }) })
  }

  test.each([
    null,
    'true',
    ':',
    ' true ',
    '/bin/true',
    'exit 0',
    'true # it reloads',
    '# nothing\n:\n',
    'true; exit 0',
    ': && true',
  ])('the only instance is changed while it serves where its stop does nothing: %j F32', (stop) => {
    const plan = single(stop)
    expect(codes(plan)).toEqual([])
    expect(plan.warnings.join()).toContain('it is changed while it serves')
    expect(plan.warnings.join()).not.toContain('down')
    expect(rollsOf(plan)[0]).toMatchObject({ floor: 0, batches: [['web-1']] })
  })

  test.each([
    'systemctl stop web',
    'true; systemctl stop web',
    'true || kill 1',
    'true | kill 1',
    'truely',
    ': $(kill 1)',
  ])('the only instance is down while it is changed where its stop may do something: %j F32', (stop) =>
    expect(codes(single(stop))).toEqual(['single-instance']),
  )

  test.each<[string, Parameters<typeof aService>[3]]>([
    [
      'a command of traffic',
      { traffic: { kind: 'command', leave: aCommand('leave'), enter: null, serving: null, timeout: 1 } },
    ],
    ['what it says of itself', { traffic: { kind: 'is-alive', leave: aCommand('leave'), wait: 1 } }],
    [
      'haproxy',
      {
        traffic: {
          kind: 'haproxy',
          sockets: ['/s'],
          backend: 'b',
          server: 's',
          drainTimeout: 1,
          upTimeout: 1,
        },
      },
    ],
  ])('the only instance is out of traffic while it is changed, taken out by %s F32', (_way, change) => {
    expect(codes(single('true', change))).toEqual(['single-instance'])
  })

  test('an instance that leaves traffic by its stop alone causes a warning, and one that first says not alive does not F31', () => {
    const plan = (change: Parameters<typeof aService>[3]) =>
      aPlan({ recipe: aRecipe({ services: [aService('web', 3, {}, change)] }) }).warnings.join()
    const words = 'web leaves traffic by its stop alone'
    expect(plan({ traffic: { kind: 'is-alive' } })).toContain(words)
    expect(plan({ traffic: { kind: 'is-alive', leave: aCommand('leave'), wait: 5_000 } })).not.toContain(
      words,
    )
    expect(
      plan({ traffic: { kind: 'command', leave: null, enter: null, serving: null, timeout: 1 } }),
    ).not.toContain(words)
    expect(single('true').warnings.join()).not.toContain(words)
  })

  test('a floor that no instance could ever leave', () => {
    const services = [aService('web', 3, { minAvailable: count(3) })]
    const plan = aPlan({ recipe: aRecipe({ services }) })
    expect(codes(plan)).toEqual(['capacity-floor'])
    expect(plan.refusals[0]?.what).toContain('3 instances')
  })

  test.each<[string, Parameters<typeof aPlan>[0], string]>([
    ['releases that have diverged', { relation: 'diverged' }, 'have diverged'],
    [
      'production that nobody approves',
      { policy: aPolicy({ approval: { kind: 'none' } }) },
      'need no approval',
    ],
    [
      'a scheduler that is suspended already',
      { ledger: aLedgerServing(older, { leases: [aSuspension({ since: 'Monday' })] }) },
      'suspended since Monday by deployment 5',
    ],
    [
      'a service that does not say its version',
      { recipe: aRecipe({ services: [aService('web', 3, {}, { version: null })] }) },
      'web has no version probe',
    ],
    [
      'a service that nobody can tell the health of',
      { recipe: aRecipe({ services: [aService('web', 3, {}, { healthCheck: null, selfTest: null })] }) },
      'neither a health check nor a self test',
    ],
    [
      'traffic that nobody can ask about',
      { recipe: aRecipe({ services: [aService('web', 3, {}, { healthCheck: null })] }) },
      'It is never seen whether an instance of web gets requests',
    ],
  ])('warns of %s', (_title, change, words) => {
    expect(aPlan(change).warnings.join('\n')).toContain(words)
  })

  test('warns of nothing in an ordinary deployment', () => {
    expect(aPlan().warnings).toEqual([])
  })
})

describe('the way back, once the plan is done', () => {
  test('leads to what serves now, safe after an expand migration', () => {
    expect(aPlan().wayBack).toMatchObject({ release: older, feasibility: { kind: 'safe' } })
  })

  test('a contract migration with an equal schema version leaves a safe way back', () => {
    const steps = {
      ...allSteps,
      migrate: { command: aCommand('migrate'), phase: 'contract', repeatable: false },
    } as const
    const back = (here: string | null, there: string | null) =>
      aPlan({
        recipe: aRecipe({ steps }),
        release: { ...newer, schemaVersion: here },
        ledger: aLedgerServing({ ...older, schemaVersion: there }),
      }).wayBack?.feasibility
    expect(back('42', '42')).toMatchObject({ kind: 'safe', because: 'both have schema 42' })
    expect(back('43', '42')).toMatchObject({ kind: 'crosses-contract', since: 'this deployment' })
    // Two releases that say nothing of their schema are not known to have the same.
    expect(back(null, null)).toMatchObject({ kind: 'crosses-contract' })
  })

  test('crosses a contract migration of this very plan', () => {
    const migrate = { command: aCommand('migrate'), phase: 'contract', repeatable: false } as const
    const plan = aPlan({ recipe: aRecipe({ steps: { ...allSteps, migrate } }) })
    expect(plan.wayBack?.feasibility).toEqual({
      kind: 'crosses-contract',
      since: 'this deployment',
      deployments: [],
    })
  })

  test('does not exist on a first deployment', () => {
    expect(aPlan({ ledger: aLedgerServing(null) }).wayBack).toBeNull()
  })

  test('leads to the release before for a redeployment', () => {
    const history = aHistory(aPast(aRelease('v0.9.0')), aPast(older))
    const plan = aPlan({ ...redeploying, ledger: aLedgerServing(older, { history }) })
    expect(plan.wayBack?.release.tag).toBe('v0.9.0')
  })
})

describe('a plan in words', () => {
  test.each<[string, Parameters<typeof aPlan>[0]]>([
    ['deploy v1.1.0 (76312e3) to production', {}],
    ['roll production back to v1.1.0 (76312e3)', { wanted: 'rollback' }],
    ['redeploy v1.0.0 (76312e3) to production', redeploying],
  ])('%s', (words, change) => expect(describePlan(aPlan(change))).toBe(words))

  test('names what cannot be taken back', () => {
    const plan = aPlan()
    const stays = plan.steps.filter((step) => traitsOf(step).undo(step, plan).kind === 'cannot')
    expect(stays.map(({ kind }) => kind)).toEqual([
      'configure-broker',
      'pre-deploy',
      'pre-configure',
      'migrate',
      'post-configure',
      'post-deploy',
    ])
  })
})

describe('hosts that an inventory prints', () => {
  test('are not known while it is planned, and that is not held against the plan', () => {
    const recipe = aRecipe({
      services: [aService('web', 3, {}, { fleet: anSshFleet([], { inventory: aCommand('bin/hosts') }) })],
    })
    const plan = aPlan({ recipe })
    expect(plan.refusals).toEqual([])
    expect(rollsOf(plan)[0]?.batches).toEqual([])
  })
})

test('two approvers where GitHub reviews are a warning, for one suffices there', () => {
  const words = (atLeast?: number) => {
    const several = atLeast === undefined ? {} : { atLeast }
    return aPlan({
      policy: aPolicy({ approval: { kind: 'reviewers', allowBypass: false, ...several } }),
    }).warnings.join()
  }
  expect(words(2)).toContain('requires.approval.at-least has no effect in production')
  expect(words()).not.toContain('at-least')
})

test('rollback.not-self where GitHub reviews is a warning, for it has no effect there F37', () => {
  const words = (rollbackNotSelf?: boolean) =>
    aPlan({ policy: aPolicy(rollbackNotSelf === undefined ? {} : { rollbackNotSelf }) }).warnings.join()
  expect(words(false)).toContain('rollback.not-self has no effect in production')
  expect(words()).not.toContain('not-self')
})
