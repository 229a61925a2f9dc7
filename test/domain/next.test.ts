import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { next } from '../../src/domain/journal/next.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { failureOf, gateOf } from '../../src/domain/question/pause.ts'
import { plainVerdict } from '../../src/domain/rolling/verdict.ts'
import {
  aFailure,
  aJournal,
  answered,
  broke,
  cancelled,
  changed,
  done,
  failed,
  lost,
  opened,
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
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  aTestBed,
  count,
} from './a-plan.ts'
import { way } from './world.ts'

const web = 'roll-services/web'
const plan = aPlan()
const first = aPlan({ ledger: aLedgerServing(null) })
const named = aPlan({ policy: aPolicy({ approval: { kind: 'named', from: ['bob'], notSelf: true } }) })
const repeatable = aPlan({
  recipe: aRecipe({
    steps: { ...allSteps, migrate: { command: aCommand('migrate'), phase: 'expand', repeatable: true } },
  }),
})
const unasked = aPlan({ recipe: aRecipe({ services: [aService('web', 3, { onFailure: 'roll-back' })] }) })
const withoutMigration = aPlan({ recipe: aRecipe({ steps: { ...allSteps, migrate: null } }) })
const one = aPlan({
  recipe: aRecipe({ services: [aService('web', 2, { maxFailures: 1, minAvailable: count(0) })] }),
})
const turnedBack: Happening = { kind: 'turned-back', failure: aFailure() }
const undone = (step: string): Happening[] => [
  { kind: 'undo-started', step },
  { kind: 'undo-succeeded', step },
]

/** A move in a few words: `run migrate`, `roll web-1 web-2`, `pause migrate outcome-unknown`. */
function inWords(its: Plan, happenings: readonly Happening[]): string {
  const move = next(its, aJournal(...happenings))
  switch (move.kind) {
    case 'run':
    case 'undo':
      return `${move.kind} ${move.step.id}`
    case 'observe':
    case 'finish':
      return `${move.kind} ${move.step.id} ${way(move.direction)}`
    case 'roll':
      return `roll ${move.instances.join(' ')} ${way(move.direction)}`
    case 'pause':
      return `pause ${move.pause.step} ${failureOf(move.pause)?.code ?? gateOf(move.pause)}`
    case 'end':
      return `end ${move.outcome.kind}`
    default:
      return move.kind
  }
}

const allUp = seen(web, { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' })
const rolling = (its: Plan): Happening[] => [...upTo(its, 'roll-services'), started(web), allUp]
const firstFails = (its: Plan): Happening[] => [...rolling(its), taken(web, 'web-1'), broke(web, 'web-1')]
const firstDone = (its: Plan): Happening[] => [...rolling(its), taken(web, 'web-1'), changed(web, 'web-1')]

describe('going forward', () => {
  test.each<[string, Plan, Happening[], string]>([
    ['the first step comes first', plan, [opened], 'run source'],
    ['then the one after it', plan, [opened, ...done('source')], 'run approve'],
    ['a named approver is asked', named, [opened, ...done('source')], 'pause approve approve'],
    [
      'once they have approved, that is checked',
      named,
      answered(named, [opened, ...done('source')], 'approve'),
      'run approve',
    ],
    [
      'a rejection ends it SP-04',
      named,
      answered(named, [opened, ...done('source')], 'reject'),
      'end rejected',
    ],
    ['a failed build ends it SP-06', plan, [...upTo(plan, 'build'), ...failed('build')], 'end failed'],
    [
      'a skipped step is passed',
      plan,
      [...upTo(plan, 'build'), started('build'), { kind: 'step-skipped', step: 'build', note: '' }],
      'run configure-broker',
    ],
    [
      'a failed hook asks SP-17',
      plan,
      [...upTo(plan, 'pre-deploy'), ...failed('pre-deploy')],
      'pause pre-deploy command-failed',
    ],
    [
      'a drain that failed turns back SP-14',
      plan,
      [...upTo(plan, 'suspend-scheduler'), ...failed('suspend-scheduler')],
      'turn-back',
    ],
    [
      'a failed migration asks SP-25',
      plan,
      [...upTo(plan, 'migrate'), ...failed('migrate')],
      'pause migrate command-failed',
    ],
    ['a roll begins with a look', plan, upTo(plan, 'roll-services'), `observe ${web} forward`],
    ['then takes one instance WX-12', plan, rolling(plan), 'roll web-1 forward'],
    ['and the next once that serves WX-16', plan, firstDone(plan), 'roll web-2 forward'],
    ['but stops when it fails WX-19', plan, firstFails(plan), `pause ${web} self-test-failed`],
    ['or turns back unasked, where the config says so', unasked, firstFails(unasked), 'turn-back'],
    ['a tolerated failure is passed', one, [...firstFails(one)], 'roll web-2 forward'],
    [
      'what serves already is left alone',
      plan,
      [
        ...upTo(plan, 'roll-services'),
        started(web),
        seen(web, { 'web-1': 'v1.1.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }),
      ],
      'roll web-2 forward',
    ],
    [
      'a roll in which nothing is to be done is finished',
      plan,
      [
        ...upTo(plan, 'roll-services'),
        started(web),
        seen(web, { 'web-1': 'v1.1.0', 'web-2': 'v1.1.0', 'web-3': 'v1.1.0' }),
      ],
      `finish ${web} forward`,
    ],
    ['then the version is recorded', plan, upTo(plan, 'record-version'), 'run record-version'],
    [
      'the end of all steps is a success',
      plan,
      [opened, ...plan.steps.flatMap(({ id }) => done(id))],
      'end succeeded',
    ],
    [
      'even with a failed hook after the release serves SP-37',
      plan,
      [...upTo(plan, 'post-deploy'), ...failed('post-deploy')],
      'end succeeded',
    ],
  ])('%s', (_title, its, happenings, words) => {
    expect(inWords(its, happenings)).toBe(words)
  })

  test('the failed hook is in the outcome SP-37', () => {
    const move = next(
      plan,
      aJournal(...upTo(plan, 'post-configure'), ...failed('post-configure'), ...done('post-deploy')),
    )
    expect(move).toMatchObject({ outcome: { kind: 'succeeded', afterwards: aFailure() } })
  })

  test('forced, excluded and tolerated instances are in the outcome WX-25', () => {
    const forced = answered(one, [...firstFails(one), taken(web, 'web-2'), broke(web, 'web-2')], 'exclude', [
      'web-2',
    ])
    const ends = [...forced, ...['record-version', 'post-configure', 'post-deploy'].flatMap((id) => done(id))]
    const look = seen(web, { 'web-1': 'down', 'web-2': 'down' })
    const move = next(one, aJournal(...ends, look, ...done(web).slice(1)))
    expect(move).toMatchObject({ outcome: { failed: ['web/web-1'], excluded: ['web/web-2'], forced: [] } })
  })
})

describe('a migration that a person counted as done', () => {
  const rest = ['resume-scheduler', web, 'record-version', 'post-configure', 'post-deploy']
  const outcome = (...before: readonly Happening[]) =>
    next(plan, aJournal(...answered(plan, before, 'force-next'), ...rest.flatMap((id) => done(id))))

  test('is in the outcome where it had failed: the release has no proof F06', () => {
    const before = [...upTo(plan, 'migrate'), ...failed('migrate')]
    expect(outcome(...before)).toMatchObject({ outcome: { kind: 'succeeded', forced: ['migrate'] } })
  })

  test('is not where its run was lost, and the person saw that it had ended', () => {
    const before = [...upTo(plan, 'migrate'), started('migrate'), lost, resumed]
    expect(outcome(...before)).toMatchObject({ outcome: { kind: 'succeeded', forced: [] } })
  })
})

describe('when another run goes on', () => {
  test.each<[string, Plan, Happening[], string]>([
    [
      'a migration that may have run is asked about GH-10',
      plan,
      [...upTo(plan, 'migrate'), started('migrate')],
      'pause migrate outcome-unknown',
    ],
    [
      'unless it may be repeated: then the scheduler is suspended again before it',
      repeatable,
      [...upTo(repeatable, 'migrate'), started('migrate')],
      'run suspend-scheduler',
    ],
    ['a check is simply made again', plan, [opened, started('source')], 'run source'],
    [
      'the scheduler is suspended again before the migration',
      plan,
      upTo(plan, 'migrate'),
      'run suspend-scheduler',
    ],
    [
      'but not once it has begun',
      plan,
      [...upTo(plan, 'migrate'), ...done('migrate')],
      'run resume-scheduler',
    ],
    ['instances are looked at again', plan, firstDone(plan), `observe ${web} forward`],
    ['a way back goes on', plan, [...firstDone(plan), turnedBack], `observe ${web} back`],
    [
      'on the way back a new scheduler that was never brought is not taken back, which would suspend it GH-10',
      plan,
      answered(
        plan,
        [
          ...[...upTo(plan, 'suspend-scheduler'), ...failed('suspend-scheduler'), turnedBack],
          { kind: 'undo-started', step: 'suspend-scheduler' },
          { kind: 'undo-failed', step: 'suspend-scheduler', failure: aFailure() },
        ],
        'force-next',
      ),
      'end failed',
    ],
  ])('%s', (_title, its, happenings, words) => {
    const built = [...happenings, lost, resumed]
    const itself = inWords(its, built)
    // The checkout is fresh: a command that needs the build waits until it was made again.
    expect(itself === 'run build' ? inWords(its, [...built, ...done('build')]) : itself).toBe(words)
  })

  test('it builds again before the next command of the release, once F17', () => {
    const begun = [...upTo(plan, 'migrate'), ...done('migrate'), lost, resumed]
    expect(inWords(plan, begun)).toBe('run build')
    expect(inWords(plan, [...begun, ...done('build')])).toBe('run resume-scheduler')
    const looked = [
      ...firstDone(plan),
      lost,
      resumed,
      seen(web, { 'web-1': 'v1.1.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }, true),
    ]
    expect(inWords(plan, looked)).toBe('run build')
    expect(inWords(plan, [...looked, ...done('build')])).toMatch(/^roll /)
  })

  test('it builds nothing for a look, for the way back, or where all is recorded already F17', () => {
    expect(inWords(plan, [...firstDone(plan), lost, resumed])).toBe(`observe ${web} forward`)
    expect(inWords(plan, [...firstDone(plan), lost, resumed, turnedBack])).toBe(`observe ${web} back`)
    const recorded = [...upTo(plan, 'record-version'), lost, resumed]
    expect(inWords(plan, recorded)).toBe('run record-version')
  })

  test('a build that fails in the middle is asked about, and does not end the deployment F17', () => {
    const begun = [...upTo(plan, 'migrate'), ...done('migrate'), lost, resumed]
    expect(inWords(plan, [...begun, ...failed('build')])).toBe('pause build command-failed')
    expect(inWords(plan, [...upTo(plan, 'build'), ...failed('build')])).toBe('end failed')
  })

  test('a hook that may have run once the release serves is given up, and the rest goes on', () => {
    const begun = [...upTo(plan, 'post-configure'), started('post-configure'), lost, resumed]
    expect(next(plan, aJournal(...begun))).toMatchObject({
      kind: 'give-up',
      step: { id: 'post-configure' },
      failure: { code: 'outcome-unknown' },
    })
    const given = [...begun, ...failed('post-configure').slice(1)]
    expect(inWords(plan, [...given, ...done('build')])).toBe('run post-deploy')
  })

  test('a run that is closed in the last hook ends there: the release serves, and the hook is told', () => {
    const cut = [...upTo(plan, 'post-deploy'), started('post-deploy'), lost]
    expect(next(plan, aJournal(...cut))).toMatchObject({ kind: 'give-up', step: { id: 'post-deploy' } })
    const given = [...cut, ...failed('post-deploy', aFailure('outcome-unknown')).slice(1)]
    expect(next(plan, aJournal(...given))).toMatchObject({
      kind: 'end',
      outcome: { kind: 'succeeded', afterwards: { code: 'outcome-unknown' } },
    })
  })

  test('a suspension that fails once the migration has begun is asked about, and the scheduler is not resumed', () => {
    const begun = [...upTo(repeatable, 'migrate'), started('migrate'), lost, resumed]
    expect(inWords(repeatable, [...begun, ...failed('suspend-scheduler')])).toBe(
      'pause suspend-scheduler command-failed',
    )
  })
})

describe('going back', () => {
  const back = (its: Plan): Happening[] => [
    ...firstFails(its),
    turnedBack,
    { kind: 'undo-started', step: web },
    seen(web, { 'web-1': 'down', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }),
  ]
  const gone = (its: Plan) => [...back(its), taken(web, 'web-1'), changed(web, 'web-1')]

  test.each<[string, Plan, Happening[], string]>([
    [
      'the instances are looked at first WX-22',
      plan,
      [...firstFails(plan), turnedBack],
      `observe ${web} back`,
    ],
    ['only what was changed is taken WX-22', plan, back(plan), 'roll web-1 back'],
    ['then the roll is done WX-22', plan, gone(plan), `finish ${web} back`],
    [
      'then the scheduler of before comes back',
      plan,
      [...gone(plan), ...undone(web)],
      'undo deploy-scheduler',
    ],
    [
      'and starts jobs again',
      plan,
      [...gone(plan), ...undone(web), ...undone('deploy-scheduler')],
      'undo suspend-scheduler',
    ],
    [
      'that is all there is to take back',
      plan,
      [...gone(plan), ...[web, 'deploy-scheduler', 'suspend-scheduler'].flatMap(undone)],
      'end rolled-back',
    ],
    [
      'an instance that fails on the way asks WX-23',
      plan,
      [...back(plan), taken(web, 'web-1'), broke(web, 'web-1')],
      `pause ${web} self-test-failed`,
    ],
    [
      'even where a failure would turn back unasked WX-23',
      unasked,
      [...back(unasked), taken(web, 'web-1'), broke(web, 'web-1')],
      `pause ${web} self-test-failed`,
    ],
    [
      'what could not be taken back asks',
      plan,
      [
        ...gone(plan),
        ...undone(web),
        { kind: 'undo-started', step: 'deploy-scheduler' },
        { kind: 'undo-failed', step: 'deploy-scheduler', failure: aFailure() },
      ],
      'pause deploy-scheduler command-failed',
    ],
    [
      'a drain that failed is taken back, and the deployment has failed SP-14',
      plan,
      [
        ...upTo(plan, 'suspend-scheduler'),
        ...failed('suspend-scheduler'),
        turnedBack,
        ...undone('suspend-scheduler'),
      ],
      'end failed',
    ],
    [
      'on a first deployment no scheduler of before is brought back',
      first,
      [...upTo(first, 'deploy-scheduler'), ...failed('deploy-scheduler'), turnedBack],
      'undo suspend-scheduler',
    ],
  ])('%s', (_title, its, happenings, words) => {
    expect(inWords(its, happenings)).toBe(words)
  })

  test('a failure names the steps whose effects stay SP-14', () => {
    const happenings = [
      ...upTo(plan, 'suspend-scheduler'),
      ...failed('suspend-scheduler'),
      turnedBack,
      ...undone('suspend-scheduler'),
    ]
    expect(next(plan, aJournal(...happenings))).toMatchObject({
      outcome: { stays: ['configure-broker', 'pre-deploy'] },
    })
  })
})

describe('a test bed', () => {
  const tried = aPlan({
    recipe: aRecipe({
      services: [
        aService(
          'web',
          3,
          { maxFailures: 1, onFailure: 'roll-back', minAvailable: count(0) },
          { testBed: aTestBed(1) },
        ),
      ],
    }),
  })
  const baking: Happening[] = [...firstDone(tried), { kind: 'bake-started', step: web, until: 'then' }]
  const judged = (kind: 'worse' | 'inconclusive'): Happening[] => [
    ...baking,
    { kind: 'bake-ended', step: web, verdict: plainVerdict(kind, '') },
  ]

  test.each<[string, Happening[], string]>([
    ['that fails is not tolerated, although one failure is', firstFails(tried), 'turn-back'],
    ['that is worse is taken back unasked where the config says so', judged('worse'), 'turn-back'],
    ['that nobody can judge is asked about', judged('inconclusive'), `pause ${web} test-bed-inconclusive`],
    [
      'that is watched is judged and not changed again when it went down F41',
      [...baking, seen(web, { 'web-1': 'down', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' })],
      'bake',
    ],
  ])('%s', (_title, happenings, words) => {
    expect(inWords(tried, happenings)).toBe(words)
  })

  test('a failure on the way back is asked about, although one is tolerated forward', () => {
    const back: Happening[] = [...firstDone(one), turnedBack, { kind: 'undo-started', step: web }]
    const looked = seen(web, { 'web-1': 'v1.1.0', 'web-2': 'v1.0.0' })
    const fails = [...back, looked, taken(web, 'web-1'), broke(web, 'web-1')]
    expect(inWords(one, fails)).toBe(`pause ${web} self-test-failed`)
  })
})

describe('a run that was stopped', () => {
  test.each<[string, Plan, Happening[], string]>([
    ['before anything changed ends it', plan, [...upTo(plan, 'build'), started('build')], 'end cancelled'],
    ['after a hook leaves it', plan, upTo(plan, 'suspend-scheduler'), 'leave'],
    [
      'with the scheduler suspended resumes it SP-14',
      plan,
      upTo(plan, 'pre-configure'),
      'undo suspend-scheduler',
    ],
    [
      'while it drains resumes it',
      plan,
      [...upTo(plan, 'suspend-scheduler'), started('suspend-scheduler')],
      'undo suspend-scheduler',
    ],
    [
      'with a new scheduler brings the one of before back',
      plan,
      upTo(plan, 'migrate'),
      'undo deploy-scheduler',
    ],
    [
      'once the migration began leaves the scheduler suspended SP-25',
      plan,
      [...upTo(plan, 'migrate'), started('migrate')],
      'leave',
    ],
    [
      'when the migration is to be tried again leaves it suspended, too SP-25',
      plan,
      answered(plan, [...upTo(plan, 'migrate'), ...failed('migrate')], 'retry'),
      'leave',
    ],
    [
      'when the first change is to be tried again leaves it, as that had begun',
      plan,
      answered(plan, [...upTo(plan, 'configure-broker'), ...failed('configure-broker')], 'retry'),
      'leave',
    ],
    [
      'with the scheduler on again does not resume it twice',
      withoutMigration,
      upTo(withoutMigration, 'roll-services'),
      'leave',
    ],
    ['between batches leaves it', plan, firstDone(plan), 'leave'],
    ['on the way back leaves it', plan, [...firstFails(plan), turnedBack], 'leave'],
    [
      'on the way back before the migration leaves it, too, with the scheduler suspended',
      plan,
      [...upTo(plan, 'suspend-scheduler'), ...failed('suspend-scheduler'), turnedBack],
      'leave',
    ],
    [
      'while a person is asked leaves the question',
      plan,
      answered(plan, firstFails(plan), 'retry').slice(0, -2),
      `pause ${web} self-test-failed`,
    ],
  ])('%s', (_title, its, happenings, words) => {
    expect(inWords(its, [...happenings, cancelled])).toBe(words)
  })

  test('says whether it was cancelled or broke off', () => {
    expect(next(plan, aJournal(opened, cancelled))).toMatchObject({
      outcome: { why: 'the run was cancelled' },
    })
    expect(next(plan, aJournal(opened, lost))).toMatchObject({ outcome: { why: 'the run broke off' } })
  })
})
