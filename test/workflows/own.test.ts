import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { fields } from '../../src/inputs/form/fields.ts'
import { unfold } from '../../src/inputs/form/unfold.ts'
import { formWords, words } from '../../src/inputs/form/words.ts'
import { readInputs } from '../../src/inputs/read-inputs.ts'
import { type Handler, runWorkflow } from '../../src/sandbox/workflows/run.ts'
import type { JobFile, WorkflowFile } from '../../src/sandbox/workflows/workflow-file.ts'
import type { OwnWorkflow } from '../../src/workflows/own.ts'
import { buttonWorkflows, ownWorkflows } from '../../src/workflows/own-workflows.ts'
import { aPlan } from '../domain/a-plan.ts'

const form = 'examples/workflows/rollgate.yml'
const clock = 'examples/workflows/rollgate-watch.yml'

const repositories: readonly OwnWorkflow[] = [
  { version: 'v0', runsOn: 'ubuntu-latest' },
  { version: `${'0'.repeat(40)} # v0.2.0`, runsOn: ['self-hosted', 'a, b'], config: 'shop/rollgate.yml' },
]

describe.each(repositories)('the workflows of a repository with $version', (own) => {
  const files = [...ownWorkflows(own), ...buttonWorkflows(own)]

  test.each(files)(
    "GitHub's parser takes %s, which keeps the secret behind an environment",
    async (path, text) => {
      const { context, value } = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter())
      if (value !== undefined) await convertWorkflowTemplate(context, value)
      expect(context.errors.getErrors()).toEqual([])
      const { permissions, jobs, ...file } = parse(text) as WorkflowFile & { readonly concurrency?: unknown }
      expect([permissions, file.concurrency]).toEqual([{}, undefined])
      for (const [name, job] of Object.entries(jobs)) {
        expect(JSON.stringify(job).includes('secrets.'), name).toBe(job.environment !== undefined)
        expect(job.environment ?? { deployment: false }, name).toMatchObject({ deployment: false })
        expect(job.concurrency, name).toBeUndefined()
        for (const { run = '' } of job.steps ?? []) expect(run, name).not.toContain('${{')
      }
    },
  )

  test('no run waits in a group, where GitHub would cancel it for a newer one GH-08', () => {
    const grouped = files.filter(([, text]) => text.includes('concurrency:'))
    expect(grouped.map(([path]) => path)).toEqual([])
  })

  test('the name of a run is made of fields that its form has', () => {
    for (const [path, text] of files) {
      const { on, 'run-name': name = '' } = parse(text) as WorkflowFile & { readonly 'run-name'?: string }
      const used = [...name.matchAll(/inputs\.(\w+)/g)].map(([, field]) => field ?? '')
      const given = Object.keys(on.workflow_dispatch?.inputs ?? {})
      expect([path, used.filter((field) => !given.includes(field))]).toEqual([path, []])
    }
  })

  test('each step of Rollgate gets the path of the config where it is another one', () => {
    for (const [, text] of files) {
      const jobs: Readonly<Record<string, JobFile>> = (parse(text) as WorkflowFile).jobs
      const steps = Object.values(jobs).flatMap(({ steps = [] }) => steps)
      for (const step of steps.filter(({ uses }) => uses?.startsWith('rollgate/')))
        expect(step.with?.config).toBe(own.config)
    }
  })
})

test('the form has twelve fields, all words and a screen or two of lines', () => {
  const [own] = repositories
  if (own === undefined) throw new Error('no repository')
  const [whole = '', watch = ''] = ownWorkflows(own).values()
  expect(whole.split('\n').length).toBeLessThanOrEqual(120)
  expect(watch.split('\n').length).toBeLessThanOrEqual(100)
  const { inputs = {} } = (parse(whole) as WorkflowFile).on.workflow_dispatch ?? {}
  expect(Object.keys(inputs)).toEqual(Object.keys(fields))
  expect(Object.keys(inputs)).toHaveLength(12)
  expect(inputs.do?.options).toEqual(formWords)
})

/** Plays the steps of Rollgate: each reads its form as the real one does, and writes down what it became. */
function steps(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const done: string[] = []
  const secrets: string[] = []
  const play =
    (command: string): Handler =>
    ({ with: given, env }) => {
      const inputs = Object.entries({ token: 't', command, ...given })
      const { env: ordinary } = unfold(
        Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      )
      done.push(`${command}: ${readInputs(ordinary).command}`)
      secrets.push(env.ROLLGATE_ENV ?? '')
      return { outputs: outputs[command] ?? {}, fails: outputs[command] === undefined }
    }
  const names = ['look', 'note', 'gate', 'act', 'watch', 'dispatch', 'deploy'] as const
  const actions: Readonly<Record<string, Handler>> = {
    ...Object.fromEntries(names.map((name) => [`rollgate/rollgate/actions/${name}`, play(name)])),
    'actions/checkout': ({ with: { ref = '' } }) => {
      done.push(`checkout ${ref}`)
      return {}
    },
    './.github/actions/rollgate-setup': () => {
      done.push('set up')
      return {}
    },
  }
  const scene = {
    actions,
    secrets: { ROLLGATE_ENV: 'A=1' },
    files: ['.github/actions/rollgate-setup/action.yml'],
  }
  return { done, secrets, scene }
}

const plan = {
  plan: JSON.stringify(shownPlan(aPlan())),
  sha: 'a'.repeat(40),
  release: 'v2',
  approval: 'reviewers',
}
const filled = { environment: 'staging', do: 'deploy', release: 'v2', decision: 'none' }

test('a deployment is looked at, passes the gate, and only then is there a checkout, a set-up and a secret', async () => {
  const { done, secrets, scene } = steps({
    look: { job: 'act', ...plan },
    gate: { go: 'true' },
    act: { outcome: 'succeeded' },
  })
  const { jobs } = await runWorkflow(form, filled, scene)
  expect(Object.entries(jobs).map(([name, { result }]) => [name, result])).toEqual(
    expect.arrayContaining([
      ['look', 'success'],
      ['note', 'skipped'],
      ['act', 'success'],
    ]),
  )
  expect(jobs.act?.name).toBe('deploy v2 (staging)')
  expect(done).toEqual(['look: plan', 'gate: gate', `checkout ${plan.sha}`, 'set up', 'act: deploy'])
  expect(secrets).toEqual(['', '', 'A=1'])
})

test('a gate that stays shut leaves nothing of the release to run, and the job list says so', async () => {
  const { done, scene } = steps({ look: { job: 'act', ...plan, approval: 'named' }, gate: {} })
  const { jobs } = await runWorkflow(form, filled, scene)
  expect(jobs.act).toMatchObject({
    result: 'success',
    name: 'deploy v2 (staging) asks for approval; nothing is deployed yet',
  })
  expect(done).toEqual(['look: plan', 'gate: gate'])
})

test('a form that is refused, or only reads, starts no other job', async () => {
  const refused = steps({})
  const { jobs } = await runWorkflow(form, filled, refused.scene)
  expect([jobs.look?.result, jobs.note?.result, jobs.act?.result]).toEqual(['failure', 'skipped', 'skipped'])
  const reads = steps({ look: { job: 'none' } })
  await runWorkflow(form, { ...filled, do: 'status', release: '' }, reads.scene)
  expect(reads.done).toEqual(['look: status'])
})

test('a note is written without an approval, a checkout or a secret', async () => {
  const { done, secrets, scene } = steps({ look: { job: 'note' }, note: { outcome: 'blocked' } })
  await runWorkflow(
    form,
    { ...filled, do: 'block', reason: 'it loses orders' },
    { ...scene, gate: () => 'rejected' },
  )
  expect(done).toEqual(['look: block', 'note: block'])
  expect(secrets).toEqual(['', ''])
})

test('a rehearsal comes forward again in the other checkout, unless the first half only asked', async () => {
  const look = { job: 'act', ...plan, again: 'b'.repeat(40) }
  const both = steps({ look, gate: { go: 'true' }, act: { outcome: 'succeeded' } })
  await runWorkflow(form, { ...filled, do: 'rehearse', release: '' }, both.scene)
  const back = ['look: rehearse', 'gate: gate', `checkout ${plan.sha}`, 'set up', 'act: rollback']
  expect(both.done).toEqual([...back, `checkout ${look.again}`, 'set up', 'act: deploy'])
  const asked = steps({ look, gate: { go: 'true' }, act: { outcome: 'waiting' } })
  await runWorkflow(form, { ...filled, do: 'rehearse', release: '' }, asked.scene)
  expect(asked.done).toEqual(back)
})

test('a commit that did not arrive is not taken for the default branch', async () => {
  const { done, scene } = steps({ look: { job: 'act', ...plan, sha: '' }, gate: { go: 'true' }, act: {} })
  await runWorkflow(form, filled, scene)
  expect(done).toContain('checkout the-commit-did-not-arrive')
})

test('a rehearsal whose way forward did not arrive is not green: the environment stands at the older release', async () => {
  const look = { job: 'act', ...plan, again: '' }
  const { done, scene } = steps({ look, gate: { go: 'true' }, act: { outcome: 'succeeded' } })
  await runWorkflow(form, { ...filled, do: 'rehearse', release: '' }, scene)
  expect(done.at(4)).toBe('act: rollback')
  expect(done.at(5)).toBe('checkout the-commit-did-not-arrive')
})

test('the clock watches in an environment of its own, and starts schedules behind their gate', async () => {
  const due = [{ environment: 'staging', release: 'v2', sha: plan.sha, schedule: 's3', why: 'a lease' }]
  const { done, secrets, scene } = steps({
    ...{ watch: { due: JSON.stringify(due) }, dispatch: { due: JSON.stringify(due) } },
    ...{ gate: { go: 'true' }, deploy: { outcome: 'succeeded' } },
  })
  const asked: string[] = []
  const gate = (environment: string) => {
    asked.push(environment)
    return 'approved' as const
  }
  await runWorkflow(clock, {}, { ...scene, gate })
  expect(asked.sort()).toEqual(['staging', 'staging-watch'])
  expect(done.slice(0, 2)).toEqual(['watch: watch', 'dispatch: dispatch'])
  expect(done.slice(2).sort()).toEqual(
    [
      `checkout ${plan.sha}`,
      `checkout ${plan.sha}`,
      'deploy: deploy',
      'gate: gate',
      'set up',
      'set up',
      'watch: watch',
    ].sort(),
  )
  expect(secrets.filter((secret) => secret !== '')).toHaveLength(2)
  const idle = steps({ watch: { due: '[]' }, dispatch: { due: '[]' } })
  await runWorkflow(clock, {}, idle.scene)
  expect(idle.done).toEqual(['watch: watch', 'dispatch: dispatch'])
})

test('a look of the clock that calls a person keeps no schedule back', async () => {
  const due = [{ environment: 'staging', release: 'v2', sha: plan.sha, schedule: 's3' }]
  const { done, scene } = steps({
    ...{ dispatch: { due: JSON.stringify(due) }, gate: { go: 'true' }, deploy: {} },
  })
  await runWorkflow(clock, {}, scene)
  expect(done.at(-1)).toBe('deploy: deploy')
})

test('each word of the form has a button', () => {
  const [own] = repositories
  if (own === undefined) throw new Error('no repository')
  const buttons = [...buttonWorkflows(own).values()].map((text) => parse(text) as WorkflowFile)
  expect(buttons.map(({ on }) => on.workflow_dispatch?.inputs?.do?.options)).toEqual(
    formWords.map((word) => [word]),
  )
  for (const [at, word] of formWords.entries()) {
    const jobs = Object.keys(buttons[at]?.jobs ?? {})
    expect(jobs).toEqual(words[word].job === 'none' ? ['look'] : ['look', words[word].job])
  }
})
