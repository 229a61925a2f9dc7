import { describe, expect, test } from 'vitest'
import { runWorkflow } from '../../src/sandbox/workflows/run.ts'
import { readWorkflow } from '../../src/sandbox/workflows/workflow-file.ts'

const schedule = '.github/workflows/schedule.yml'
const dispatch = '.github/workflows/dispatch.yml'

describe('schedule.yml', () => {
  test('writes in one job without an environment, a secret or a checkout', () => {
    const { jobs } = readWorkflow(schedule)
    expect(Object.keys(jobs)).toEqual(['schedule'])
    expect(jobs.schedule?.environment).toBeUndefined()
    expect(jobs.schedule?.permissions).toEqual({ contents: 'write', deployments: 'write', actions: 'read' })
    expect(jobs.schedule?.steps).toHaveLength(1)
    expect(JSON.stringify(jobs)).not.toContain('secrets.')
  })

  test('hands on what the form of the example was given, to schedule and to withdraw CC-14 CC-18', async () => {
    const asked: Readonly<Record<string, string>>[] = []
    const actions = {
      '$/actions/schedule': ({ with: given }: { readonly with: Readonly<Record<string, string>> }) => {
        asked.push(given)
        return { outputs: { outcome: 'scheduled', schedule: 's3', result: '{}' } }
      },
    }
    const form = { environment: 'production', reason: 'the campaign', timezone: 'Europe/Berlin' }
    const one = await runWorkflow(
      'examples/one-owner/rollgate-schedule.yml',
      { ...form, release: 'v1', at: '2026-12-01T09:00' },
      { actions },
    )
    expect(asked[0]).toMatchObject({
      ...{ environment: 'production', release: 'v1', at: '2026-12-01T09:00', timezone: 'Europe/Berlin' },
      ...{ 'max-lateness': '1h', withdraw: '', reason: 'the campaign' },
    })
    expect(one.jobs['schedule/schedule']?.name).toBe('Schedule v1 in production')
    expect(one.jobs.schedule?.outputs).toMatchObject({ outcome: 'scheduled', schedule: 's3' })
    const back = await runWorkflow(
      'examples/one-owner/rollgate-schedule.yml',
      { ...form, withdraw: 's3' },
      { actions },
    )
    expect(asked[1]).toMatchObject({ release: '', at: '', withdraw: 's3' })
    expect(back.jobs['schedule/schedule']?.name).toBe('Withdraw s3 in production')
  })
})

describe('dispatch.yml', () => {
  const { look, begin, ...others } = readWorkflow(dispatch).jobs

  test('looks without an environment or a secret, and begins behind the gate of the environment that is due GH-12', () => {
    expect(others).toEqual({})
    expect(look?.environment).toBeUndefined()
    expect(look?.permissions).toEqual({
      contents: 'write',
      deployments: 'write',
      issues: 'write',
      actions: 'read',
    })
    expect(JSON.stringify(look)).not.toContain('secrets.')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    expect(begin?.environment).toEqual({ name: '${{ matrix.environment }}', deployment: false })
    expect(begin?.permissions).toEqual(readWorkflow('.github/workflows/deploy.yml').jobs.deploy?.permissions)
    for (const job of [look, begin]) expect(job?.concurrency).toBeUndefined()
  })

  test('checks out the commit that was scheduled, and deploys by the schedule', async () => {
    const [gate, ...later] = begin?.steps ?? []
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    expect(gate?.with).toMatchObject({ mode: 'deploy', schedule: '${{ matrix.schedule }}' })
    const steps = later.filter(({ uses }) => uses !== undefined)
    expect(steps.map(({ uses = '' }) => uses.split('@')[0])).toEqual([
      'actions/checkout',
      './.github/actions/rollgate-setup',
      '$/actions/deploy',
    ])
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    expect(steps[0]?.with).toMatchObject({ ref: '${{ matrix.sha }}' })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    expect(steps[2]?.with).toMatchObject({ schedule: '${{ matrix.schedule }}' })
  })

  const deployed: Readonly<Record<string, string>>[] = []
  const looking = (due: readonly object[], fails = false) =>
    runWorkflow(
      dispatch,
      {},
      {
        actions: {
          '$/actions/dispatch': () => ({
            outputs: { outcome: 'dispatched', due: JSON.stringify(due), result: '{}' },
            fails,
          }),
          'actions/checkout': ({ with: given }) => {
            deployed.push(given)
            return {}
          },
          '$/actions/deploy': ({ with: given }) => {
            deployed.push(given)
            return { outputs: { outcome: 'succeeded' } }
          },
        },
        gate: (environment) => (environment === 'eu' ? 'rejected' : 'approved'),
      },
    )
  const due = [
    { environment: 'production', release: 'v1', sha: 'a'.repeat(40), schedule: 's3' },
    { environment: 'eu', release: 'v2', sha: 'b'.repeat(40), schedule: 's1' },
  ]

  test('while nothing is due the look is all that runs', async () => {
    const { jobs, outputs } = await looking([])
    expect(jobs.look?.result).toBe('success')
    expect(jobs.begin?.result).toBe('skipped')
    expect(outputs).toMatchObject({ due: '[]', result: '{}' })
  })

  test('a schedule missed in one environment is red, and keeps nothing back that is due in others CC-17', async () => {
    deployed.length = 0
    const { jobs } = await looking(due, true)
    expect(jobs.look?.result).toBe('failure')
    expect(jobs['begin/0']).toMatchObject({ name: 's3, v1 to production', result: 'success' })
    expect(jobs['begin/1']).toMatchObject({ name: 's1, v2 to eu', result: 'failure' })
    expect(deployed).toMatchObject([
      { ref: 'a'.repeat(40) },
      { environment: 'production', release: 'v1', schedule: 's3' },
    ])
  })
})
