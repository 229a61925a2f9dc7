import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/adapters/github/connection.ts'
import { gitHubForms } from '../../src/adapters/github/form-starter.ts'
import { startGitHub } from '../../src/sandbox/github/github.ts'
import type { Permissions } from '../../src/sandbox/github/tokens.ts'

const form = `
on:
  workflow_dispatch:
    inputs:
      do: { type: string }
      environment: { type: string }
      release: { type: string }
jobs: {}
`
const inputs = { do: 'deploy', environment: 'production-eu', release: 'v1.2.0' }

async function forms(permissions: Permissions, files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-forms-'))
  const sandbox = await startGitHub({ folder, repository: 'acme/shop' })
  onTestFinished(async () => {
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
    expect(sandbox.violations).toEqual([])
  })
  await sandbox.commit('main', { README: 'a shop', ...files }, 'first')
  const github = connect({
    token: sandbox.token('github-actions[bot]', permissions),
    apiUrl: sandbox.url,
    repository: sandbox.repository,
    say: () => {},
    second: 1,
  })
  return { sandbox, forms: gitHubForms(github, 'rollgate.yml') }
}

const path0 = '.github/workflows/rollgate.yml'

test('a form is started on the default branch with its inputs, and GitHub tells the address of its run', async () => {
  const started = await forms({ actions: 'write' }, { [path0]: form })
  expect(await started.forms.start(inputs)).toEqual({
    kind: 'started',
    run: expect.stringMatching(/\/acme\/shop\/actions\/runs\/\d+$/),
  })
})

test('inputs that are longer than GitHub takes are refused, and nothing is started', async () => {
  const { forms: starter, sandbox } = await forms({ actions: 'write' }, { [path0]: form })
  const refused = await starter.start({ ...inputs, release: 'v'.repeat(65_536) })
  expect(refused).toMatchObject({ kind: 'refused', why: expect.stringContaining('inputs are too large') })
  expect(sandbox.runs).toEqual([])
})

test('a token that may not start workflows is refused, and the permission is named', async () => {
  const refused = await forms({ actions: 'read' }, { [path0]: form })
  expect(await refused.forms.start(inputs)).toMatchObject({
    kind: 'refused',
    why: expect.stringContaining('actions: write'),
  })
})

test.each([
  ['without the form', {}],
  ['with a form that does not take the fields', { [path0]: form.replace('release:', 'tag:') }],
])('a repository %s is refused', async (_title, files) => {
  const refused = await forms({ actions: 'write' }, files)
  expect(await refused.forms.start(inputs)).toMatchObject({ kind: 'refused' })
})

test.each([[{ kind: 'lost-response' }], [{ kind: 'status', status: 502 }]] as const)(
  'a form whose answer is lost may have started, and is not asked for again',
  async (fault) => {
    const lost = await forms({ actions: 'write' }, { [path0]: form })
    const struck = lost.sandbox.inject({
      on: { operation: 'actions/create-workflow-dispatch' },
      with: fault,
      times: Infinity,
    })
    expect(await lost.forms.start(inputs)).toEqual({ kind: 'asked' })
    expect(struck.hits).toBe(1)
  },
)
