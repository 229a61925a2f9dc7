import { expect, test } from 'vitest'
import type { EnforcedRule } from '../../src/sandbox/rules/table.ts'
import { sceneMachine } from '../../src/sandbox/workflows/scene-machine.ts'
import { noValues } from '../../src/sandbox/workflows/site/actions-site.ts'
import { gateKeeper, unprotected } from '../../src/sandbox/workflows/site/gate-keeper.ts'
import { newestRunner } from '../../src/sandbox/workflows/site/runners.ts'
import { textRepository } from '../../src/sandbox/workflows/site/source-repository.ts'
import { textOf } from '../../src/sandbox/workflows/workflow-file.ts'
import { own, probedSite } from './rules/probed-run.ts'

/** The workflow that 0.1.0 told every team to copy, and the one that it calls. */
const example = textOf('test/fixtures/0.1.0/workflows/rollgate-deploy.yml')
const deploy = textOf('test/fixtures/0.1.0/workflows/deploy.yml')

const planned = { outcome: 'planned', plan: '{}', sha: '1'.repeat(40), release: 'v2' }

/** Runs the example in a repository of this owner. Returns its run, and the variables that the deployment got. */
async function deployed(owner: string, example: string, off: readonly EnforcedRule[] = []) {
  const given: Readonly<Record<string, string>>[] = []
  const repository = `${owner}/shop`
  const { start } = probedSite(
    {
      workflow: {},
      site: {
        repositories: {
          [repository]: textRepository(repository, { [own]: example }),
          'rollgate/rollgate': textRepository('rollgate/rollgate', {
            '.github/workflows/deploy.yml': deploy,
          }),
        },
        runners: {
          hosted: newestRunner,
          selfHosted: [{ owner, labels: ['self-hosted', 'production'], version: newestRunner }],
        },
        secrets: { ...noValues, environments: { production: { ROLLGATE_ENV: 'DATABASE_URL=postgres' } } },
        gates: gateKeeper({ production: { ...unprotected, reviewers: ['rhea'] } }, async () => ({
          by: 'rhea',
          state: 'approved',
        })),
        machine: sceneMachine({
          actions: {
            '$/actions/plan': () => ({ outputs: planned }),
            'actions/checkout': () => ({}),
            '$/actions/deploy': ({ env }) => {
              given.push(env)
              return { outputs: { outcome: 'succeeded' } }
            },
          },
          files: [],
        }),
      },
    },
    { off },
  )
  const inputs = { environment: 'production', release: 'v2' }
  const run = await start({ repository, event: { name: 'workflow_dispatch', inputs } }).ended
  return { run, given }
}

test('the example of 0.1.0 cannot deploy from a repository of another owner: no runner takes the gated job F18', async () => {
  const { run, given } = await deployed('acme', example)
  expect(run.jobs['deploy/plan']?.result).toBe('success')
  expect(run.jobs['deploy/deploy']).toMatchObject({
    result: 'failure',
    steps: [],
    problems: [
      "Called workflows cannot be queued onto self-hosted runners across organizations/enterprises. Failed to queue this job. Labels: 'self-hosted, production'",
    ],
  })
  expect(given).toEqual([])
})

test('on a hosted runner it deploys without the secret of the environment, however the call passes it F18', async () => {
  const hosted = example.replace(/^ {6}runs-on: .*$/m, '')
  for (const call of [hosted, `${hosted}    secrets: inherit\n`]) {
    const { run, given } = await deployed('acme', call)
    expect(run.conclusion).toBe('success')
    expect(given).toEqual([{ ROLLGATE_ENV: '' }])
  }
})

test('the old sandbox kept neither border, and saw it deploy with its secret F18', async () => {
  const off = [
    'self-hosted-owner-border',
    'environment-secrets-owner-border',
    'environment-secrets-isolated',
  ] as const
  const { run, given } = await deployed('acme', example, off)
  expect(run.conclusion).toBe('success')
  expect(given).toEqual([{ ROLLGATE_ENV: 'DATABASE_URL=postgres' }])
})

test('a repository of the same owner has its runner, and the secret only where the call names it F18', async () => {
  const silent = await deployed('rollgate', example)
  expect(silent.given).toEqual([{ ROLLGATE_ENV: '' }])
  const naming = await deployed('rollgate', `${example}    secrets: inherit\n`)
  expect(naming.given).toEqual([{ ROLLGATE_ENV: 'DATABASE_URL=postgres' }])
})
