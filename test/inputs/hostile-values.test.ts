import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { planning } from '../../src/domain/plan/planning.ts'
import { Problem } from '../../src/domain/problem.ts'
import { fields } from '../../src/inputs/form/fields.ts'
import { unfold } from '../../src/inputs/form/unfold.ts'
import { formWords } from '../../src/inputs/form/words.ts'
import { readInputs } from '../../src/inputs/read-inputs.ts'
import { aWish } from '../domain/a-plan.ts'
import { everything, readBoth } from './config.fixture.ts'

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, 0, -1, 1e308, 0.1, '', ' ', '\u0000', '\u202e', '\ud800', '__proto__', 'constructor'],
    ...['-rf', '../../x', '$(reboot)', '`id`', "'; --", '%00', '100000000000000000000d', '1e9m', '0s', '-5m'],
    ...[
      '999999999999%',
      '$' + '{{ secrets.X }}',
      '::stop-commands::x',
      'v1\nv2',
      [],
      {},
      [[]],
      { __proto__: 1 },
      ['x', null],
    ],
    'x'.repeat(70_000),
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

/** A problem in words, or nothing; any other error is a hole. */
function onlyProblems(act: () => unknown): void {
  try {
    act()
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    expect(thrown.what).not.toBe('')
  }
}

test('a form of any words and values is read, or refused in words', () => {
  const value = fc.oneof(
    nasty,
    fc.constantFrom('production', 'v1', '7.1', 'retry', 'detour=x', 'backup=-rf', 'at=now'),
  )
  const form = fc.tuple(
    fc.constantFrom(...formWords),
    fc.dictionary(fc.constantFrom(...Object.keys(fields), 'x'), value, { maxKeys: 8 }),
  )
  fc.assert(
    fc.property(form, fc.constantFrom('look', 'note', 'act', 'gate'), ([word, filled], command) => {
      const env = {
        ...{ GITHUB_RUN_ID: '7', INPUT_TOKEN: 't', INPUT_COMMAND: command, INPUT_PLAN: '{}' },
        INPUT_FORM: JSON.stringify({ environment: 'staging', ...filled, do: word }),
      }
      onlyProblems(() => readInputs(unfold(env).env))
    }),
    { numRuns: Number(process.env.ROLLGATE_HOSTILE ?? 400) },
  )
})

type Place = readonly (string | number)[]

/** Every key of a config, and every entry of its lists. */
function places(part: unknown, at: Place = []): Place[] {
  if (typeof part !== 'object' || part === null) return []
  const keys = Array.isArray(part) ? part.map((_, place) => place) : Object.keys(part)
  return keys.flatMap((key) => [[...at, key], ...places(Reflect.get(part, key), [...at, key])])
}

test('a config with any value at any key is read, or refused in words, and planned or refused', () => {
  const all = places(parse(everything))
  expect(all.length).toBeGreaterThan(200)
  fc.assert(
    fc.property(fc.constantFrom(...all), nasty, (path, value) => {
      const document = parseDocument(everything)
      document.setIn(path, value)
      const text = document.toString()
      onlyProblems(() => {
        const { policy, recipe } = readBoth(text)
        planning(aWish({ policy, recipe }))
      })
    }),
    { numRuns: Number(process.env.ROLLGATE_HOSTILE ?? 60) },
  )
})
