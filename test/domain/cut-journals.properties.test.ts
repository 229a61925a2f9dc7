import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Event, Journal } from '../../src/domain/journal/journal.ts'
import { type Ledger, remember } from '../../src/domain/ledger/ledger.ts'
import type { Decision } from '../../src/domain/question/decision.ts'
import { aLedgerServing, rollsOf } from './a-plan.ts'
import { type Bounds, scenarios, smallFleets } from './scenarios.ts'
import { type Scenario, type Story, tell } from './story.ts'

vi.setConfig({ testTimeout: 120_000 })

/** The number of decisions in one run of this file: more of them in the night, `ROLLGATE_CUTS=20000`. */
const cuts = Number(process.env.ROLLGATE_CUTS ?? 1_000)
const bounds: Bounds = { ...smallFleets, services: 2, instances: 4, unseen: true }

/** True if a cut journal ends there. `lost`: its dropped events. */
const moments = {
  'after any event': () => true,
  'while a test bed bakes': (kept) =>
    kept.findLast(({ kind }) => turnsOfABake.has(kind))?.kind === 'bake-started',
  'while it goes back': (kept) => kept.some(turnsBack),
  'after a decision': (kept) => kept.some(({ kind }) => kind === 'decided'),
  'at a question': (kept) => kept.at(-1)?.kind === 'paused',
  'at a question of its way back': (kept) => kept.at(-1)?.kind === 'paused' && kept.some(turnsBack),
  'before a batch that had begun': (_, lost) => lost.some(({ kind }) => kind === 'instances-started'),
} as const satisfies Record<string, (kept: Journal, lost: Journal) => boolean>

type Moment = keyof typeof moments

const turnsOfABake: ReadonlySet<Event['kind']> = new Set([
  'bake-started',
  'bake-ended',
  'turned-back',
  'decided',
])
const turnsBack = (event: Event): boolean =>
  event.kind === 'turned-back' || (event.kind === 'decided' && event.decision === 'roll-back')

interface CutStory {
  readonly scenario: Scenario
  /** The effect or event after which the run is gone. */
  readonly after: number
  /** The kept events among the unsaved ones. */
  readonly keeps: number
}

const cutAt = (moment: Moment): fc.Arbitrary<CutStory> =>
  scenarios({ ...bounds, comparable: false, tried: moment === 'while a test bed bakes' })
    .map((scenario) => ({ scenario, cuts: cutsAt(moment, scenario) }))
    .filter(({ cuts }) => cuts.length > 0)
    .chain(({ scenario, cuts }) => fc.constantFrom(...cuts).map((cut) => ({ scenario, ...cut })))

/** Every place at which a run can be gone with its journal cut at this moment. */
const cutsAt = (moment: Moment, scenario: Scenario): Omit<CutStory, 'scenario'>[] =>
  tell(scenario).ticked.flatMap(({ journal, saved }, at) =>
    Array.from({ length: journal.length - saved + 1 }, (_, keeps) => ({ after: at + 1, keeps })).filter(
      ({ keeps }) => moments[moment](journal.slice(0, saved + keeps), journal.slice(saved + keeps)),
    ),
  )

/** The two ways of a run to be gone: a story gives some five decisions. */
const stories = Math.ceil(cuts / Object.keys(moments).length / 5)

const both = ['retry', 'abandon'] as const
const forward = [...both, 'roll-back'] as const

/** Returns the decisions to give at a moment, each to runs that are closed and to runs that are not. */
const mustBeGiven: Readonly<Record<Moment, readonly Decision[]>> = {
  'after any event': forward,
  'while a test bed bakes': forward,
  'while it goes back': both,
  'after a decision': forward,
  'at a question': [...both, 'force-next'],
  'before a batch that had begun': forward,
  'at a question of its way back': [...both, 'force-next', 'exclude'],
}

test.each(Object.keys(moments) as Moment[])(
  'a journal that is cut %s, and every decision then, end in the world that the outcome states F41',
  (moment) => {
    const given = new Map<string, number>()
    fc.assert(
      fc.property(cutAt(moment), ({ scenario, after, keeps }) => {
        for (const kind of ['killed', 'lost'] as const)
          for (let answer = 0, answers = 1; answer < answers; answer += 1) {
            const story = tell(scenario, [{ after, kind }], { keeps, answer })
            expectTrue(scenario, story)
            if (story.cut === null) continue
            answers = story.cut.options.length
            const key = `${kind}, ${story.cut.decision}`
            given.set(key, (given.get(key) ?? 0) + 1)
          }
      }),
      { numRuns: stories },
    )
    if (process.env.ROLLGATE_CUTS !== undefined) console.log(moment, given)
    const keys = mustBeGiven[moment].flatMap((decision) => [`killed, ${decision}`, `lost, ${decision}`])
    const seldom = keys.filter((key) => (given.get(key) ?? 0) < stories / 34)
    expect(seldom, 'decisions that hardly any of these journals was given').toEqual([])
  },
)

/** Holds each instance against the outcome, and the ledger against both. */
function expectTrue({ plan, conditions }: Scenario, story: Story): void {
  const { outcome, world } = story
  const ledger = remembered(plan, story.journal)
  const serves = outcome.kind === 'succeeded' ? plan.release : plan.from
  expect(ledger.serving?.release.tag).toBe(serves?.tag)
  expect(ledger.history[0]?.outcome).toEqual(outcome)
  expectRemembered(story, ledger)
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'rolled-back') return
  const failed = outcome.kind === 'succeeded' ? outcome.failed : []
  const aside = new Set([...outcome.forced, ...outcome.excluded, ...failed])
  for (const { service } of rollsOf(plan))
    for (const { name } of service.fleet.instances) {
      const found = world.state.instances.get(name)
      if (aside.has(`${service.name}/${name}`)) continue
      const untouched = outcome.kind === 'rolled-back' && !world.touched.has(name)
      const asBefore = (conditions[name] ?? 'serving') !== 'serving' && untouched
      if (!asBefore) expect({ name, ...found }).toMatchObject({ name, up: true, version: serves?.tag })
    }
}

/** Expects that an instance that was taken and not finished is remembered as unfinished. */
function expectRemembered({ world }: Story, { unfinished = [] }: Ledger): void {
  const names = new Set(unfinished.map(({ instance }) => instance))
  for (const name of world.touched) {
    const { up } = world.state.instances.get(name) ?? { up: false }
    if (!up) expect({ name, unfinished: names.has(name) }).toEqual({ name, unfinished: true })
  }
}

function remembered(plan: Scenario['plan'], journal: Story['journal']): Ledger {
  const deployment = {
    number: 7,
    plan,
    journal: [],
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  }
  return journal.reduce<Ledger>(remember, { ...aLedgerServing(plan.from), deployment })
}
