import { describe, expect, test } from 'vitest'
import { type Handler, runWorkflow, type Scene } from '../../src/sandbox/workflows/run.ts'
import { readWorkflow } from '../../src/sandbox/workflows/workflow-file.ts'

const status = '.github/workflows/status.yml'
const reconcile = '.github/workflows/reconcile.yml'
const sha = '1234567890123456789012345678901234567890'

/** Actions that answer in turn, and the calls. */
function scene(answers: Readonly<Record<string, readonly ReturnType<Handler>[]>>, rest: Partial<Scene> = {}) {
  const asked: (Parameters<Handler>[0] & { readonly uses: string })[] = []
  const all = { 'actions/checkout': [{}, {}], './.github/actions/rollgate-setup': [{}], ...answers }
  const actions = Object.fromEntries(
    Object.entries(all).map(([uses, given]): [string, Handler] => {
      const left = [...given]
      return [
        uses,
        (call) => {
          asked.push({ uses, ...call })
          return left.shift() ?? {}
        },
      ]
    }),
  )
  return { asked, scene: { actions, ...rest } }
}

const serving = { outputs: { outcome: 'looked', release: 'v1', sha } }
const compared = (drift: boolean, fails = false) => ({
  outputs: { outcome: 'looked', drift: String(drift), release: 'v1', sha, result: '{"command":"reconcile"}' },
  fails,
})
const converged = { outputs: { outcome: 'succeeded', 'deployment-id': '9', result: '{"command":"deploy"}' } }

describe('status.yml', () => {
  test('looks in one job without an environment, a secret or a checkout, and may read only', () => {
    const { jobs } = readWorkflow(status)
    expect(Object.keys(jobs)).toEqual(['status'])
    expect(jobs.status?.environment).toBeUndefined()
    expect(jobs.status?.permissions).toEqual({ contents: 'read', deployments: 'read', actions: 'read' })
    expect(jobs.status?.steps).toHaveLength(1)
    expect(JSON.stringify(jobs)).not.toContain('secrets.')
  })

  test('names no environment unless one is given, and hands on what was seen', async () => {
    const { asked, scene: given } = scene({ '$/actions/status': [serving, serving] })
    const { jobs, outputs } = await runWorkflow(status, {}, given)
    expect(jobs.status).toMatchObject({ result: 'success', name: 'Status of all environments' })
    expect(asked[0]?.with).toMatchObject({ environment: '', observe: 'true' })
    expect(outputs).toMatchObject({ outcome: 'looked', sha })
    const one = await runWorkflow(status, { environment: 'production', observe: false }, given)
    expect(one.jobs.status?.name).toBe('Status of production')
    expect(asked[1]?.with).toMatchObject({ environment: 'production', observe: 'false' })
  })
})

describe('reconcile.yml', () => {
  const gates: string[] = []
  const gate: Scene['gate'] = (environment, job) => {
    gates.push(`${job} asks for ${environment}`)
    return 'approved'
  }

  test('only the job behind the gate names the environment, and it alone may write GH-12', () => {
    const { jobs } = readWorkflow(reconcile)
    expect(jobs.look?.environment).toBeUndefined()
    expect(jobs.look?.permissions).toEqual({ contents: 'read', deployments: 'read', actions: 'read' })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    expect(jobs.converge?.environment).toEqual({ name: '${{ inputs.environment }}', deployment: false })
    const { jobs: deploy } = readWorkflow('.github/workflows/deploy.yml')
    expect(jobs.converge?.permissions).toEqual(deploy.deploy?.permissions)
    for (const job of Object.values(jobs)) expect(job.concurrency).toBeUndefined()
  })

  test('compares in the checkout of what serves, and asks nobody WX-11', async () => {
    gates.length = 0
    const { asked, scene: given } = scene(
      { '$/actions/status': [serving], '$/actions/reconcile': [compared(true)] },
      { gate, secrets: { ROLLGATE_ENV: 'A=b' } },
    )
    const { jobs, outputs } = await runWorkflow(reconcile, { environment: 'production' }, given)
    expect(asked.map(({ uses }) => uses)).toEqual([
      '$/actions/status',
      'actions/checkout',
      '$/actions/reconcile',
    ])
    expect(asked[0]?.with.observe).toBe('false')
    expect(asked[0]?.env).toEqual({})
    expect(asked[1]?.with.ref).toBe(sha)
    expect(asked[2]?.env).toMatchObject({ ROLLGATE_ENV: 'A=b' })
    expect(asked[2]?.with.converge).toBeUndefined()
    expect(jobs.converge?.result).toBe('skipped')
    expect(gates).toEqual([])
    expect(outputs).toMatchObject({ outcome: 'looked', drift: 'true', release: 'v1' })
  })

  test('with drift it converges behind the gate, in the checkout of what serves', async () => {
    gates.length = 0
    const { asked, scene: given } = scene(
      { '$/actions/status': [serving], '$/actions/reconcile': [compared(true), converged] },
      { gate, secrets: { ROLLGATE_ENV: 'A=b' }, files: ['.github/actions/rollgate-setup/action.yml'] },
    )
    const inputs = { environment: 'production', converge: true, 'fail-on-drift': true }
    const { jobs, outputs } = await runWorkflow(reconcile, inputs, given)
    // A red step for a drift would prevent the convergence after it.
    expect(asked[2]?.with['fail-on-drift']).toBe('false')
    expect(gates).toEqual(['converge asks for production'])
    expect(jobs.converge).toMatchObject({
      result: 'success',
      name: 'Bring production back to v1',
      steps: ['Pass the gate', 'Check out the release that serves', 'Set up', 'Converge'],
    })
    expect(asked.at(-1)).toMatchObject({ with: { converge: 'true' }, env: { ROLLGATE_ENV: 'A=b' } })
    expect(outputs).toMatchObject({ outcome: 'succeeded', drift: 'true', 'deployment-id': '9' })
  })

  test('without drift nobody is asked for the gate', async () => {
    gates.length = 0
    const { scene: given } = scene(
      { '$/actions/status': [serving], '$/actions/reconcile': [compared(false)] },
      { gate },
    )
    const { jobs, outputs } = await runWorkflow(
      reconcile,
      { environment: 'production', converge: true },
      given,
    )
    expect(jobs.converge?.result).toBe('skipped')
    expect(gates).toEqual([])
    expect(outputs).toMatchObject({ outcome: 'looked', drift: 'false' })
  })

  test('without a serving release there is nothing to check out', async () => {
    const nothing = { outputs: { outcome: 'looked', release: '', sha: '' } }
    const { asked, scene: given } = scene({
      '$/actions/status': [nothing],
      '$/actions/reconcile': [{ outputs: { outcome: 'looked', drift: 'false' } }],
    })
    const { jobs } = await runWorkflow(reconcile, { environment: 'production' }, given)
    expect(asked.map(({ uses }) => uses)).toEqual(['$/actions/status', '$/actions/reconcile'])
    expect(jobs.look?.result).toBe('success')
  })

  test('drift turns the run red where that is asked for', async () => {
    const { asked, scene: given } = scene({
      '$/actions/status': [serving],
      '$/actions/reconcile': [compared(true, true)],
    })
    const { jobs, outputs } = await runWorkflow(
      reconcile,
      { environment: 'production', 'fail-on-drift': true },
      given,
    )
    expect(asked[2]?.with['fail-on-drift']).toBe('true')
    expect(jobs.look?.result).toBe('failure')
    expect(jobs.converge?.result).toBe('skipped')
    expect(outputs.drift).toBe('true')
  })
})
