import { expect, test } from 'vitest'
import { ledgerText, parseLedger } from '../../src/adapters/github/ledger/text.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Pause } from '../../src/domain/question/pause.ts'
import { aRun, aTime } from './a-journal.ts'
import { aLedgerServing, aPlan } from './a-plan.ts'

const plan = aPlan()
const place = { ref: 'refs/rollgate/shop/production', app: plan.app, environment: plan.environment.name }

const ledgerWith = (pause: Pause): Ledger => ({
  ...aLedgerServing(plan.from),
  app: place.app,
  environment: place.environment,
  deployment: {
    number: 7,
    plan,
    journal: [
      { at: aTime(0), kind: 'opened', number: 7, run: aRun(1), by: ['alice'] },
      { at: aTime(1), kind: 'paused', pause },
    ],
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  },
})

const pauseIn = ({ deployment }: Ledger): unknown => {
  const event = deployment?.journal.at(-1)
  return event?.kind === 'paused' ? event.pause : null
}

const failure = { code: 'self-test-failed', what: 'The self test of web-3 failed.', tail: ['no'] }
const capacity = { available: 2, total: 3, floor: 1 }
const answerable = { id: '7.1', step: 'roll-services/web', options: ['retry'], withheld: {} } as const
const question = { ...answerable, expires: { at: aTime(90), decision: 'roll-back' } } as const
const stored = { ...question, instances: [], failure, capacity: null }

test.each<[Pause, object]>([
  [
    { ...question, kind: 'approval' },
    { ...stored, gate: 'approve', failure: null },
  ],
  [
    { ...question, kind: 'failed-step', failure },
    { ...stored, gate: 'intervene' },
  ],
  [
    { ...question, kind: 'failed-instances', instances: ['web-3'], failure, capacity },
    { ...stored, gate: 'intervene', instances: ['web-3'], capacity },
  ],
  [
    { ...question, kind: 'no-capacity', failure, capacity },
    { ...stored, gate: 'intervene', capacity },
  ],
  [
    { ...question, kind: 'verdict', failure, capacity },
    { ...stored, gate: 'bake', capacity },
  ],
  [
    { ...answerable, kind: 'wait', until: aTime(60), capacity },
    { ...stored, gate: 'bake', failure: null, capacity, expires: { at: aTime(60), decision: null } },
  ],
])('a pause of a kind is stored as 0.1.0 stored it, and read as its kind', (pause, shape) => {
  const text = ledgerText(ledgerWith(pause))
  expect(pauseIn(JSON.parse(text))).toEqual(shape)
  expect(pauseIn(parseLedger(text, place))).toEqual(pause)
})

test('a stored question that says nothing of its end waits as long as it takes', () => {
  const pause: Pause = { ...answerable, kind: 'failed-step', failure, expires: null }
  const early = ledgerText(ledgerWith(pause)).replace(/,\s*"expires": null/, '')
  expect(early).not.toContain('expires')
  expect(pauseIn(parseLedger(early, place))).toEqual(pause)
})
