import { expect, test } from 'vitest'
import { type Handler, runWorkflow, type Scene } from '../../src/sandbox/workflows/run.ts'

const deploy = 'examples/one-owner/rollgate-deploy.yml'
const rollback = 'examples/one-owner/rollgate-rollback.yml'
const restart = 'examples/one-owner/rollgate-restart.yml'
const decide = 'examples/one-owner/rollgate-decide.yml'

const sha = '1234567890123456789012345678901234567890'
const planned = { outcome: 'planned', plan: '{"schema":1}', sha, release: 'v2', 'previous-release': 'v1' }

/** Actions that answer with these outputs, and a list of the calls. */
function scene(answers: Record<string, ReturnType<Handler>>, rest: Partial<Scene> = {}) {
  const asked: Record<string, Parameters<Handler>[0]> = {}
  const all = { 'actions/checkout': {}, './.github/actions/rollgate-setup': {}, ...answers }
  const actions = Object.fromEntries(
    Object.entries(all).map(([name, answer]): [string, Handler] => [
      name,
      (call) => {
        asked[name] = call
        return answer
      },
    ]),
  )
  return { asked, scene: { actions, ...rest } }
}

test('a release and an environment are all that a deployment needs: plan, gate, deploy WX-03', async () => {
  const gates: string[] = []
  const { asked, scene: given } = scene(
    {
      '$/actions/plan': { outputs: planned },
      '$/actions/deploy': { outputs: { outcome: 'succeeded', 'deployment-id': '77' } },
    },
    {
      gate: (environment, job) => {
        gates.push(`${job} asks for ${environment}`)
        return 'approved'
      },
    },
  )
  const { jobs } = await runWorkflow(deploy, { environment: 'production', release: 'v2' }, given)
  expect(jobs['deploy/plan']?.result).toBe('success')
  expect(jobs['deploy/deploy']).toMatchObject({
    result: 'success',
    name: 'Deploy v2 to production',
    runsOn: ['self-hosted', 'production'],
    steps: ['Pass the gate', 'Check out the release', 'Deploy'],
  })
  expect(gates).toEqual(['deploy asks for production'])
  expect(asked['actions/checkout']?.with.ref).toBe(sha)
  expect(asked['$/actions/deploy']?.with).toMatchObject({ release: 'v2', plan: planned.plan })
  expect(jobs.deploy?.outputs).toMatchObject({
    outcome: 'succeeded',
    'deployment-id': '77',
    release: 'v2',
    'previous-release': 'v1',
  })
})

test('a tag that is pushed goes to staging by itself, and nowhere else WX-05 SP-44', async () => {
  const gates: string[] = []
  const { asked, scene: given } = scene(
    { '$/actions/plan': { outputs: planned }, '$/actions/deploy': { outputs: { outcome: 'succeeded' } } },
    {
      github: { ref_name: 'v2' },
      gate: (environment) => {
        gates.push(environment)
        return 'approved'
      },
    },
  )
  const { jobs } = await runWorkflow('examples/one-owner/rollgate-staging.yml', {}, given)
  expect(asked['$/actions/plan']?.with).toMatchObject({ environment: 'staging', release: 'v2' })
  expect(asked['$/actions/deploy']?.with).toMatchObject({ environment: 'staging', plan: planned.plan })
  expect(gates).toEqual(['staging'])
  expect(jobs.deploy?.result).toBe('success')
})

test.each([
  ['succeeded', {}, 'success'],
  ['failed', { fails: true }, 'failure'],
  ['cancelled', { fails: true }, 'failure'],
] as const)('a caller waits for the end, and is told %s CC-23', async (outcome, how, result) => {
  const { scene: given } = scene({
    '$/actions/plan': { outputs: planned },
    '$/actions/deploy': { outputs: { outcome }, ...how },
  })
  const { jobs } = await runWorkflow(deploy, { environment: 'production', release: 'v2' }, given)
  expect(jobs.deploy).toMatchObject({ result, outputs: { outcome } })
})

test('the plan is there to look at before a reviewer is asked MM-10 CC-10', async () => {
  const order: string[] = []
  const { scene: given } = scene(
    { '$/actions/plan': { outputs: planned }, '$/actions/deploy': { outputs: { outcome: 'succeeded' } } },
    {
      gate: (environment) => {
        order.push(`${environment} is asked for`)
        return 'rejected'
      },
    },
  )
  const plan = given.actions['$/actions/plan']
  const actions = {
    ...given.actions,
    '$/actions/plan': (call: Parameters<Handler>[0]) => {
      order.push(`planned ${call.with.release} for ${call.with.environment}`)
      return plan?.(call) ?? {}
    },
  }
  await runWorkflow(deploy, { environment: 'production', release: 'v2' }, { ...given, actions })
  expect(order).toEqual(['planned v2 for production', 'production is asked for'])
})

test('when the release serves already nobody is asked and nothing is deployed', async () => {
  const { scene: given } = scene({
    '$/actions/plan': { outputs: { outcome: 'already-deployed', release: 'v2', sha } },
  })
  const { jobs } = await runWorkflow(deploy, { environment: 'production', release: 'v2' }, given)
  expect(jobs['deploy/deploy']?.result).toBe('skipped')
  expect(jobs.deploy?.result).toBe('success')
  expect(jobs.deploy?.outputs.outcome).toBe('already-deployed')
})

test('a plan that is refused fails the run before anybody is asked', async () => {
  const refused = { outcome: 'refused', 'reason-code': 'release-older' }
  const { scene: given } = scene({ '$/actions/plan': { outputs: refused, fails: true } })
  const { jobs } = await runWorkflow(deploy, { environment: 'production', release: 'v1' }, given)
  expect(jobs['deploy/deploy']?.result).toBe('skipped')
  expect(jobs.deploy).toMatchObject({ result: 'failure', outputs: refused })
})

test('after a rejection no step has run, and the outcome says that there only was a plan GH-13', async () => {
  const { asked, scene: given } = scene(
    { '$/actions/plan': { outputs: planned } },
    { gate: () => 'rejected' },
  )
  const { jobs } = await runWorkflow(deploy, { environment: 'production', release: 'v2' }, given)
  expect(jobs['deploy/deploy']).toMatchObject({ result: 'failure', steps: [] })
  expect(asked['actions/checkout']).toBeUndefined()
  expect(jobs.deploy?.outputs.outcome).toBe('planned')
})

test('a plan that is lost on its way to the deploying job stops it: what was approved is not known', async () => {
  const { asked, scene: given } = scene({ '$/actions/plan': { outputs: { ...planned, plan: '' } } })
  const { jobs } = await runWorkflow(deploy, { environment: 'production', release: 'v2' }, given)
  expect(jobs['deploy/deploy']).toMatchObject({
    result: 'failure',
    steps: ['Pass the gate', 'Stop without the plan that was approved'],
  })
  expect(asked['$/actions/deploy']).toBeUndefined()
})

test('a deployment that fails fails the run, and its outcome, reason and pause come through', async () => {
  const outputs = {
    outcome: 'waiting',
    'reason-code': 'decision-needed',
    pause: '7.1',
    'deployment-id': '77',
  }
  const { scene: given } = scene({
    '$/actions/plan': { outputs: planned },
    '$/actions/deploy': { outputs, fails: true },
  })
  const { jobs } = await runWorkflow(deploy, { environment: 'production', release: 'v2' }, given)
  expect(jobs.deploy).toMatchObject({ result: 'failure', outputs })
})

test("the caller's set-up runs where there is one, after the checkout and before the deployment", async () => {
  const { scene: given } = scene(
    { '$/actions/plan': { outputs: planned }, '$/actions/deploy': {} },
    { files: ['.github/actions/rollgate-setup/action.yaml'] },
  )
  const { jobs } = await runWorkflow(deploy, { environment: 'production', release: 'v2' }, given)
  expect(jobs['deploy/deploy']?.steps).toEqual(['Pass the gate', 'Check out the release', 'Set up', 'Deploy'])
})

test('the secret reaches the step behind the gate and no other GH-12', async () => {
  const { asked, scene: given } = scene(
    { '$/actions/plan': { outputs: planned }, '$/actions/deploy': {} },
    { secrets: { ROLLGATE_ENV: 'DATABASE=secret' } },
  )
  await runWorkflow('.github/workflows/deploy.yml', { environment: 'production', release: 'v2' }, given)
  expect(asked['$/actions/deploy']?.env).toMatchObject({ ROLLGATE_ENV: 'DATABASE=secret' })
  expect(asked['$/actions/plan']?.env).toEqual({})
  expect(asked['actions/checkout']?.env).toEqual({})
})

test('runs-on is a label, or a JSON list of labels', async () => {
  const { scene: given } = scene({ '$/actions/plan': { outputs: planned }, '$/actions/deploy': {} })
  const on = async (runsOn: string) => {
    const inputs = { environment: 'production', release: 'v2', 'runs-on': runsOn }
    return (await runWorkflow('.github/workflows/deploy.yml', inputs, given)).jobs.deploy?.runsOn
  }
  expect(await on('ubuntu-24.04')).toBe('ubuntu-24.04')
  expect(await on('["self-hosted", "eu"]')).toEqual(['self-hosted', 'eu'])
})

test('a rollback needs only the environment, and goes behind the gate to the release that was planned WX-28', async () => {
  const { asked, scene: given } = scene({
    '$/actions/plan': { outputs: { ...planned, release: 'v1', 'previous-release': 'v2' } },
    '$/actions/rollback': { outputs: { outcome: 'succeeded' } },
  })
  const { jobs } = await runWorkflow(rollback, { environment: 'production' }, given)
  expect(asked['$/actions/plan']?.with).toMatchObject({ mode: 'rollback', release: '' })
  expect(asked['$/actions/rollback']?.with).toMatchObject({ release: 'v1', plan: planned.plan })
  expect(jobs['rollback/rollback']?.name).toBe('Roll production back to v1')
  expect(jobs.rollback?.outputs).toMatchObject({ outcome: 'succeeded', release: 'v1' })
})

test('a request is the same before and behind the gate, word for word SP-41 CC-31 CC-33', async () => {
  const { asked, scene: given } = scene({ '$/actions/plan': { outputs: planned }, '$/actions/deploy': {} })
  const words = { only: 'build', 'change-base': true, reset: true, confirm: 'production' }
  const inputs = { environment: 'production', release: 'v2', ...words }
  await runWorkflow('.github/workflows/deploy.yml', inputs, given)
  const [shown, done] = [asked['$/actions/plan']?.with ?? {}, asked['$/actions/deploy']?.with ?? {}]
  for (const [name, value] of Object.entries(words)) {
    expect(String(shown[name]), name).toBe(String(value))
    expect(done[name], name).toEqual(shown[name])
  }
})

test('a task goes behind the gate with its name and with what confirms it CC-33', async () => {
  const { asked, scene: given } = scene({
    '$/actions/plan': { outputs: planned },
    '$/actions/task': { outputs: { outcome: 'succeeded' } },
  })
  const inputs = { environment: 'staging', task: 'sync-data', confirm: 'staging' }
  const { jobs } = await runWorkflow('examples/one-owner/rollgate-task.yml', inputs, given)
  const words = { task: 'sync-data', confirm: 'staging' }
  expect(asked['$/actions/plan']?.with).toMatchObject({ mode: 'task', ...words })
  expect(asked['$/actions/task']?.with).toMatchObject({ plan: planned.plan, ...words })
  expect(jobs['task/task']?.name).toBe('Run sync-data in staging')
})

test('a restart needs only the environment, and goes behind the gate with the services that were planned CC-32', async () => {
  const { asked, scene: given } = scene({
    '$/actions/plan': { outputs: { ...planned, 'previous-release': planned.release } },
    '$/actions/restart': { outputs: { outcome: 'succeeded' } },
  })
  const { jobs } = await runWorkflow(restart, { environment: 'production', services: 'web' }, given)
  expect(asked['$/actions/plan']?.with).toMatchObject({ mode: 'restart', services: 'web' })
  expect(asked['$/actions/restart']?.with).toMatchObject({ services: 'web', plan: planned.plan })
  expect(asked['$/actions/restart']?.with).not.toHaveProperty('release')
  expect(jobs['restart/restart']?.name).toBe(`Restart ${planned.release} in production`)
  expect(jobs.restart?.outputs).toMatchObject({ outcome: 'succeeded', release: planned.release })
})

test('a decision checks out the release of the deployment that waits, and passes the answer on', async () => {
  const { asked, scene: given } = scene({
    '$/actions/plan': { outputs: { outcome: 'waiting', pause: '7.1', sha, release: 'v2' } },
    '$/actions/decide': { outputs: { outcome: 'succeeded', pause: '' } },
  })
  const answer = {
    environment: 'production',
    pause: '7.1',
    decision: 'retry',
    instances: 'web-3',
    reason: 'disk',
  }
  const { jobs } = await runWorkflow(decide, answer, given)
  expect(asked['$/actions/plan']?.with.mode).toBe('decision')
  expect(asked['actions/checkout']?.with.ref).toBe(sha)
  expect(asked['$/actions/decide']?.with).toMatchObject(answer)
  expect(jobs['decide/decide']?.name).toBe('Answer retry to question 7.1 of production (deployment of v2)')
  expect(jobs.decide).toMatchObject({ result: 'success', outputs: { outcome: 'succeeded', release: 'v2' } })
})

test('an answer to a question that does not wait is refused before anybody is asked to let it through WX-24', async () => {
  const gates: string[] = []
  const { asked, scene: given } = scene(
    { '$/actions/plan': { outputs: { outcome: 'waiting', pause: '7.2', sha, release: 'v2' } } },
    {
      gate: (environment) => {
        gates.push(environment)
        return 'approved'
      },
    },
  )
  const { jobs } = await runWorkflow(
    decide,
    { environment: 'production', pause: '7.1', decision: 'retry' },
    given,
  )
  expect(jobs['decide/look']?.steps).toContain('Refuse an answer to another question')
  expect(jobs['decide/decide']?.result).toBe('skipped')
  expect(gates).toEqual([])
  expect(asked['$/actions/decide']).toBeUndefined()
})

test('a decision while nothing waits fails with the reason of the look', async () => {
  const { scene: given } = scene({
    '$/actions/plan': { outputs: { outcome: 'refused', 'reason-code': 'decision-unasked' }, fails: true },
  })
  const { jobs } = await runWorkflow(
    decide,
    { environment: 'production', pause: '7.1', decision: 'retry' },
    given,
  )
  expect(jobs.decide).toMatchObject({ result: 'failure', outputs: { 'reason-code': 'decision-unasked' } })
})

test('the action as a step of a job of its own checks out the tag and runs what comes after it', async () => {
  const { asked, scene: given } = scene(
    { 'rollgate/rollgate': { outputs: { outcome: 'succeeded', release: 'v2' } } },
    { secrets: { ROLLGATE_ENV: 'A=b', REGISTRY_PASSWORD: 'c' } },
  )
  const { jobs } = await runWorkflow('examples/workflows/own-job.yml', { release: 'v2' }, given)
  expect(asked['actions/checkout']?.with.ref).toBe('refs/tags/v2')
  expect(asked['rollgate/rollgate']?.env).toEqual({ ROLLGATE_ENV: 'A=b', REGISTRY_PASSWORD: 'c' })
  expect(jobs.deploy?.steps).toHaveLength(4)
})
