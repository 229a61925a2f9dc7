import { expect, test } from 'vitest'
import { readInputs } from '../../src/inputs/inputs.ts'
import { problemOf } from './config.fixture.ts'

/** Inputs as the runner hands them over. */
const given = (inputs: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries({ token: 't', ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )

test('a list shows twenty, or as many as are asked for', () => {
  expect(readInputs(given({ command: 'releases' })).limit).toBe(20)
  expect(readInputs(given({ command: 'history', environment: 'production', limit: '100' })).limit).toBe(100)
})

test.each(['0', '101', '1.5', 'many', '-3'])('a limit of %s is refused', (limit) => {
  const problem = problemOf(() => readInputs(given({ command: 'releases', limit })))
  expect(problem).toMatchObject({ code: 'input-invalid', next: 'Use a whole number from 1 to 100.' })
})

test.each([
  ['release', { command: 'block', reason: 'it loses orders' }],
  ['reason', { command: 'block', release: 'v1.0.0' }],
  ['environment', { command: 'history' }],
])('%s must be given where nothing can be done without', (name, inputs) => {
  const problem = problemOf(() => readInputs(given(inputs)))
  expect(problem).toMatchObject({ code: 'input-invalid', what: `The input ${name} is empty.` })
})

test.each(['deploy', 'rollback', 'decide', 'reconcile', 'rehearse'])(
  'MM-15 CC-02: without an environment there is no %s, and so no test request',
  (command) => {
    const inputs = { command, release: 'v1.0.0', pause: '7.1', decision: 'retry' }
    const problem = problemOf(() => readInputs(given(inputs)))
    expect(problem).toMatchObject({ code: 'input-invalid', what: 'The input environment is empty.' })
  },
)

test('a rollback does without a release, a block without an environment', () => {
  expect(readInputs(given({ command: 'rollback', environment: 'production' })).release).toBeNull()
  const blocking = given({ command: 'block', release: 'v1.0.0', reason: 'it loses orders', unblock: 'true' })
  expect(readInputs(blocking)).toMatchObject({ environment: '', release: 'v1.0.0', unblock: true })
})

test('CC-32: a restart takes no release, and names of services divided by blanks or commas', () => {
  const asked = given({ command: 'restart', environment: 'production', services: 'web, worker  edge' })
  expect(readInputs(asked)).toMatchObject({ release: null, services: ['web', 'worker', 'edge'] })
})

test('a task must be named, and what is done alone must be one of two things', () => {
  const problem = (inputs: Readonly<Record<string, string>>) =>
    problemOf(() => readInputs(given({ environment: 'production', ...inputs })))
  expect(problem({ command: 'task' }).what).toBe('The input task is empty.')
  expect(problem({ command: 'deploy', only: 'migrate' }).what).toBe('The input only is "migrate".')
})

test('CC-33: what is typed to confirm is taken to the letter', () => {
  const asked = given({ command: 'task', environment: 'Sandbox', task: 'sync', confirm: 'Sandbox' })
  expect(readInputs(asked)).toMatchObject({
    confirm: 'Sandbox',
    changeBase: false,
    reset: false,
    only: 'all',
  })
})
