import { describe, expect, test } from 'vitest'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import { identified } from '../../src/pipeline/lock/identity.ts'
import { aPast } from '../domain/a-ledger.ts'
import { newer } from '../domain/a-plan.ts'
import { createMemoryLedgers } from '../fakes/memory-ledger.ts'

const configPath = '.github/rollgate.yml'
const used: Partial<Ledger> = { history: [aPast(newer)] }

function ledgers() {
  const memory = createMemoryLedgers()
  const standing = new Set<string>()
  const by = (path = configPath, confirmed: 'new' | 'moved' | null = null) =>
    identified(memory, { configPath: path, confirmed, stands: async (other) => standing.has(other) })
  const write = (app: string, environment: string, change: Partial<Ledger> = {}, path = configPath) =>
    by(path).append(null, { ...emptyLedger(app, environment), ...change }, 'before')
  return { memory, by, write, standing }
}

describe('an environment without a ledger', () => {
  test('is refused where the same config has a history under another app F24 F46', async () => {
    const { by, write } = ledgers()
    await write('old-name', 'production', used)
    await expect(by().read('new-name', 'production')).rejects.toMatchObject({
      code: 'ledger-elsewhere',
      next: expect.stringContaining('app: old-name'),
    })
  })

  test('is refused where a block is all that stands under the other app F46', async () => {
    const { by, write } = ledgers()
    const blocked = [{ tag: 'v1', sha: newer.sha, reason: 'it loses orders', by: 'rhea', at: '' }]
    await write('old-name', 'production', { blocked })
    await expect(by().read('new-name', 'production')).rejects.toMatchObject({ code: 'ledger-elsewhere' })
  })

  test('is refused beside a ledger that an earlier version wrote: whose config it is nobody knows F24', async () => {
    const { memory, by } = ledgers()
    await memory.append(null, { ...emptyLedger('old-name', 'production'), ...used }, 'before')
    await expect(by().read('new-name', 'production')).rejects.toMatchObject({ code: 'ledger-elsewhere' })
  })

  test('is refused where its name was written in another case F26', async () => {
    const { by, write } = ledgers()
    await write('shop', 'Production', used)
    await expect(by().read('shop', 'production')).rejects.toMatchObject({
      code: 'ledger-elsewhere',
      next: expect.stringContaining('Name the environment Production'),
    })
  })

  test.each([
    ['shop', 'Restore the reference'],
    ['old-name', 'app: old-name'],
  ])('is refused where only records of %s are left F24', async (app, next) => {
    const { memory, by } = ledgers()
    memory.neighbours = async (environment) => [{ app, environment, kind: 'record' }]
    await expect(by().read('shop', 'production')).rejects.toMatchObject({
      code: 'ledger-elsewhere',
      next: expect.stringContaining(next),
    })
  })

  test('is asked for again where GitHub lists its ledger and does not show it F24', async () => {
    const { memory, by } = ledgers()
    memory.neighbours = async (environment) => [{ app: 'shop', environment, kind: 'ledger' }]
    await expect(by().read('shop', 'production')).rejects.toMatchObject({ code: 'github-unavailable' })
  })

  test('begins beside another app’s: of another config, of no history, or when a person says so F24 F25', async () => {
    const { by, write } = ledgers()
    await write('api', 'production', used, 'api/rollgate.yml')
    await write('idle', 'production')
    await write('shop', 'staging', used)
    expect((await by().read('site', 'production')).head).toBeNull()
    await write('old-name', 'production', used)
    expect((await by(configPath, 'new').read('site', 'production')).head).toBeNull()
  })
})

test('a config that still stands where it was has not moved: no other one takes its ledger over F46', async () => {
  const { by, write, standing } = ledgers()
  await write('shop', 'production', used)
  standing.add(configPath)
  const taken = by('services/b/rollgate.yml', 'moved').read('shop', 'production')
  await expect(taken).rejects.toMatchObject({ code: 'ledger-elsewhere' })
})

describe('a ledger', () => {
  test('is refused to another config that names no app of its own F25', async () => {
    const { by, write } = ledgers()
    await write('acme', 'production', used, 'site/rollgate.yml')
    await expect(by('api/rollgate.yml').read('acme', 'production')).rejects.toMatchObject({
      code: 'ledger-elsewhere',
      what: expect.stringContaining('site/rollgate.yml'),
    })
  })

  test('goes with a config that moved when a person says so F25', async () => {
    const { by, write } = ledgers()
    await write('acme', 'production', used, 'rollgate.yml')
    const { head, ledger } = await by(configPath, 'moved').read('acme', 'production')
    expect(ledger.config).toBe(configPath)
    await by(configPath, 'moved').append(head, ledger, 'goes on')
    expect((await by().read('acme', 'production')).ledger.config).toBe(configPath)
  })

  test('written by an earlier version is read by its config, and knows it from the next write on F25', async () => {
    const { memory, by } = ledgers()
    await memory.append(null, { ...emptyLedger('shop', 'production'), ...used }, 'before')
    const { head, ledger } = await by().read('shop', 'production')
    await by().append(head, ledger, 'goes on')
    await expect(by('other.yml').read('shop', 'production')).rejects.toMatchObject({
      code: 'ledger-elsewhere',
    })
  })
})
