import { describe, expect, test } from 'vitest'
import { absent } from '../../src/domain/reading.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import {
  aCommand,
  aLedgerServing,
  aLedgerWithChecks,
  aPlan,
  aPolicy,
  newer,
  older,
} from '../domain/a-plan.ts'
import { type InMemory, inMemory, opened } from './in-memory.ts'

const policy = aPolicy({ approval: { kind: 'none' } })
const filesOf = ({ sha }: { sha: string }) => `files of ${sha}`

/** Returns the folder of each command, relative to the checkout of the planned release. */
const foldersIn = ({ shell }: InMemory) =>
  Object.fromEntries(shell.calls.map(({ command: { run, workingDirectory } }) => [run, workingDirectory]))

const variablesOf = ({ shell }: InMemory, run: string) =>
  shell.calls.find(({ command }) => command.run === run)?.variables

function withoutFilesOf(memory: InMemory, sha: string): InMemory['ports'] {
  const { workspace } = memory.ports
  const checkout: typeof workspace.checkout = async (wanted) =>
    wanted === sha ? absent : workspace.checkout(wanted)
  return { ...memory.ports, workspace: { ...workspace, checkout } }
}

describe('the commands of the release that serves', () => {
  test('run in its files, and those of the planned release in the checkout F07', async () => {
    const memory = inMemory()
    const plan = aPlan({ policy, ledger: aLedgerWithChecks() })
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(foldersIn(memory)).toMatchObject({
      build: '.',
      'configure-broker': '.',
      'pre-deploy': filesOf(older),
      suspend: '.',
      migrate: '.',
      'check-older': filesOf(older),
      install: '.',
      'post-deploy': '.',
    })
    expect(variablesOf(memory, 'pre-deploy')).toMatchObject({
      ROLLGATE_RELEASE: newer.tag,
      ROLLGATE_CHECKOUT: filesOf(older),
      ROLLGATE_PREVIOUS_RELEASE: older.tag,
      ROLLGATE_PREVIOUS_CHECKOUT: filesOf(older),
    })
  })

  test('keep a working directory of their own, below those files F07', async () => {
    const memory = inMemory()
    const { serving } = aLedgerServing(older)
    const preDeploy = { ...aCommand('pre-deploy'), workingDirectory: 'ops/hooks' }
    const plan = aPlan({
      policy,
      ledger: aLedgerServing(older, { serving: serving && { ...serving, preDeploy } }),
    })
    await execute(await opened(memory, plan))
    expect(foldersIn(memory)['pre-deploy']).toBe(`${filesOf(older)}/ops/hooks`)
  })

  test('in a rollback are those of the newer release, in the files of the newer release F07', async () => {
    const memory = inMemory()
    memory.workspace.head = older.sha
    const plan = aPlan({
      policy,
      wanted: 'rollback',
      release: older,
      relation: 'behind',
      ledger: aLedgerServing(newer),
    })
    await execute(await opened(memory, plan))
    expect(foldersIn(memory)['pre-deploy']).toBe(filesOf(newer))
    expect(variablesOf(memory, 'pre-deploy')).toMatchObject({ ROLLGATE_RELEASE: older.tag })
  })

  test('are warned of before anything changes where those files cannot be had, and stop for a person F07', async () => {
    const memory = inMemory()
    const plan = aPlan({ policy })
    const ports = withoutFilesOf(memory, older.sha)
    const context = { ...(await opened(memory, plan)), ports }
    expect(await execute(context)).toMatchObject({
      kind: 'waiting',
      pause: {
        step: 'pre-deploy',
        options: expect.arrayContaining(['retry', 'force-next']),
        failure: { code: 'files-missing' },
      },
    })
    expect(memory.effects()).toEqual(['build', 'configure-broker'])
    const at = memory.voice.said.findIndex(
      (said) => said.kind === 'warning' && said.title === 'pre-deploy will stop',
    )
    expect(at).toBeGreaterThanOrEqual(0)
    expect(memory.voice.said.findIndex(({ kind }) => kind === 'quoted')).toBeGreaterThan(at)
  })

  test('do not run in a job without any checkout F07 F42', async () => {
    const memory = inMemory()
    memory.workspace.head = null
    const ports = withoutFilesOf(memory, older.sha)
    const ending = await execute({ ...(await opened(memory, aPlan({ policy }))), ports })
    expect(ending).toMatchObject({ outcome: { failure: { code: 'checkout-unknown' } } })
    expect(foldersIn(memory)).toEqual({})
  })
})
