import { expect, test } from 'vitest'
import { ledgerText } from '../../src/adapters/github/ledger/text.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import type { Move } from '../../src/domain/journal/move.ts'
import { next } from '../../src/domain/journal/next.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { databaseSchema } from '../../src/domain/ledger/database-schema.ts'
import { dutyOf } from '../../src/domain/ledger/duty.ts'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import { emptyLedger, type Ledger, remember } from '../../src/domain/ledger/ledger.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import { sealPlan } from '../../src/domain/plan/seal.ts'
import { planFrom, writtenPlan } from '../../src/domain/plan/written/plan.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { historyResult } from '../../src/report/history/output.ts'
import { resultOf } from '../../src/report/outcome/result-output.ts'
import { aRun } from '../domain/a-journal.ts'
import { aPast } from '../domain/a-ledger.ts'
import { aLedgerServing, aPlan, older, rollsOf } from '../domain/a-plan.ts'
import { way } from '../domain/world.ts'
import { kept, keptNames, readKept } from '../fixtures/kept.ts'

const late = new Date('2030-01-01T00:00:00Z')

/** The ledger after something more has happened. */
const after = (ledger: Ledger, happening: Happening): Ledger =>
  remember(ledger, { at: late.toISOString(), ...happening })

const underwayIn = ({ deployment }: Ledger): Underway => {
  if (deployment === null) throw new Error('nothing is under way')
  return deployment
}

const moveIn = (ledger: Ledger): string => {
  const { plan, journal } = underwayIn(ledger)
  return inWords(next(plan, journal))
}

function inWords(move: Move): string {
  switch (move.kind) {
    case 'pause':
      return `ask ${move.pause.id} at ${move.pause.step}: ${move.pause.options.join(' ')}`
    case 'roll':
      return `roll ${move.instances.join(' ')} ${way(move.direction)}`
    case 'observe':
      return `observe ${move.step.id} ${way(move.direction)}`
    case 'end':
      return `end ${move.outcome.kind}`
    case 'run':
    case 'undo':
    case 'bake':
      return `${move.kind} ${move.step.id}`
    default:
      return move.kind
  }
}

/** A person answers the open question, and a run goes on. */
function answered(name: string, decision: FinalDecision): string {
  const ledger = readKept(name)
  const { plan, journal } = underwayIn(ledger)
  const pause = standing(plan, journal).pause?.id ?? ''
  const decided = {
    kind: 'decided',
    pause,
    decision,
    instances: [],
    by: 'rhea',
    reason: 'as agreed',
  } as const
  return moveIn(after(after(ledger, decided), { kind: 'resumed', run: aRun(900), by: ['rhea'] }))
}

test.each(keptNames)('%s: what 0.1.0 wrote is written again as it was', (name) => {
  const { ledger } = kept(name)
  expect(ledgerText(readKept(name))).toBe(`${JSON.stringify(ledger, null, 2)}\n`)
})

test.each(keptNames.filter((name) => readKept(name).deployment !== null))(
  '%s: the plan of 0.1.0 keeps its digest, in the ledger and as the output of a plan job',
  (name) => {
    const { plan } = underwayIn(readKept(name))
    const { digest, ...content } = plan
    expect(sealPlan(content).digest).toBe(digest)
    expect(planFrom(JSON.parse(JSON.stringify(writtenPlan(plan))))).toEqual(plan)
  },
)

/** The names of the fields that have a value. */
const fieldsOf = (whole: object): string[] =>
  Object.entries(whole)
    .flatMap(([field, value]) => (value === undefined ? [] : [field]))
    .sort()

test.each(keptNames)('%s: the ledger that is read has every field of now', (name) => {
  const { serving, history, deployment, ...rest } = readKept(name)
  const none = emptyLedger('shop', 'production')
  expect(fieldsOf({ serving, history, deployment, ...rest })).toEqual(fieldsOf(none))
  if (serving !== null) expect(fieldsOf(serving)).toEqual(fieldsOf(aLedgerServing(older).serving ?? {}))
  for (const past of history) expect(fieldsOf(past)).toEqual(fieldsOf(aPast(older)))
  if (deployment === null) return
  expect(fieldsOf(deployment.plan)).toEqual(fieldsOf(aPlan()))
  expect(fieldsOf(deployment.plan.environment)).toEqual(fieldsOf(aPlan().environment))
  const [roll] = rollsOf(aPlan())
  for (const step of rollsOf(deployment.plan)) expect(fieldsOf(step)).toEqual(fieldsOf(roll ?? {}))
})

test('a migration in the history of 0.1.0 is done where the whole deployment succeeded', () => {
  expect(databaseSchema(readKept('served'))).toMatchObject({
    kind: 'migrated',
    version: '2',
    by: { tag: 'v1.1.0' },
  })
  expect(databaseSchema(readKept('abandoned'))).toMatchObject({ kind: 'doubtful', by: { tag: 'v1.1.0' } })
})

/** By ledger: the move of now, and what comes of each answer that is offered. */
const open: Readonly<Record<string, readonly [string, Readonly<Partial<Record<FinalDecision, string>>>]>> = {
  approval: ['ask 1.1 at approve', { approve: 'run approve', reject: 'end rejected' }],
  paused: [
    'ask 2.1 at roll-services/web',
    {
      retry: 'observe roll-services/web forward',
      'force-next': 'observe roll-services/web forward',
      exclude: 'observe roll-services/web forward',
      'roll-back': 'observe roll-services/web back',
      abandon: 'end abandoned',
    },
  ],
  'paused-on-the-way-back': [
    'ask 2.2 at roll-services/web',
    {
      retry: 'observe roll-services/web back',
      'force-next': 'observe roll-services/web back',
      exclude: 'observe roll-services/web back',
      abandon: 'end abandoned',
    },
  ],
  'paused-in-migration': [
    'ask 2.1 at migrate',
    {
      retry: 'run suspend-scheduler',
      'force-next': 'run resume-scheduler',
      'roll-back': 'undo deploy-scheduler',
      abandon: 'end abandoned',
    },
  ],
  incompatible: [
    'ask 2.1 at check-compatibility',
    {
      retry: 'run check-compatibility',
      'force-next': 'observe roll-services/web forward',
      'roll-back': 'end rolled-back',
      abandon: 'end abandoned',
    },
  ],
  baking: [
    'ask 2.1 at roll-services/web',
    {
      'force-next': 'observe roll-services/web forward',
      'roll-back': 'observe roll-services/web back',
      abandon: 'end abandoned',
    },
  ],
  'test-bed-worse': [
    'ask 2.1 at roll-services/web',
    {
      retry: 'observe roll-services/web forward',
      'force-next': 'observe roll-services/web forward',
      'roll-back': 'observe roll-services/web back',
      abandon: 'end abandoned',
    },
  ],
}

test.each(Object.entries(open))(
  '%s: the question of 0.1.0 takes its answers',
  (name, [question, answers]) => {
    expect(moveIn(readKept(name))).toBe(`${question}: ${Object.keys(answers).join(' ')}`)
    const came = Object.entries(answers).map(([decision]) => [
      decision,
      answered(name, decision as FinalDecision),
    ])
    expect(Object.fromEntries(came)).toEqual(answers)
  },
)

/** By ledger: what closing its lost run does first, and what the next run does first. */
const lost: Readonly<Record<string, readonly [string, string]>> = {
  'mid-roll': ['leave', 'observe roll-services/web forward'],
  'restart-lost': ['leave', 'observe roll-services/web forward'],
  'lost-in-migration': ['leave', 'ask 2.1 at migrate: retry force-next roll-back abandon'],
  'lost-in-reset': ['leave', 'ask 1.1 at reset: retry force-next abandon'],
  suspended: ['undo deploy-scheduler', 'run build'],
}

test.each(Object.entries(lost))('%s: what a lost run of 0.1.0 left is closed and resumed', (name, moves) => {
  const ledger = readKept(name)
  expect(dutyOf(ledger, false, late)?.kind).toBe('close')
  const closed = after(ledger, { kind: 'interrupted', cause: 'lost' })
  const resumed = after(closed, { kind: 'resumed', run: aRun(900), by: ['rhea'] })
  expect([moveIn(closed), moveIn(resumed)]).toEqual(moves)
})

/** By ledger: what is due once every time that it names is over. */
const due: Readonly<Record<string, string | undefined>> = {
  baking: 'lapse',
  'test-bed-worse': 'lapse',
  paused: undefined,
  abandoned: undefined,
}

test.each(Object.entries(due))('%s: of its times %s is due', (name, kind) => {
  expect(dutyOf(readKept(name), false, late)?.kind).toBe(kind)
})

test('a scheduler that 0.1.0 suspended stays suspended where a migration failed', () => {
  for (const name of ['abandoned', 'paused-in-migration'])
    expect(suspensionIn(readKept(name))).toMatchObject({ deployment: 2, pinned: true, givenBackBy: null })
})

test.each(keptNames)('%s: its history is told as 0.1.0 tells it', (name) => {
  const then = JSON.parse(kept(name).history)
  const { run, at: now } = then
  const told = historyResult({ ledger: readKept(name), limit: 100, run, now })
  const known = told.deployments.map(({ older: _, ...deployment }) => deployment)
  expect(JSON.parse(JSON.stringify({ ...told, deployments: known }))).toMatchObject(then)
})

test.each(Object.keys(open))('%s: its result is told as 0.1.0 told it', (name) => {
  const ledger = readKept(name)
  const { plan, journal } = underwayIn(ledger)
  const { command: _, ...then } = JSON.parse(kept(name).result ?? '')
  const view = { plan, journal, ledger, run: then.run, now: journal.at(-1)?.at ?? '', form: null }
  expect(JSON.parse(JSON.stringify(resultOf(view)))).toMatchObject(then)
})
