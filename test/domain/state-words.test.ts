import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import type { Outcome } from '../../src/domain/journal/outcome.ts'
import { progressOf } from '../../src/domain/journal/progress.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import { waitForEnvironment } from '../../src/domain/question/asking.ts'
import { questionOf } from '../../src/domain/question/open-question.ts'
import { activityOf } from '../../src/domain/shown/activity.ts'
import { type Expected, stateSeen, stateWords, unexpected } from '../../src/domain/shown/state-words.ts'
import { readInputs } from '../../src/inputs/read-inputs.ts'
import { lookUntilStill } from '../../src/pipeline/look/until-still.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { aFailure, aJournal, aRun, changed, done, opened, started, taken } from './a-journal.ts'
import { aPast } from './a-ledger.ts'
import { aCommand, aLedgerServing, aPlan, aRecipe, aService, newer, noSteps, older } from './a-plan.ts'

const plan = aPlan({
  recipe: aRecipe({
    steps: { ...noSteps, migrate: { command: aCommand('migrate'), phase: 'expand', repeatable: false } },
    services: [aService('web', 4)],
  }),
})

const turnedBack: Happening = { kind: 'turned-back', failure: aFailure() }
const failed: Outcome = {
  kind: 'failed',
  failure: { code: 'command-failed', what: 'It broke.', tail: [] },
  stays: [],
}

function memory(
  journal: readonly Happening[] | null,
  live: boolean | null = true,
  outcome: Outcome = failed,
) {
  const ledger: Ledger = {
    ...aLedgerServing(older),
    history: [aPast(newer, { outcome })],
    deployment:
      journal === null
        ? null
        : {
            ...{ number: 7, plan, journal: aJournal(...journal), holder: aRun(1), record: 3 },
            ...{ preDeploy: null, build: null, checkCompatibility: null },
          },
  }
  return { ledger, live, question: null }
}

const step = (kind: string): string => plan.steps.find((one) => one.kind === kind)?.id ?? ''
const wants = (...words: Expected['words']): Expected => ({ environment: 'production', wait: null, words })
const judged = (expected: Expected, seen: ReturnType<typeof stateSeen>) =>
  unexpected(expected, seen)?.code ?? 'as expected'

const asksWhetherToGoOn = (): Happening => {
  const { deployment } = memory([opened, started(step('migrate'))], false).ledger
  if (deployment === null) throw new Error('it is under way')
  return { kind: 'paused', pause: questionOf(deployment, { at: '', kind: 'resumed', run: aRun(2), by: [] }) }
}

describe('the state of an environment', () => {
  test.each([
    ['nothing under way after a failure', null, true, ['idle', 'failed'], true],
    ['a run at work', [opened], true, ['running'], false],
    ['a run that is gone', [opened], false, ['interrupted'], true],
  ] as const)('%s', (_, journal, live, words, still) => {
    expect(stateSeen(memory(journal, live))).toEqual({ kind: 'found', value: { words, still } })
  })

  test('waits, whatever becomes of the run that asked', () => {
    const seen = stateSeen(memory([opened, started(step('migrate')), asksWhetherToGoOn()], null))
    expect(seen).toEqual({ kind: 'found', value: { words: ['waiting'], still: true } })
  })

  test('changes without a person at the end of a bake, although no run is at work SD-44', () => {
    const watched = plan.steps.find(({ kind }) => kind === 'roll-services') ?? expect.fail('no roll')
    const journal = aJournal(opened, started(watched.id))
    const pause = waitForEnvironment(plan, standing(plan, journal), watched, '2026-03-02T10:00:00Z')
    const seen = stateSeen(memory([opened, started(watched.id), { kind: 'paused', pause }], false))
    expect(seen).toEqual({ kind: 'found', value: { words: ['waiting'], still: false } })
  })

  test('is unknown where GitHub does not tell if the run is live, and then nothing is as expected SD-44', () => {
    const seen = stateSeen(memory([opened], null))
    for (const word of stateWords) expect(judged(wants(word), seen)).toBe('status-unknown')
    expect(judged({ ...wants(), wait: 1 }, seen)).toBe('status-unknown')
    expect(activityOf(memory([opened], null))).toBe('unknown')
  })

  test('is as expected with one of the words, and fails with every other SD-44', () => {
    const seen = stateSeen(memory(null))
    const passed = stateWords.filter((word) => unexpected(wants(word), seen) === null)
    expect(passed).toEqual(['idle', 'failed'])
    expect(unexpected(wants('succeeded', 'rolled-back'), seen)).toMatchObject({
      code: 'status-unexpected',
      what: 'production is idle, failed, and not succeeded or rolled-back.',
    })
    expect(judged(wants('succeeded', 'failed'), seen)).toBe('as expected')
  })

  test('that is at work still is late, whatever was expected SD-40 SD-44', () => {
    const late = unexpected({ ...wants('running'), wait: 60_000 }, stateSeen(memory([opened])))
    expect(late).toMatchObject({
      code: 'status-late',
      what: expect.stringContaining('production is running still'),
    })
  })
})

describe('a wait for an environment', () => {
  const waited = async (wait: number, ...states: ReturnType<typeof memory>[]) => {
    const clock = createFakeClock()
    const began = clock.now().getTime()
    const told: string[] = []
    let looks = 0
    const last = await lookUntilStill(
      clock,
      wait,
      {
        look: async () => states[Math.min(looks++, states.length - 1)] ?? memory(null),
        stateOf: stateSeen,
        changed: (words) => void told.push(words),
      },
      new AbortController().signal,
    )
    return { looks, told, took: clock.now().getTime() - began, last }
  }

  test('looks every 30 s, and tells of each state once SD-39 SD-44', async () => {
    const [running, unseen] = [memory([opened]), memory([opened], null)]
    const end = await waited(3_600_000, running, running, unseen, running, memory(null))
    expect(end).toMatchObject({ looks: 5, took: 120_000 })
    expect(end.told).toEqual(['running', 'unknown', 'running', 'idle, failed'])
  })

  test('ends with its time, and changes nothing SD-40 SD-44', async () => {
    expect(await waited(100_000, memory([opened]))).toMatchObject({
      looks: 5,
      took: 100_000,
      told: ['running'],
    })
  })

  test('that is cancelled is not over, and says so', async () => {
    const look = async () => memory([opened])
    const looks = { look, stateOf: stateSeen, changed: () => {} }
    const ending = lookUntilStill(createFakeClock(), 100_000, looks, AbortSignal.abort())
    await expect(ending).rejects.toMatchObject({ code: 'interrupted' })
  })

  test('is asked for of one environment, for a time that a job can have, in words that there are SD-44', () => {
    const read = (given: Readonly<Record<string, string>>) =>
      readInputs({
        INPUT_COMMAND: 'status',
        INPUT_TOKEN: 'a token',
        ...Object.fromEntries(
          Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
        ),
      })
    expect(read({ environment: 'production' })).toMatchObject({ expected: null })
    expect(read({ environment: 'production', await: '4h', expect: 'inspection succeeded' })).toMatchObject({
      expected: { environment: 'production', wait: 14_400_000, words: ['inspection', 'succeeded'] },
    })
    expect(() => read({ environment: 'production', expect: 'done' })).toThrow(/expect/)
    expect(() => read({ environment: 'production', await: '7h' })).toThrow(/await/)
    expect(() => read({ expect: 'idle' })).toThrow(/environment/)
  })
})

describe('the progress of a deployment', () => {
  const at = (...journal: readonly Happening[]) =>
    progressOf(plan, standing(plan, aJournal(opened, ...journal)))
  const before = plan.steps.slice(
    0,
    plan.steps.findIndex(({ id }) => id === 'roll-services/web'),
  )

  test('grows with each step and each instance, and is whole only at the end SD-39', () => {
    const steps = before.flatMap(({ id }) => done(id))
    const roll = 'roll-services/web'
    const changing = [started(roll), taken(roll, 'web-1', 'web-2')]
    const moments = [
      at(),
      at(...steps),
      at(...steps, ...changing, changed(roll, 'web-1')),
      at(...steps, ...changing, changed(roll, 'web-1'), changed(roll, 'web-2')),
      at(...plan.steps.flatMap(({ id }) => done(id))),
    ]
    const percents = moments.map(({ percent }) => percent)
    expect(percents).toEqual([...percents].toSorted((one, other) => one - other))
    expect(new Set(percents).size).toBe(percents.length)
    expect([percents[0], percents.at(-1)]).toEqual([0, 100])
    expect(moments.map(({ step }) => step)).toEqual([plan.steps[0]?.id, roll, roll, roll, null])
  })

  test('counts the steps that are taken back on a way back', () => {
    const steps = before.flatMap(({ id }) => done(id))
    const back = at(...steps, started('roll-services/web'), turnedBack)
    expect(back).toMatchObject({ direction: 'back', percent: 0, step: 'roll-services/web' })
  })
})
