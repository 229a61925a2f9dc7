import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, parseDocument, visit } from 'yaml'
import { decisions } from '../../src/domain/question/decision.ts'
import { actionNames, inputsOf, outputsOf } from '../../src/inputs/definitions.ts'
import { type JobFile, readWorkflow, textOf } from '../../src/sandbox/workflows/workflow-file.ts'
import {
  exampleWorkflows,
  ownWorkflows,
  reusableWorkflows,
} from '../../src/sandbox/workflows/workflow-files.ts'

const root = new URL('../../', import.meta.url)
const everyWorkflow = [...ownWorkflows, ...exampleWorkflows]

interface ActionFile {
  readonly inputs: Readonly<Record<string, { description: string; required: boolean; default?: string }>>
  readonly outputs: Readonly<Record<string, { description: string }>>
  readonly runs: Readonly<Record<string, string>>
}

const readAction = (folder: string): ActionFile => parse(textOf(`${folder}action.yml`)) as ActionFile

/** A step, or a job that is one call, with where it stands. */
interface Use {
  readonly at: string
  readonly uses: string
  readonly with: Readonly<Record<string, unknown>>
  readonly comment: string
}

/** Everything that a workflow uses. */
function usesIn(path: string): Use[] {
  const found: Use[] = []
  visit(parseDocument(textOf(path)), {
    Map(_, map) {
      const uses = map.items.find(({ key }) => String(key) === 'uses')?.value as
        | { value: string; comment?: string }
        | undefined
      if (uses === undefined) return
      const given = map.toJSON() as { with?: Record<string, unknown> }
      found.push({ at: path, uses: uses.value, with: given.with ?? {}, comment: uses.comment ?? '' })
    },
  })
  return found
}

const allUses = everyWorkflow.flatMap(usesIn)

const jobsOf = (path: string): [string, JobFile][] =>
  Object.entries(readWorkflow(path).jobs).map(([id, job]) => [`${path}: ${id}`, job])

for (const command of actionNames)
  test(`the action.yml of ${command} has the inputs and outputs of its definition, and the command last`, () => {
    const { inputs, outputs, runs } = readAction(`actions/${command}/`)
    expect(Object.keys(inputs)).toEqual([...inputsOf(command).map(([name]) => name), 'command'])
    expect(Object.keys(outputs)).toEqual(outputsOf(command).map(([name]) => name))
    expect(inputs.command?.default).toBe(command)
    expect(runs).toMatchObject({ using: 'node24', main: '../../dist/index.js' })
  })

test('the action.yml of the repository is the one of deploy, on the same bundle', () => {
  const { runs, ...face } = readAction('')
  const { runs: nested, ...same } = readAction('actions/deploy/')
  expect(face).toEqual(same)
  expect(runs).toEqual({ using: 'node24', main: 'dist/index.js', post: 'dist/index.js' })
  expect(nested).toEqual({ using: 'node24', main: '../../dist/index.js', post: '../../dist/index.js' })
})

test('an action of this repository that a workflow uses exists, and takes what it is given', () => {
  const own = allUses.filter(({ uses }) => uses.startsWith('$/actions/'))
  expect(own).toHaveLength(32)
  for (const use of own) {
    const folder = use.uses.slice('$/'.length)
    expect(existsSync(new URL(`${folder}/action.yml`, root)), use.uses).toBe(true)
    expect(Object.keys(readAction(`${folder}/`).inputs)).toEqual(
      expect.arrayContaining(Object.keys(use.with)),
    )
  }
})

/** A schedule has its release and nothing else. */
const notScheduled = [
  ...[
    'plan',
    'redeploy',
    'acknowledge-older',
    'only',
    'backup',
    'roll-forward',
    'change-base',
    'reset',
    'detour',
    'open-detour',
    'as',
    'acknowledge-data-loss',
    'confirm',
  ],
  ...['override-freeze', 'override-verified', 'override-rehearsed', 'override-halt', 'test-bed'],
]

/** Inputs that a step leaves out on purpose, by the workflow and the action. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  // A schedule is begun by dispatch.yml.
  'deploy deploy': ['schedule'],
  'deploy gate': ['schedule'],
  'dispatch deploy': notScheduled,
  'dispatch gate': notScheduled,
  // The first job compares, the second converges.
  'reconcile reconcile': ['converge', 'fail-on-drift'],
  // It only looks what serves.
  'reconcile status': ['working-directory', 'await', 'expect'],
  // These workflows run no command of the config.
  'status status': ['working-directory'],
  'watch watch': ['environment', 'working-directory'],
  // Left out, the run says whether a rehearsal may begin.
  'rehearse rehearse': ['rehearsed'],
}

/** The action of a workflow: the gate and the plan pass on its inputs. */
const workOf = (path: string) =>
  usesIn(path).findLast(({ uses }) => uses.startsWith('$/actions/'))?.uses ?? ''

const takenBy = (uses: string): string[] =>
  Object.keys(readAction(`${uses.slice('$/'.length)}/`).inputs).filter(
    (name) => name !== 'command' && name !== 'token',
  )

/** True if a value reads no input, or the one that is meant. */
const readsItsOwn = (name: string, value: unknown): boolean =>
  !String(value).includes('inputs.') || new RegExp(`inputs\\.${name}(?![\\w-])`).test(String(value))

for (const path of ownWorkflows.filter((path) => workOf(path) !== ''))
  test(`${path} passes its actions every input that they take, each by its own name`, () => {
    const work = takenBy(workOf(path))
    for (const { uses, with: given } of usesIn(path).filter(({ uses }) => uses.startsWith('$/actions/'))) {
      const action = uses.slice('$/actions/'.length)
      const prepares = action === 'plan' || action === 'gate'
      const except = leftOut[`${path.replace(/^.*\/|\.yml$/g, '')} ${action}`] ?? []
      const wanted = takenBy(uses).filter((name) => !prepares || work.includes(name))
      expect(
        wanted.filter((name) => !(name in given || except.includes(name))),
        uses,
      ).toEqual([])
      expect(
        Object.entries(given).filter(([name, value]) => !readsItsOwn(name, value)),
        uses,
      ).toEqual([])
    }
  })

/** GitHub shows at most so many in the form of a workflow. */
const inputsOfAForm = 25

test('each form has no more inputs than GitHub takes', () => {
  for (const path of everyWorkflow)
    expect(
      Object.keys(readWorkflow(path).on.workflow_dispatch?.inputs ?? {}).length,
      path,
    ).toBeLessThanOrEqual(inputsOfAForm)
})

test('each form that asks for the run that is over, or the ledger, hands on what is entered', () => {
  const forms = exampleWorkflows.filter((path) => {
    const { 'run-is-over': run, ledger } = readWorkflow(path).on.workflow_dispatch?.inputs ?? {}
    return run !== undefined || ledger !== undefined
  })
  expect(forms).toHaveLength(10)
  for (const path of forms) {
    const [[, job] = []] = callsIn(readWorkflow(path))
    for (const name of ['run-is-over', 'ledger'])
      expect(job?.with?.[name], path).toBe(
        name in (readWorkflow(path).on.workflow_dispatch?.inputs ?? {})
          ? `\${{ inputs.${name} }}`
          : undefined,
      )
  }
})

test('every action in the examples exists in this repository, and takes its inputs', () => {
  const called = allUses.filter(({ uses }) => /^(?:rollgate\/rollgate|\$\/\.github)/.test(uses))
  expect(called).toHaveLength(31)
  for (const { uses, with: given } of called) {
    const path = uses.replace(/^(?:rollgate\/rollgate|\$)\/?/, '').replace(/@.*$/, '')
    const isAction = path === '' || path.startsWith('actions/')
    const known = isAction
      ? readAction(path === '' ? '' : `${path}/`).inputs
      : readWorkflow(path).on.workflow_call?.inputs
    expect(Object.keys(known ?? {}), uses).toEqual(expect.arrayContaining(Object.keys(given)))
  }
})

test('the form for decisions offers the decisions that there are', () => {
  const form = readWorkflow('examples/one-owner/rollgate-decide.yml').on.workflow_dispatch?.inputs
  expect(form?.decision?.options).toEqual([...decisions])
  const { decision } = readAction('actions/decide/').inputs
  for (const option of decisions) expect(decision?.description).toContain(`\`${option}\``)
})

test('every foreign action is pinned to a full commit, with its version beside it', () => {
  const foreign = allUses.filter(({ uses }) => !/^(?:\$\/|\.\/|rollgate\/rollgate)/.test(uses))
  expect(foreign.length).toBeGreaterThan(5)
  for (const { at, uses, comment } of foreign) {
    expect(uses, at).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    expect(comment, at).toMatch(/^ v\d+\.\d+\.\d+$/)
  }
})

test('one version of each foreign action is used everywhere', () => {
  const versions = new Map<string, Set<string>>()
  for (const { uses } of allUses.filter(({ uses }) => uses.startsWith('actions/'))) {
    const [name = '', version = ''] = uses.split('@')
    versions.set(name, (versions.get(name) ?? new Set()).add(version))
  }
  for (const [name, used] of versions) expect(used.size, name).toBe(1)
})

for (const path of everyWorkflow)
  test(`${path} grants nothing at the top, and each job what it asks for with a reason GH-12`, () => {
    const text = textOf(path)
    expect(readWorkflow(path).permissions).toEqual({})
    for (const [job, { permissions }] of jobsOf(path)) expect(permissions, job).toBeDefined()
    for (const line of text.split('\n').filter((line) => /^ +[a-z-]+: (?:read|write)\b/.test(line)))
      expect(line).toMatch(/ # \S/)
  })

for (const path of everyWorkflow)
  test(`no value is spliced into a shell line in ${path}`, () => {
    for (const [job, { steps = [] }] of jobsOf(path))
      for (const { run = '' } of steps) expect(run, job).not.toContain('${{')
  })

for (const path of reusableWorkflows)
  test(`in ${path} one job names the environment, and it alone may write or sees the secret GH-12`, () => {
    const jobs = jobsOf(path)
    const gated = jobs.filter(([, { environment }]) => environment !== undefined)
    expect(gated).toHaveLength(1)
    for (const [name, job] of jobs) {
      const behindGate = job.environment !== undefined
      expect(Object.values(job.permissions ?? {}).includes('write'), name).toBe(behindGate)
      expect(JSON.stringify(job).includes('secrets.'), name).toBe(behindGate)
    }
  })

for (const path of reusableWorkflows)
  test(`${path} makes no record of GitHub's own, and holds no concurrency group while it waits`, () => {
    const { concurrency, jobs } = readWorkflow(path) as ReturnType<typeof readWorkflow> & {
      concurrency?: unknown
    }
    expect(concurrency).toBeUndefined()
    for (const job of Object.values(jobs)) expect(job.concurrency).toBeUndefined()
    const environments = Object.values(jobs).flatMap(({ environment }) => environment ?? [])
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    expect(environments).toEqual([{ name: '${{ inputs.environment }}', deployment: false }])
  })

test('the job that makes a release runs nothing of the commit, names no environment and sees no secret GH-12', () => {
  const { release, attest, ...others } = readWorkflow('.github/workflows/release.yml').jobs
  expect(others).toEqual({})
  expect(release?.environment).toBeUndefined()
  expect(release?.steps?.map(({ run, uses = '' }) => run ?? uses.split('@')[0])).toEqual([
    'actions/checkout',
    'actions/download-artifact',
    '$/actions/release',
  ])
  expect(JSON.stringify([release, attest])).not.toContain('secrets.')
  expect(Object.values(attest?.permissions ?? {})).toEqual(['write', 'write'])
  expect(attest?.permissions).not.toHaveProperty('contents')
})

/** The most that any job of a reusable workflow asks for; writing includes reading. */
function askedBy(name: string): Record<string, string> {
  const asked = jobsOf(`.github/workflows/${name}.yml`).map(([, { permissions = {} }]) => permissions)
  return asked.reduce<Record<string, string>>((all, permissions) => {
    for (const [scope, access] of Object.entries(permissions)) if (all[scope] !== 'write') all[scope] = access
    return all
  }, {})
}

/** The jobs of some workflow that call a reusable one of this repository, by its name. */
const callsIn = ({ jobs = {} }: { jobs?: Readonly<Record<string, JobFile>> }): [string, JobFile][] =>
  Object.values(jobs).flatMap((job): [string, JobFile][] => {
    const [, name] = /^rollgate\/rollgate\/\.github\/workflows\/(\w+)\.yml@/.exec(job.uses ?? '') ?? []
    return name === undefined ? [] : [[name, job]]
  })

test('the examples grant just what the reusable workflows ask for at most', () => {
  const calls = exampleWorkflows.flatMap((path) => callsIn(readWorkflow(path)))
  expect(new Set(calls.map(([name]) => name)).size).toBeGreaterThan(10)
  for (const [name, { permissions }] of calls) expect(permissions, name).toEqual(askedBy(name))
})

test('so do the workflows that the pages show: with less GitHub starts none', () => {
  const pages = ['README.md', ...readdirSync(new URL('docs', root)).map((name) => `docs/${name}`)]
  const shown = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => [...textOf(page).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)])
    .flatMap(([, text = '']) => callsIn(parse(text) ?? {}))
  expect(shown.length).toBeGreaterThan(4)
  for (const [name, { permissions }] of shown) expect(permissions, name).toEqual(askedBy(name))
})
