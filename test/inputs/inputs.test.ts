import { expect, test } from 'vitest'
import { type CommandName, commands, inputs, inputsOf, isRequired } from '../../src/inputs/definitions.ts'
import type { Inputs } from '../../src/inputs/inputs.ts'
import { readInputs } from '../../src/inputs/read-inputs.ts'
import { aPlan } from '../domain/a-plan.ts'
import { problemOf } from './config.fixture.ts'

/** Inputs as the runner hands them over. */
const given = (inputs: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries({ token: 't', ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )

/** The inputs of one command. */
function readOf<C extends CommandName>(command: C, more: Readonly<Record<string, string>> = {}): Inputs<C> {
  const read = readInputs(given({ command, environment: 'production', ...more }))
  expect(read.command).toBe(command)
  return read as Inputs<CommandName> & Inputs<C>
}

test('a list shows twenty, or as many as are asked for', () => {
  expect(readOf('releases').limit).toBe(20)
  expect(readOf('history', { limit: '100' }).limit).toBe(100)
})

const enough = {
  release: 'v1.0.0',
  pause: '7.1',
  decision: 'retry',
  reason: 'why',
  task: 'sync',
  tag: 'v1.0.0',
}

test.each(commands)('%s needs an environment exactly where its definition says so', (command) => {
  const asked = {
    ...enough,
    ...(command === 'schedule' ? { at: '2026-12-01T09:00', timezone: 'Europe/Berlin' } : {}),
  }
  const read = () => readInputs(given({ command, ...asked }))
  if (isRequired(inputs.environment, command)) expect(read).toThrow('The input environment is empty.')
  else expect(read()).not.toMatchObject({ environment: '' })
})

test('a command gets its own inputs alone: no other has a decision or a release to make', () => {
  expect(readOf('status')).not.toHaveProperty('answer')
  expect(readOf('rollback', enough)).not.toHaveProperty('making')
  expect(readOf('rollback', { ...enough, schedule: 's3', redeploy: 'true' }).undertaking).toEqual({
    mode: 'rollback',
    acknowledgeDataLoss: false,
  })
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
  'without an environment there is no %s, and so no test request MM-15 CC-02',
  (command) => {
    const inputs = { command, release: 'v1.0.0', pause: '7.1', decision: 'retry' }
    const problem = problemOf(() => readInputs(given(inputs)))
    expect(problem).toMatchObject({ code: 'input-invalid', what: 'The input environment is empty.' })
  },
)

test('a rollback does without a release, a block without an environment', () => {
  expect(readOf('rollback').release).toBeNull()
  const blocking = given({ command: 'block', release: 'v1.0.0', reason: 'it loses orders', unblock: 'true' })
  expect(readInputs(blocking)).toMatchObject({ environment: null, what: { tag: 'v1.0.0' }, unblock: true })
})

test('a block is of a release or of a commit, and a fix belongs to a commit', () => {
  const read = (inputs: Record<string, string>) =>
    readInputs(given({ command: 'block', reason: 'it loses orders', ...inputs }))
  expect(read({ commit: 'abc', 'fixed-by': 'def' })).toMatchObject({
    what: { commit: 'abc', fixedBy: 'def' },
  })
  expect(read({ commit: 'abc' })).toMatchObject({ what: { commit: 'abc', fixedBy: null } })
  for (const wrong of [
    { release: 'v1', commit: 'abc' },
    { release: 'v1', 'fixed-by': 'def' },
  ])
    expect(problemOf(() => read(wrong))).toMatchObject({ code: 'input-invalid' })
})

test('a restart takes no release, and names of services divided by blanks or commas CC-32', () => {
  expect(readOf('restart', { services: 'web, worker  edge' })).toMatchObject({
    release: null,
    undertaking: { mode: 'restart', services: ['web', 'worker', 'edge'] },
  })
})

test('a task must be named, and what is done alone must be one of two things', () => {
  const problem = (inputs: Readonly<Record<string, string>>) =>
    problemOf(() => readInputs(given({ environment: 'production', ...inputs })))
  expect(problem({ command: 'task' }).what).toBe('The input task is empty.')
  expect(problem({ command: 'deploy', only: 'migrate' }).what).toBe('The input only is "migrate".')
})

test('a typed confirmation is read exactly CC-33', () => {
  const asked = given({ command: 'task', environment: 'Sandbox', task: 'sync', confirm: 'Sandbox' })
  expect(readInputs(asked)).toMatchObject({
    confirm: 'Sandbox',
    undertaking: { mode: 'task', task: 'sync' },
  })
})

const scheduling = {
  ...{ command: 'schedule', environment: 'production', reason: 'the campaign', release: 'v1.0.0' },
  ...{ at: '2026-12-01T09:00', timezone: 'Europe/Berlin' },
}

test('a release, a time and its zone are scheduled, an hour late at most where nothing is said CC-14', () => {
  expect(readOf('schedule', scheduling).scheduling).toEqual({
    kind: 'schedule',
    release: 'v1.0.0',
    at: { kind: 'local', local: '2026-12-01T09:00', timezone: 'Europe/Berlin' },
    maxLateness: 3_600_000,
  })
  expect(readOf('schedule', { ...scheduling, 'max-lateness': '1h30m' }).scheduling).toMatchObject({
    maxLateness: 5_400_000,
  })
})

test('a schedule is taken back by its id alone CC-18', () => {
  const { release: _release, at: _at, ...rest } = scheduling
  expect(readOf('schedule', { ...rest, withdraw: 's3' }).scheduling).toEqual({ kind: 'withdraw', id: 's3' })
})

test.each([
  ['no reason', { reason: '' }, 'The input reason is empty.'],
  ['no release', { release: '' }, 'The input release is empty.'],
  ['no time', { at: '' }, 'The input at is empty.'],
  ['both at once', { withdraw: 's3' }, 'withdraw names s3, and at is given as well.'],
  ['a release to withdraw', { withdraw: 's3', at: '' }, 'withdraw names s3, and release is given as well.'],
  ['no id', { withdraw: 'all', at: '', release: '' }, '"all" is no schedule.'],
  ['no lateness at all', { 'max-lateness': '0s' }, 'The input max-lateness is "0s".'],
  ['a lateness of weeks', { 'max-lateness': '8d' }, 'The input max-lateness is "8d".'],
  ['a lateness that is none', { 'max-lateness': 'an hour' }, 'The input max-lateness is "an hour".'],
])('to schedule with %s is refused', (_what, change, what) => {
  const problem = problemOf(() => readInputs(given({ ...scheduling, ...change })))
  expect(problem).toMatchObject({ code: 'input-invalid', what })
})

test('a time without a zone is refused as one CC-15', () => {
  const problem = problemOf(() => readInputs(given({ ...scheduling, timezone: '' })))
  expect(problem).toMatchObject({ code: 'schedule-time-invalid' })
})

test('a deployment begins a schedule by its id', () => {
  const deploying = { command: 'deploy', environment: 'production' }
  expect(readOf('deploy', { schedule: 's3' }).undertaking).toMatchObject({ schedule: 's3' })
  expect(readOf('deploy').undertaking).toMatchObject({ schedule: null })
  for (const [change, what] of [
    [{ schedule: '3' }, '"3" is no schedule.'],
    [{ schedule: 's3', plan: JSON.stringify(aPlan()) }, 'schedule names s3, and plan is given as well.'],
    [{ schedule: 's3', only: 'build' }, 'schedule names s3, and only is given as well.'],
    [{ schedule: 's3', reset: 'true' }, 'schedule names s3, and reset is given as well.'],
  ] as const)
    expect(problemOf(() => readInputs(given({ ...deploying, ...change })))).toMatchObject({
      code: 'input-invalid',
      what,
    })
})

test('a detour that is closed by name is read with its name, its end and what is accepted', () => {
  const asked = { only: 'close-detour', 'open-detour': 'shop-production-7' }
  const read = (more: Readonly<Record<string, string>>) => readOf('deploy', { ...asked, ...more }).undertaking
  const plain = { mode: 'close-detour', closes: 'shop-production-7', as: 'revert-code' }
  expect(read({})).toEqual({ ...plain, acknowledgeDataLoss: false })
  expect(read({ 'acknowledge-data-loss': 'true' })).toEqual({ ...plain, acknowledgeDataLoss: true })
  expect(read({ as: 'revert' })).toMatchObject({ as: 'revert' })
  expect(read({ 'open-detour': '' })).toMatchObject({ closes: '' })
  expect(() => read({ as: 'complete' })).toThrow('as')
})

const idle = (inputs: Readonly<Record<string, string>>) =>
  readInputs(given({ environment: 'production', ...inputs })).idle.map(({ name }) => name)

test.each([
  ['a deployment', { command: 'deploy', redeploy: 'true', reset: 'true', 'override-freeze': 'now' }, []],
  [
    'what is left at its default',
    { command: 'deploy', only: 'build', redeploy: 'false', reset: 'false' },
    [],
  ],
  [
    'a build',
    { command: 'deploy', only: 'build', release: 'v1', reset: 'true', 'override-freeze': 'now' },
    ['reset', 'override-freeze'],
  ],
  ['a scheduler run', { command: 'deploy', only: 'scheduler', redeploy: 'true' }, ['redeploy']],
  [
    'closing a detour',
    {
      command: 'deploy',
      only: 'close-detour',
      'open-detour': 'shop-production-7',
      as: 'revert',
      reset: 'true',
    },
    ['reset'],
  ],
  ['an end of a detour', { command: 'deploy', as: 'revert' }, ['as']],
  [
    'the plan of a rollback',
    { command: 'plan', mode: 'rollback', services: 'web', redeploy: 'true', 'acknowledge-data-loss': 'true' },
    ['services', 'redeploy'],
  ],
  ['the plan of a restart', { command: 'plan', mode: 'restart', services: 'web', task: 'sync' }, ['task']],
  ['the plan of a decision', { command: 'plan', mode: 'decision', release: 'v1' }, ['release']],
])('an unused input of %s is noticed CC-11', (_title, inputs, names) => {
  expect(idle(inputs)).toEqual(names)
})

/** The least that a command reads. */
const least: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  task: { task: 'sync' },
  decide: { pause: '7.1', decision: 'retry' },
  block: { release: 'v1', reason: 'slow' },
  release: { tag: 'v2', environment: '' },
  check: { environment: '', token: '' },
  schedule: scheduling,
}

test.each(commands)(
  'odd values of inputs that %s does not take are noticed, and refuse nothing CC-11',
  (command) => {
    // A restart and a task take the serving release, whatever is named.
    const passed = ['restart', 'task'].includes(command) ? ['release'] : []
    const taken = [...inputsOf(command).map(([name]) => name as string), ...passed]
    const others = Object.keys(inputs).filter((name) => !taken.includes(name))
    const odd = Object.fromEntries(others.map((name) => [name, 'odd!']))
    expect(idle({ command, ...least[command], ...odd })).toEqual(expect.arrayContaining(others))
    expect(idle({ command, ...least[command] })).toEqual([])
  },
)

test('the gate wants the question and the answer of a decision, and alone knows a convergence F43', () => {
  const read = (inputs: Readonly<Record<string, string>>) =>
    readInputs(given({ environment: 'production', ...inputs }))
  expect(() => read({ command: 'gate', mode: 'decision', pause: '7.1' })).toThrow(/decision/)
  expect(read({ command: 'gate', mode: 'decision', pause: '7.1', decision: 'retry' })).toMatchObject({
    about: { kind: 'answer', answer: { pause: '7.1', decision: 'retry' } },
  })
  expect(read({ command: 'gate', mode: 'converge' })).toMatchObject({ about: { kind: 'convergence' } })
  expect(() => read({ command: 'plan', mode: 'converge' })).toThrow(/mode/)
})

test('the notice says what the input is for CC-11', () => {
  const [first] = readInputs(
    given({ command: 'plan', mode: 'restart', environment: 'production', 'acknowledge-older': 'true' }),
  ).idle
  expect(first?.words).toBe(
    'The input acknowledge-older was given, and is not used: it is for a deploy, and this is a restart.',
  )
})
