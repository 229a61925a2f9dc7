import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { gitHubAsks } from '../../src/adapters/github/asks/store.ts'
import { connect } from '../../src/adapters/github/connection.ts'
import { asksRef } from '../../src/adapters/github/ledger/ref.ts'
import { found } from '../../src/domain/reading.ts'
import { type SandboxGitHub, startGitHub } from '../../src/sandbox/github/github.ts'
import type { OperationId } from '../../src/sandbox/github/operations.ts'
import { type AskSetting, askContract } from '../contracts/asks.contract.ts'
import { anAsk } from '../domain/an-ask.ts'
import { createMemoryAsks } from '../fakes/memory-asks.ts'

async function aGitHub() {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-asks-'))
  const sandbox = await startGitHub({ folder, repository: 'acme/shop' })
  const close = async () => {
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
    expect(sandbox.violations).toEqual([])
  }
  await sandbox.commit('main', { 'README.md': '' }, 'first')
  return { sandbox, close }
}

const clientOf = (sandbox: SandboxGitHub, repository = 'acme/shop') =>
  connect({
    token: sandbox.token('github-actions[bot]', { contents: 'write' }),
    ...{ apiUrl: sandbox.url, repository, say() {}, second: 1 },
  })

const git = ({ gitDir }: SandboxGitHub, ...args: string[]) =>
  execFileSync('git', ['--git-dir', gitDir, ...args], { encoding: 'utf8' })

askContract('the fake', async (): Promise<AskSetting> => {
  const asks = createMemoryAsks()
  return {
    asks,
    others: asks,
    plant: async (...place) => asks.plant(...place),
    messages: async (...place) => asks.messages(...place),
    hide: () => asks.hide({ code: 'permission-missing', what: 'Hidden.', why: '', next: '' }),
    close: async () => {},
  }
})

askContract('GitHub', async (): Promise<AskSetting> => {
  const { sandbox, close } = await aGitHub()
  let asks = gitHubAsks(clientOf(sandbox))
  let others = gitHubAsks(clientOf(sandbox))
  return {
    get asks() {
      return asks
    },
    get others() {
      return others
    },
    async plant(app, environment, text) {
      const commit = await sandbox.commit('planted', { 'asks.json': text, 'README.md': 'planted' }, 'planted')
      git(sandbox, 'update-ref', asksRef(app, environment), commit)
    },
    messages: async (app, environment) =>
      git(sandbox, 'log', '--reverse', '--format=%s', asksRef(app, environment)).trim().split('\n'),
    hide() {
      asks = others = gitHubAsks(clientOf(sandbox, 'acme/hidden'))
    },
    close,
  }
})

describe('asks on GitHub', () => {
  const polled = async () => {
    const { sandbox, close } = await aGitHub()
    onTestFinished(close)
    const asks = gitHubAsks(clientOf(sandbox))
    const requests = (operation: OperationId) =>
      sandbox.requests.filter((request) => request.operation === operation).length
    return { sandbox, asks, requests }
  }

  test('a run that polls makes one request while nobody asks, and while the asks stay the same', async () => {
    const { sandbox, asks } = await polled()
    for (let time = 0; time < 3; time++) await asks.read('shop', 'production')
    expect(sandbox.requests).toHaveLength(3)
    await asks.add('shop', 'production', anAsk())
    await asks.read('shop', 'production')
    const before = sandbox.requests.length
    for (let time = 0; time < 3; time++)
      expect(await asks.read('shop', 'production')).toEqual(found([anAsk()]))
    expect(sandbox.requests).toHaveLength(before + 3)
  })

  test.each(['git/create-ref', 'git/update-ref'] as const)(
    'an ask whose answer of %s is lost stands once',
    async (operation) => {
      const { sandbox, asks, requests } = await polled()
      if (operation === 'git/update-ref') await asks.add('shop', 'production', anAsk({ id: 'earlier' }))
      sandbox.inject({ on: { operation }, with: { kind: 'lost-response' } })
      await asks.add('shop', 'production', anAsk())
      expect(requests(operation)).toBeGreaterThan(0)
      const reading = await asks.read('shop', 'production')
      expect(reading.kind === 'found' && reading.value.filter(({ id }) => id === anAsk().id)).toHaveLength(1)
    },
  )
})
