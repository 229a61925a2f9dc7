import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { KeptAnswer } from '../../src/domain/doctor/answers.ts'
import { commandLine } from '../../src/entry/cli/command-line.ts'
import type { Stage } from '../../src/sandbox/stage.ts'
import { openActions } from '../../src/sandbox/workflows/actions.ts'
import { stepOf, summaryOf } from '../../src/sandbox/workflows/run/run-start.ts'
import { ownWorkflows } from '../../src/workflows/own-workflows.ts'
import { aStage } from './rig.ts'
import { lean } from './story.ts'

vi.setConfig({ testTimeout: 240_000 })

const git = (stage: Stage, ...words: readonly string[]): string =>
  execFileSync('git', ['--git-dir', stage.github.gitDir, ...words], { encoding: 'utf8' })

const answersIn = (stage: Stage): Readonly<Record<string, KeptAnswer>> => {
  const text = git(stage, 'show', 'refs/rollgate-doctor/shop:answers.json')
  const { answers } = JSON.parse(text) as { readonly answers: readonly KeptAnswer[] }
  return Object.fromEntries(answers.map((answer) => [answer.question, answer]))
}

async function says(stage: Stage, command: string): Promise<string> {
  let said = ''
  const write = (text: string) => {
    said += text
  }
  const { github, folder } = stage
  const token = github.token('rhea', { actions: 'read', contents: 'read', deployments: 'read' })
  const env = { PATH: process.env.PATH, GITHUB_API_URL: github.url, GITHUB_TOKEN: token }
  const terminal = { folder, colours: false, columns: 400, interactive: false, write, env }
  await commandLine([command, '--repo', github.repository], terminal)
  return said
}

test('the form asks GitHub behind the gate, leaves its answers alone, and a terminal shows them with their date', async () => {
  const config = { ...lean, production: { 'requires-variables': ['DATABASE_URL'] } }
  const stage = await aStage({ instances: 1, config: { ...config, rollout: { 'accept-downtime': true } } })
  const files = Object.fromEntries(ownWorkflows({ version: 'v0', runsOn: 'self-hosted' }))
  await stage.github.commit('main', files, 'Add the form and the clock')
  const secret = 'DATABASE_URL=postgres://very-secret'
  const actions = openActions(stage.github, {
    folder: mkdtempSync(join(stage.folder, 'jobs-')),
    environments: { production: { reviewers: ['rhea'] }, 'production-watch': {} },
    secrets: { environments: { production: { ROLLGATE_ENV: secret } } },
    env: stage.shop.env,
  })
  expect(await says(stage, 'doctor')).toContain('No job has asked your GitHub yet')
  expect(await says(stage, 'status')).toContain('No job has asked your GitHub yet')

  const before = git(stage, 'for-each-ref')
  const run = await actions.dispatch('rollgate.yml', { environment: 'production', do: 'doctor' })
  expect([run.jobs.look?.result, stepOf(run.jobs.act, 'gate')?.outputs.go]).toEqual(['success', 'true'])
  expect(run.jobs.act?.played?.map(({ name }) => name)).not.toContain('actions/checkout')
  const added = git(stage, 'for-each-ref').replace(before, '').trim().split('\n')
  expect(added).toEqual([expect.stringContaining('refs/rollgate-doctor/shop')])

  const answers = answersIn(stage)
  expect(Object.fromEntries(Object.entries(answers).map(([name, { health }]) => [name, health]))).toEqual({
    'approvals-recorded': 'well',
    'github-server': 'well',
    'ledger-rulesets': 'well',
    'ledger-writable': 'well',
    'owner-border': 'well',
    'runner-version': 'unknown',
    'secret-arrives': 'well',
    'token-rights': 'well',
  })
  expect(answers['approvals-recorded']).toMatchObject({ subject: 'production', value: 'found' })
  expect(answers['secret-arrives']?.what).toContain('DATABASE_URL')
  expect(git(stage, 'show', 'refs/rollgate-doctor/shop:answers.json')).not.toContain('very-secret')
  expect(summaryOf(run.jobs.act)).toContain(
    'https://github.com/rollgate/rollgate/blob/v0/docs/doctor.md#runner-version',
  )

  const day = answers['approvals-recorded']?.at.slice(0, 10)
  expect(await says(stage, 'doctor')).toContain(
    `Your GitHub answered on ${day}: GitHub shows the approval of this run for production, by rhea.`,
  )
})
