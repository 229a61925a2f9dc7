import { describe, expect, test } from 'vitest'
import { type Handler, runWorkflow } from '../../src/sandbox/workflows/run.ts'
import { type JobFile, readWorkflow } from '../../src/sandbox/workflows/workflow-file.ts'
import { exampleWorkflows, ownWorkflows } from '../../src/sandbox/workflows/workflow-files.ts'

/**
 * The jobs that name an environment, with their place. The workflow that publishes Rollgate deploys no release. The clock's
 * own environment has no reviewers: a watch resumes only what was approved, and asks no person at night.
 */
const gated = [...ownWorkflows, ...exampleWorkflows]
  .filter((path) => !path.endsWith('publish.yml'))
  .flatMap((path) =>
    Object.entries(readWorkflow(path).jobs)
      .filter(([, { environment }]) => environment !== undefined && !ofTheClock(environment))
      .map(([name, job]) => [`${path}: ${name}`, job] as const),
  )

function ofTheClock(environment: NonNullable<JobFile['environment']>): boolean {
  return (typeof environment === 'string' ? environment : environment.name).endsWith('-watch')
}

const opensGate = "steps.gate.outputs.go == 'true'"
const sha = '1234567890123456789012345678901234567890'

describe('a job behind the gate of an environment', () => {
  test('there is one in each workflow that acts', () => {
    expect(gated.map(([at]) => at.replace(/^.*workflows\//, ''))).toEqual([
      'decide.yml: decide',
      'deploy.yml: deploy',
      'dispatch.yml: begin',
      'reconcile.yml: converge',
      'restart.yml: restart',
      'rollback.yml: rollback',
      'task.yml: task',
      'own-job.yml: deploy',
      'rollgate-watch.yml: begin',
      'rollgate.yml: act',
    ])
  })

  test.each(gated)(
    '%s begins with the gate, which sees no secret, and all that acts hangs on it F43',
    (_at, { steps = [] }) => {
      const [gate, ...later] = steps
      expect(gate).toMatchObject({
        id: 'gate',
        uses: expect.stringMatching(/^(\$|rollgate\/rollgate)\/actions\/gate/),
      })
      expect([gate?.if, gate?.env]).toEqual([undefined, undefined])
      expect(later.length).toBeGreaterThan(1)
      for (const step of later) {
        const condition = step.if ?? ''
        const onlySays = step.uses === undefined && condition === "steps.gate.outputs.go != 'true'"
        expect(onlySays || condition.startsWith(opensGate), `${step.name}: ${condition}`).toBe(true)
        // An "or" or a status function beside it would run a step after a closed gate.
        expect(condition.replace(/\([^()]*\)/g, ''), step.name ?? '').not.toMatch(
          /\|\||always|failure|cancelled/,
        )
      }
    },
  )
})

/** Each workflow that acts, with the outputs that its first job hands on. */
const planned = {
  outcome: 'planned',
  plan: '{"schema":1}',
  sha,
  release: 'v2',
  'previous-release': 'v1',
  approval: 'named',
}
const acting = [
  ['deploy', { release: 'v2' }, { '$/actions/plan': planned }],
  ['rollback', {}, { '$/actions/plan': planned }],
  ['restart', {}, { '$/actions/plan': planned }],
  ['task', { task: 'reindex' }, { '$/actions/plan': planned }],
  ['decide', { pause: '7.1', decision: 'retry' }, { '$/actions/plan': { ...planned, pause: '7.1' } }],
  [
    'reconcile',
    { converge: true },
    { '$/actions/status': { sha }, '$/actions/reconcile': { drift: 'true', release: 'v1', sha } },
  ],
  [
    'dispatch',
    {},
    {
      '$/actions/dispatch': {
        due: JSON.stringify([{ environment: 'production', release: 'v2', sha, schedule: 's1' }]),
      },
    },
  ],
] as const

function played(
  gate: ReturnType<Handler>,
  answers: Readonly<Record<string, Readonly<Record<string, string>>>>,
) {
  const asked: { readonly uses: string; readonly env: Readonly<Record<string, string>> }[] = []
  const play =
    (uses: string, answer: ReturnType<Handler>): Handler =>
    ({ env }) => {
      asked.push({ uses, env })
      return answer
    }
  const all: Record<string, ReturnType<Handler>> = {
    'actions/checkout': {},
    './.github/actions/rollgate-setup': {},
    '$/actions/deploy': {},
    '$/actions/rollback': {},
    '$/actions/restart': {},
    '$/actions/task': {},
    '$/actions/decide': {},
    ...Object.fromEntries(Object.entries(answers).map(([uses, outputs]) => [uses, { outputs }])),
    '$/actions/gate': gate,
  }
  const actions = Object.fromEntries(Object.entries(all).map(([uses, answer]) => [uses, play(uses, answer)]))
  return {
    asked,
    scene: {
      actions,
      secrets: { ROLLGATE_ENV: 'A=b' },
      files: ['.github/actions/rollgate-setup/action.yml'],
    },
  }
}

const behindGate = (asked: readonly { readonly uses: string }[]): string[] =>
  asked.slice(asked.findIndex(({ uses }) => uses === '$/actions/gate') + 1).map(({ uses }) => uses)

describe.each(acting)('%s.yml', (name, inputs, answers) => {
  const path = `.github/workflows/${name}.yml`
  const given = name === 'dispatch' ? inputs : { environment: 'production', ...inputs }

  test('checks nothing out and sets nothing up where the gate asks first, and says that nothing was deployed F43 F38', async () => {
    const { asked, scene } = played({ outputs: { outcome: 'waiting', pause: '7.1' } }, answers)
    const { jobs } = await runWorkflow(path, given, scene)
    expect(behindGate(asked)).toEqual([])
    expect(asked.find(({ uses }) => uses === '$/actions/gate')?.env).toEqual({})
    const [work] = Object.entries(jobs).filter(([, { steps }]) => steps.includes('Pass the gate'))
    expect(work?.[1]).toMatchObject({
      result: 'success',
      steps: ['Pass the gate', expect.stringMatching(/^Nothing was/)],
    })
  })

  test('does nothing behind a gate that refuses F43 F44', async () => {
    const { asked, scene } = played(
      { outputs: { outcome: 'refused', 'reason-code': 'approval-missing' }, fails: true },
      answers,
    )
    const { jobs } = await runWorkflow(path, given, scene)
    expect(behindGate(asked)).toEqual([])
    expect(Object.values(jobs).map(({ result }) => result)).toContain('failure')
  })

  test('checks out, sets up and acts behind an open one F43', async () => {
    const { asked, scene } = played({ outputs: { go: 'true' } }, answers)
    await runWorkflow(path, given, scene)
    expect(behindGate(asked)).toEqual([
      'actions/checkout',
      './.github/actions/rollgate-setup',
      expect.stringMatching(/^\$\/actions\//),
    ])
  })
})

test('a job that only asks named people says in its name that nothing is deployed yet, and hands on the question F38', async () => {
  const { scene } = played(
    { outputs: { outcome: 'waiting', pause: '7.1', result: '{}' } },
    { '$/actions/plan': planned },
  )
  const { jobs, outputs } = await runWorkflow(
    '.github/workflows/deploy.yml',
    { environment: 'production', release: 'v2' },
    scene,
  )
  expect(jobs.deploy?.name).toBe('Deploy v2 to production (asks for approval; nothing is deployed yet)')
  expect(outputs).toMatchObject({ outcome: 'waiting', pause: '7.1', result: '{}' })
})

test('a rehearsal whose way back was only asked for does not come back from it F38', async () => {
  const { asked, scene } = played(
    { outputs: { outcome: 'waiting', pause: '7.1' } },
    {
      '$/actions/plan': planned,
      '$/actions/rehearse': { outcome: 'planned', release: 'v2', 'previous-release': 'v1' },
    },
  )
  const { outputs } = await runWorkflow('.github/workflows/rehearse.yml', { environment: 'staging' }, scene)
  expect(asked.map(({ uses }) => uses)).toEqual(['$/actions/rehearse', '$/actions/plan', '$/actions/gate'])
  expect(outputs).toMatchObject({ outcome: 'waiting' })
})
