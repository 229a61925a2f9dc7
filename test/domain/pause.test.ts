import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { describeDecision } from '../../src/domain/question/consequence.ts'
import { decisions } from '../../src/domain/question/decision.ts'
import { questionOf } from '../../src/domain/question/open-question.ts'
import { failureOf, gateOf, instancesOf, type Pause } from '../../src/domain/question/pause.ts'
import {
  aFailure,
  aJournal,
  answered,
  aRun,
  aTime,
  broke,
  done,
  failed,
  lost,
  opened,
  pauseOf,
  resumed,
  seen,
  started,
  taken,
  upTo,
} from './a-journal.ts'
import {
  aCommand,
  aLedgerServing,
  allSteps,
  anEngineService,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  aTestBed,
  count,
  newer,
  noSteps,
} from './a-plan.ts'

const web = 'roll-services/web'
const plan = aPlan()
const first = aPlan({ ledger: aLedgerServing(null) })
const contract = aPlan({
  recipe: aRecipe({
    steps: {
      ...allSteps,
      migrate: { command: aCommand('migrate'), phase: 'contract', repeatable: false },
    },
  }),
})
const redeploy = aPlan({ ledger: aLedgerServing(newer), redeploy: true })
const roomy = aPlan({ recipe: aRecipe({ services: [aService('web', 3, { minAvailable: count(1) })] }) })
const tolerant = aPlan({
  recipe: aRecipe({ services: [aService('web', 3, { minAvailable: count(2), maxFailures: 1 })] }),
})
const tried = aPlan({
  recipe: aRecipe({ services: [aService('web', 3, { minAvailable: count(1) }, { testBed: aTestBed(2) })] }),
})
const turnedBack: Happening = { kind: 'turned-back', failure: aFailure() }

const webBroke = (its: Plan): Happening[] => [
  ...upTo(its, 'roll-services'),
  started(web),
  seen(web, { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }),
  taken(web, 'web-1'),
  broke(web, 'web-1'),
]
describe('the answers to a question', () => {
  const goingBack: Happening[] = [
    ...upTo(plan, 'pre-configure'),
    ...failed('pre-configure'),
    turnedBack,
    { kind: 'undo-started', step: 'suspend-scheduler' },
    { kind: 'undo-failed', step: 'suspend-scheduler', failure: aFailure() },
  ]
  const unknown = (its: Plan, step: 'migrate' | 'post-deploy'): Happening[] => [
    ...upTo(its, step),
    started(step),
    lost,
    resumed,
  ]

  test.each<[string, Plan, Happening[], Pause['options'], Pause['withheld']]>([
    [
      'a hook failed',
      plan,
      [...upTo(plan, 'pre-deploy'), ...failed('pre-deploy')],
      ['retry', 'force-next', 'roll-back', 'abandon'],
      {},
    ],
    [
      'an expand migration failed SP-25',
      plan,
      [...upTo(plan, 'migrate'), ...failed('migrate')],
      ['retry', 'force-next', 'roll-back', 'abandon'],
      {},
    ],
    [
      'a contract migration failed SP-25',
      contract,
      [...upTo(contract, 'migrate'), ...failed('migrate')],
      ['retry', 'force-next', 'abandon'],
      { 'roll-back': 'v1.0.0 cannot work on the database after a contract migration' },
    ],
    [
      'nothing served before',
      first,
      [...upTo(first, 'configure-broker'), ...failed('configure-broker')],
      ['retry', 'force-next', 'abandon'],
      { 'roll-back': 'nothing served here before' },
    ],
    [
      'the version could not be recorded',
      plan,
      [...upTo(plan, 'record-version'), ...failed('record-version')],
      ['retry', 'roll-back', 'abandon'],
      { 'force-next': 'the record can only be written by trying again' },
    ],
    [
      'nobody knows how the migration ended',
      plan,
      unknown(plan, 'migrate'),
      ['retry', 'force-next', 'roll-back', 'abandon'],
      {},
    ],
    ['a step could not be taken back', plan, goingBack, ['retry', 'force-next', 'abandon'], {}],
    [
      'an instance failed, and another may be taken without it WX-21',
      roomy,
      webBroke(roomy),
      ['retry', 'force-next', 'exclude', 'roll-back', 'abandon'],
      {},
    ],
    [
      'one of a test bed failed, and of those that come before the others none may be taken',
      tried,
      [
        ...upTo(tried, 'roll-services'),
        started(web),
        seen(web, { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0', 'web-3': 'down' }),
        taken(web, 'web-1'),
        broke(web, 'web-1'),
      ],
      ['retry', 'roll-back', 'abandon'],
      {
        'force-next': 'fewer than 1 instances would stay available',
        exclude: 'fewer than 1 instances would stay available',
      },
    ],
    [
      'an instance failed, and no other may be taken',
      plan,
      webBroke(plan),
      ['retry', 'roll-back', 'abandon'],
      {
        'force-next': 'fewer than 2 instances would stay available',
        exclude: 'fewer than 2 instances would stay available',
      },
    ],
    [
      'an instance of a redeployment failed',
      redeploy,
      webBroke(redeploy),
      ['retry', 'abandon'],
      {
        'force-next': 'fewer than 2 instances would stay available',
        exclude: 'fewer than 2 instances would stay available',
        'roll-back': 'v1.1.0 served here before, too',
      },
    ],
    [
      'a failure is tolerated, and too few others are up',
      tolerant,
      webBroke(tolerant),
      ['retry', 'roll-back', 'abandon'],
      {},
    ],
    [
      'an instance failed on the way back WX-23',
      roomy,
      [
        ...webBroke(roomy),
        turnedBack,
        { kind: 'undo-started', step: web },
        seen(web, { 'web-1': 'down', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }),
        taken(web, 'web-1'),
        broke(web, 'web-1'),
      ],
      ['retry', 'force-next', 'exclude', 'abandon'],
      {},
    ],
  ])('when %s', (_title, its, happenings, options, withheld) => {
    const pause = pauseOf(its, aJournal(...happenings))
    expect(pause.options).toEqual(options)
    expect(pause.withheld).toEqual(withheld)
    expect(gateOf(pause)).toBe('intervene')
  })
})

describe('a question', () => {
  test('names its deployment and counts up, so that an old answer fits no new one', () => {
    const once = [...upTo(plan, 'pre-deploy'), ...failed('pre-deploy')]
    const again = [...answered(plan, once, 'retry'), ...failed('pre-deploy')]
    expect(pauseOf(plan, aJournal(...once)).id).toBe('7.1')
    expect(pauseOf(plan, aJournal(...again)).id).toBe('7.2')
  })

  test('says which instances failed, how, and what capacity is left', () => {
    expect(pauseOf(roomy, aJournal(...webBroke(roomy)))).toMatchObject({
      step: web,
      instances: ['web-1'],
      failure: { code: 'self-test-failed' },
      capacity: { available: 2, total: 3, floor: 1 },
    })
  })

  test('about capacity names who cannot be taken, and is about no instance', () => {
    const pause = pauseOf(tolerant, aJournal(...webBroke(tolerant)))
    expect(pause.kind).toBe('no-capacity')
    expect(failureOf(pause)?.code).toBe('capacity-floor')
    expect(failureOf(pause)?.what).toContain('web-2, web-3')
  })

  test('about every failed instance, once there are more than the config tolerates', () => {
    const its = aPlan({
      recipe: aRecipe({ services: [aService('web', 3, { minAvailable: count(0), maxFailures: 1 })] }),
    })
    const tolerated = webBroke(its)
    const two = [...tolerated, taken(web, 'web-2'), broke(web, 'web-2')]
    expect(instancesOf(pauseOf(its, aJournal(...two)))).toEqual(['web-1', 'web-2'])
  })

  test('for a named approver takes a yes or a no', () => {
    const its = aPlan({ policy: aPolicy({ approval: { kind: 'named', from: ['bob'], notSelf: true } }) })
    expect(pauseOf(its, aJournal(opened, ...done('source')))).toMatchObject({
      kind: 'approval',
      options: ['approve', 'reject'],
    })
  })

  test('after one instance was seen to asks about the other only', () => {
    const two = aPlan({
      recipe: aRecipe({ services: [aService('web', 3, { minAvailable: count(0), maxParallel: count(2) })] }),
    })
    const both = [
      ...upTo(two, 'roll-services'),
      started(web),
      seen(web, { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }),
      taken(web, 'web-1', 'web-2'),
      broke(web, 'web-1'),
      broke(web, 'web-2'),
    ]
    const half = [
      ...answered(two, both, 'exclude', ['web-1']),
      seen(web, { 'web-1': 'down', 'web-2': 'down', 'web-3': 'v1.0.0' }),
    ]
    expect(instancesOf(pauseOf(two, aJournal(...half)))).toEqual(['web-2'])
  })
})

describe('a deployment that its run has left', () => {
  const left = (...happenings: Happening[]): Pause =>
    questionOf({ plan, journal: aJournal(...happenings, lost) } as Underway, {
      at: aTime(900),
      kind: 'resumed',
      run: aRun(2),
      by: ['alice'],
    })

  test.each<[string, Happening[], Pause['options']]>([
    ['before its version is recorded', upTo(plan, 'record-version'), ['retry', 'roll-back', 'abandon']],
    ['once it serves', upTo(plan, 'post-configure'), ['retry']],
    ['in a hook once it serves', [...upTo(plan, 'post-configure'), started('post-configure')], ['retry']],
  ])('%s takes these answers F41', (_title, happenings, options) => {
    expect(left(...happenings).options).toEqual(options)
  })

  test('says why an end that is not true any more is withheld once it serves F41', () => {
    const serves = 'v1.1.0 serves already: finish this deployment, then roll back to leave it'
    expect(left(...upTo(plan, 'post-configure')).withheld).toEqual({ 'roll-back': serves, abandon: serves })
  })
})

describe('the effect of an answer', () => {
  const handing = aPlan({ recipe: aRecipe({ steps: noSteps, services: [anEngineService('api')] }) }).steps
  const failed = (code: string): Pause => ({
    ...{ id: '7.1', step: 'hand-over/api', options: [], withheld: {}, expires: null },
    kind: 'failed-step',
    failure: { code, what: 'It is not done.', tail: [] },
  })

  test.each([
    ['engine-paused', 'end here and leave everything as it is now; the rollout stays paused on the engine'],
    ['engine-late', 'end here and leave everything as it is now; the engine is not stopped'],
  ])('abandon tells of the engine after %s', (code, words) => {
    expect(describeDecision('abandon', failed(code), handing)).toBe(words)
  })

  test('roll-back tells the engine nothing where visitors are on another side', () => {
    const aside = handing.map((step) => ('unvisited' in step ? { ...step, unvisited: true } : step))
    expect(describeDecision('roll-back', failed('engine-late'), aside)).toMatch(/the engine is told nothing/)
    expect(describeDecision('roll-back', failed('engine-late'), handing)).toMatch(/the images from before/)
  })

  test.each(decisions.map((decision) => [decision] as const))(
    '%s has words for a step and for instances',
    (decision) => {
      const question = {
        id: '7.1',
        step: 'migrate',
        options: [],
        withheld: {},
        expires: null,
        failure: aFailure(),
      } as const
      const step = describeDecision(decision, { ...question, kind: 'failed-step' }, aPlan().steps)
      const instances = describeDecision(
        decision,
        {
          ...question,
          kind: 'failed-instances',
          instances: ['web-1', 'web-2'],
          capacity: { available: 1, total: 3, floor: 1 },
        },
        aPlan().steps,
      )
      expect(step).toMatch(/^[a-z]/)
      const perInstance = decision === 'retry' || decision === 'force-next' || decision === 'exclude'
      expect(instances.includes('web-1, web-2')).toBe(perInstance)
    },
  )
})
