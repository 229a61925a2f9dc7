import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allModes } from '../src/domain/plan/modes.ts'
import { allStepKinds } from '../src/domain/step/traits.ts'

/**
 * The comparisons that stand outside a table, each file with the number of them and the reason. The compiler finds none
 * of them when a mode or a step is added, so their number may only fall.
 */
const standing: Readonly<Record<string, readonly [number, string]>> = {
  'pipeline/act/reconcile.ts': [1, 'a convergence whose plan is anything but a redeployment is refused'],
  'domain/step/step.ts': [1, 'the one guard by which a step is narrowed to a roll'],
  'domain/plan/written-plan.ts': [3, '0.1.0 left out fields of a roll, and wrote a reset as a migration'],
}

/** Matches `name === 'value'` of these values, and the same the other way round. */
const comparing = (name: string, values: readonly string[]): RegExp =>
  new RegExp(
    `\\b${name}\\)? *[!=]== *'(?:${values.join('|')})'|'(?:${values.join('|')})' *[!=]== *[\\w.?]*\\b${name}\\b`,
    'g',
  )

const comparisons = [
  comparing('mode', allModes),
  comparing('kind', allStepKinds),
  /switch \([\w.?]*\bmode\)/g,
]

/** The reader of the inputs asks for the word in the input `mode`, which is no mode of a deployment yet. */
const reading = 'inputs/read-deployment.ts'

test('a mode or a kind of step is compared in its table, and elsewhere only for a reason', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('sandbox/') && file !== reading,
  )
  const found = files.flatMap((file) => {
    const text = readFileSync(join('src', file), 'utf8')
    const many = comparisons.flatMap((comparison) => [...text.matchAll(comparison)]).length
    return many === 0 ? [] : [[file, many]]
  })
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(standing).map(([file, [many]]) => [file, many])),
  )
})
