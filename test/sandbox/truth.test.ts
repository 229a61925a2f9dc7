import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { EndedProcess } from '../../src/sandbox/runner/runner.ts'
import type { Stage } from '../../src/sandbox/stage.ts'
import { untruths } from '../../src/sandbox/truth/truth.ts'
import { endsApart, ledgerOf } from '../conversations/rig.ts'
import { aStory, lean, serving, unguarded } from '../conversations/story.ts'

const git = ({ github }: Stage, input: string, ...words: string[]): string =>
  execFileSync('git', ['--git-dir', github.gitDir, ...words], { encoding: 'utf8', input }).trim()

/** Lays another ledger in the place of production's. */
function forge(stage: Stage, ledger: object): void {
  const blob = git(stage, JSON.stringify(ledger), 'hash-object', '-w', '--stdin')
  const tree = git(stage, `100644 blob ${blob}\tledger.json\n`, 'mktree')
  const author = ['-c', 'user.name=story', '-c', 'user.email=story@example.com']
  const commit = git(stage, '', ...author, 'commit-tree', tree, '-m', 'forged')
  git(stage, '', 'update-ref', 'refs/rollgate/shop/production', commit)
}

test('a world that is not as ledger, record, result or page say → each lie is named', async () => {
  const stage = await aStory({ config: { ...lean, production: unguarded } })
  await serving(stage, 'v1')
  expect(await untruths(stage)).toEqual([])
  const right = await ledgerOf(stage)

  const release = { ...right.serving?.release, tag: 'v2' }
  forge(stage, { ...right, serving: { ...right.serving, release } })
  expect(await untruths(stage)).toEqual([
    'production: v2 serves, but web-1 serves v1 and not v2',
    'production: v2 serves, but web-2 serves v1 and not v2',
  ])
  const outcome = { kind: 'rolled-back', forced: [], excluded: [], failure: null }
  forge(stage, { ...right, history: [{ ...right.history[0], outcome }] })
  expect(await untruths(stage)).toEqual([
    'production: record 1 says success and not failure or error: deployment 1 ended as rolled-back',
    'production: a result says succeeded of deployment 1, the ledger rolled-back',
  ])
  forge(stage, right)
  expect(await untruths(stage)).toEqual([])

  const told = stage.told as EndedProcess[]
  const [main] = told
  if (main === undefined) throw new Error('the deployment told nothing')
  told[0] = { ...main, summary: '' }
  expect(await untruths(stage)).toEqual(['production: the page of deployment 1 does not name v1'])
  told[0] = main

  const [web] = stage.shop.instances
  await fetch(`${web?.url}/drain`, { method: 'POST' })
  await expect
    .poll(() => untruths(stage))
    .toEqual([
      'production: v1 serves, but web-1 is out of traffic',
      'production: the last page has web-1 as done, but web-1 is out of traffic',
    ])
  endsApart(stage, 'its last lie is told by hand')
})
