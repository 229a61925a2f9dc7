import { describe, expect, test } from 'vitest'
import { commands, formActions, inputsOf } from '../../src/inputs/definitions.ts'
import { unfold } from '../../src/inputs/form/unfold.ts'
import type { WordRow } from '../../src/inputs/form/word-row.ts'
import { formWords, notInTheForm, words } from '../../src/inputs/form/words.ts'
import { readInputs } from '../../src/inputs/read-inputs.ts'
import { problemOf } from './config.fixture.ts'

type Fields = Readonly<Record<string, unknown>>

/** The environment of a step that takes a form; a plan is there unless it is left out. */
const stepOf = (command: string, form: Fields | string, more: Readonly<Record<string, string>> = {}) => ({
  GITHUB_RUN_ID: '7',
  INPUT_TOKEN: 't',
  INPUT_COMMAND: command,
  INPUT_FORM: typeof form === 'string' ? form : JSON.stringify(form),
  ...more,
})

const takenBy = (command: string, form: Fields, more: Readonly<Record<string, string>> = {}) => {
  const unfolded = unfold(stepOf(command, { environment: 'staging', ...form }, more))
  return { ...unfolded, inputs: readInputs(unfolded.env) }
}

const mistakesIn = (form: Fields | string): string => {
  const problem = problemOf(() => unfold(stepOf('look', form)))
  expect(problem).toMatchObject({
    code: 'form-invalid',
    next: expect.stringContaining('Nothing was changed.'),
  })
  return problem.what
}

/** The fields that a word cannot do without. */
const enough: { readonly [word: string]: Fields } = {
  deploy: { release: 'v1' },
  task: { options: 'task=warm-up' },
  decide: { question: '7.1', decision: 'retry' },
  block: { release: 'v1', reason: 'it loses orders' },
  unblock: { release: 'v1', reason: 'it loses none' },
  halt: { reason: 'orders are lost' },
  schedule: { release: 'v1', at: '2026-12-01T09:00Z', reason: 'the campaign' },
  withdraw: { options: 'schedule=s3', reason: 'no campaign' },
}

test('each command is reached by a word of the form, or says why not', () => {
  const rows: readonly WordRow[] = Object.values(words)
  const reached = rows.flatMap(({ command, look, again }) => [command, look?.command, again?.command])
  const missing = commands.filter((command) => !reached.includes(command))
  for (const command of missing) expect(notInTheForm[command], command).toMatch(/\w+ \w+/)
  expect(
    Object.keys(notInTheForm)
      .filter((command) => command !== 'plan')
      .sort(),
  ).toEqual(missing.sort())
})

/** Inputs that the workflow file gives, or the form for every word. */
const forEveryWord = [
  ...['environment', 'token', 'config', 'app', 'working-directory', 'plan'],
  'workflow-repository',
]

test('each input of a command is a field, an option, a risk, or the word itself, and each option is an input', () => {
  const rows: readonly WordRow[] = Object.values(words)
  for (const { command } of rows) {
    const taken = inputsOf(command).map(([name]) => name)
    const same = rows.filter((row) => row.command === command)
    const given = same.flatMap(({ fields, options, inputs = {} }) => [
      ...Object.values(fields),
      ...Object.values(options),
      ...Object.keys(inputs),
    ])
    const reached = [...given, ...forEveryWord, ...taken.filter((name) => name.startsWith('acknowledge-'))]
    expect(
      taken.filter((name) => !reached.includes(name)),
      command,
    ).toEqual([])
    expect(
      given.filter((name) => !(taken as readonly string[]).includes(name)),
      command,
    ).toEqual([])
  }
})

describe.each(formWords)('the word %s', (word) => {
  const row: WordRow = words[word]
  const form = { do: word, ...enough[word] }

  test('is read by the look, and by each step of its job', () => {
    expect(takenBy('look', form).inputs.command).toBe(row.look?.command ?? row.command)
    if (row.job === 'none') return
    const plan = { INPUT_PLAN: '' }
    const steps = row.job === 'note' ? ['note'] : ['gate', 'act']
    for (const step of steps)
      if (row.planned) expect(() => unfold(stepOf(step, form, plan))).toThrow('The input plan is empty.')
      else expect(takenBy(step, form).inputs.command).toBe(step === 'gate' ? 'gate' : row.command)
  })

  test('is refused by a step of another job', () => {
    for (const action of formActions.filter((action) => action !== 'look' && action !== row.job))
      expect(problemOf(() => unfold(stepOf(action, form)))).toMatchObject({
        code: 'form-invalid',
        what: expect.stringContaining(`the job of ${word} is ${row.job}`),
      })
  })
})

test('a rollback needs two fields', () => {
  expect(takenBy('look', { do: 'roll-back' }).inputs).toMatchObject({
    command: 'plan',
    environment: 'staging',
    about: { kind: 'deployment', deployment: { release: null, undertaking: { mode: 'rollback' } } },
  })
})

test('fields and options become the inputs of the command', () => {
  const form = {
    ...{ do: 'deploy', release: 'v2', confirm: 'staging', acknowledge: 'older' },
    options: 'redeploy=true; override-freeze=ticket 12; see a, b\nrun-is-over = 123',
  }
  expect(takenBy('look', form).inputs).toMatchObject({
    runIsOver: 123,
    about: {
      deployment: {
        ...{ release: 'v2', confirm: 'staging', override: 'ticket 12; see a, b' },
        undertaking: { mode: 'deploy', redeploy: true, acknowledgeOlder: true },
      },
    },
  })
  const answer = {
    do: 'decide',
    question: '7.1',
    decision: 'exclude',
    instances: 'web-1, web-2',
    reason: 'ill',
  }
  expect(takenBy('gate', answer).inputs).toMatchObject({
    command: 'gate',
    about: { answer: { pause: '7.1', decision: 'exclude', instances: ['web-1', 'web-2'], reason: 'ill' } },
  })
})

test('inputs of the workflow file reach the command, and no other input of the step does', () => {
  const given = { INPUT_CONFIG: 'deploy/rollgate.yml', INPUT_APP: 'shop', INPUT_RELEASE: 'v9' }
  const { inputs, env } = takenBy('look', { do: 'status' }, given)
  expect(inputs).toMatchObject({ config: 'deploy/rollgate.yml', app: 'shop', environment: 'staging' })
  expect(env).toMatchObject({ GITHUB_RUN_ID: '7' })
  expect(env).not.toHaveProperty('INPUT_RELEASE')
})

test('a filled-in field that the word does not use is a notice', () => {
  const { form, inputs } = takenBy('look', {
    do: 'status',
    release: 'v1',
    acknowledge: 'older',
    decision: 'none',
  })
  expect(form?.unused.map(({ name }) => name)).toEqual(['release', 'acknowledge'])
  expect(inputs).toMatchObject({ command: 'status', idle: [] })
})

test('all environments are an option where the command takes them', () => {
  expect(takenBy('look', { do: 'status', options: 'all-environments=true' }).inputs).toMatchObject({
    environment: null,
  })
  expect(mistakesIn({ environment: 'staging', do: 'restart', options: 'all-environments=true' })).toContain(
    'unknown key `all-environments`',
  )
})

test('the second half of a rehearsal deploys the release that the look named', () => {
  const { inputs } = takenBy('act', { do: 'rehearse' }, { INPUT_AGAIN: 'v2' })
  expect(inputs).toMatchObject({ command: 'deploy', release: 'v2' })
  const { form } = takenBy('act', { do: 'rehearse', release: 'v1' }, { INPUT_AGAIN: 'v2' })
  expect(readInputs(form?.verdict ?? {})).toMatchObject({
    command: 'rehearse',
    release: 'v1',
    rehearsed: 'v2',
  })
  expect(() => takenBy('act', { do: 'deploy', release: 'v1' }, { INPUT_AGAIN: 'v2' })).toThrow(
    'deploy has no second half',
  )
})

test('the start of a schedule has no plan before it', () => {
  const form = { do: 'deploy', options: 'schedule=s3' }
  for (const [step, command] of [
    ['look', 'deploy'],
    ['gate', 'gate'],
    ['act', 'deploy'],
  ] as const)
    expect(takenBy(step, form).inputs.command).toBe(command)
})

test.each([
  ['do: is empty; use one of', {}],
  ['do: is `rolback`; did you mean `roll-back`?', { do: 'rolback' }],
  ['relase: did you mean `release`?', { do: 'deploy', relase: 'v1' }],
  ['colour: is no field of the form', { do: 'deploy', colour: 'red' }],
  ['release: is the list', { do: 'deploy', release: ['v1'] }],
  ['options: unknown key `redeplyo`; did you mean `redeploy`?', { do: 'deploy', options: 'redeplyo=true' }],
  ['options: unknown key `limit`; deploy takes `redeploy`', { do: 'deploy', options: 'limit=3' }],
  ['options: `release` has a field of its own: fill in `release`', { do: 'deploy', options: 'release=v1' }],
  ['options: `pause` has a field of its own: fill in `question`', { do: 'decide', options: 'pause=7.1' }],
  ['options: `config` is set in the workflow file', { do: 'deploy', options: 'config=x.yml' }],
  ['options: `only` is given twice', { do: 'deploy', options: 'only=build; only=scheduler' }],
  ['options: `redeploy` is not key=value', { do: 'deploy', options: 'redeploy' }],
  ['options: `only` has no value', { do: 'deploy', options: 'only=' }],
  [
    'acknowledge: unknown risk `dataloss`; did you mean `data-loss`?',
    { do: 'roll-back', acknowledge: 'dataloss' },
  ],
])('a wrong form says the place and the fact: %s', (mistake, form) => {
  expect(mistakesIn({ environment: 'staging', ...form })).toContain(mistake)
})

test('every mistake of a form is named at once', () => {
  const form = { do: 'deploy', colour: 'red', options: 'a=1; b=2', acknowledge: 'all' }
  expect(mistakesIn(form).split('\n')).toHaveLength(5)
})

test.each(['not json', '[]', 'null', '"deploy"', '{"do":'])('junk is no form: %s', (junk) => {
  expect(mistakesIn(junk)).toBe('The input form is no JSON object.')
})

test('a step that takes a form is refused without one, and a gate may have inputs of its own', () => {
  expect(() => unfold(stepOf('look', ''))).toThrow('The input form is empty.')
  const env = stepOf('gate', '')
  expect(unfold(env)).toEqual({ env, form: null })
})

test('an environment with blanks around its name is refused, in a form and as an input: to GitHub it is another F43', () => {
  for (const environment of ['staging ', '\tstaging', 'staging\n', '\u00a0staging'])
    expect(mistakesIn({ environment, do: 'deploy', release: 'v1' })).toContain('blanks around the name')
  const env = { INPUT_TOKEN: 't', INPUT_COMMAND: 'status', INPUT_ENVIRONMENT: 'staging ' }
  expect(problemOf(() => readInputs(env))).toMatchObject({ code: 'input-invalid' })
})
