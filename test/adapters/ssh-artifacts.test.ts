import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMasker } from '../../src/adapters/masking.ts'
import { createProcessGroups } from '../../src/adapters/shell/leftovers.ts'
import { createArtifacts, type Receiver } from '../../src/adapters/ssh/artifacts.ts'
import { listener } from '../contracts/shell.contract.ts'
import { scratch } from './real-shell.ts'

test('an upload that fails is tried again once for all who waited for it', async () => {
  const folder = scratch()
  writeFileSync(join(folder, 'shop.tar'), 'content')
  const artifacts = createArtifacts({
    cwd: folder,
    env: process.env,
    masker: createMasker(),
    groups: createProcessGroups(join(scratch(), 'groups')),
  })
  const artifact = { path: 'shop.tar', checkout: '.', app: 'shop', sha: 'a'.repeat(40), previous: '' }
  const receiver: Receiver = {
    where: 'web-1',
    remote: { beside: () => ['sh', '-c', 'echo sent >>tries; exit 1'] },
    run: async () => ({ kind: 'exited', code: 0, tail: [], said: 'absent' }),
  }
  const bring = () => artifacts.bring(artifact, receiver, listener())
  const tries = () => readFileSync(join(folder, 'tries'), 'utf8').trim().split('\n')

  const failed = expect.objectContaining({ code: 'command-failed' })
  expect(await Promise.all([bring(), bring(), bring()])).toEqual([failed, failed, failed])
  expect(tries()).toHaveLength(2)
  expect(await bring()).toEqual(failed)
  expect(tries()).toHaveLength(3)
})

test('a file that leads out of the checkout is sent to no host F50', async () => {
  const folder = scratch()
  const home = scratch()
  writeFileSync(join(home, 'id_rsa'), 'key')
  symlinkSync(join(home, 'id_rsa'), join(folder, 'shop.tar'))
  const artifacts = createArtifacts({
    cwd: folder,
    env: process.env,
    masker: createMasker(),
    groups: createProcessGroups(join(scratch(), 'groups')),
  })
  const run = async () => expect.fail('nothing is asked of the host')
  const receiver: Receiver = { where: 'web-1', remote: { beside: run as never }, run }
  const artifact = { path: 'shop.tar', checkout: '.', app: 'shop', sha: 'a'.repeat(40), previous: '' }
  expect(await artifacts.bring(artifact, receiver, listener())).toMatchObject({
    code: 'artifact-missing',
    what: expect.stringContaining('out of the checkout'),
  })
})
