import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startGitHub } from '../../src/sandbox/github/github.ts'
import { cloneShared } from '../../src/sandbox/runner/shared-clone.ts'

test('a clone made by hand is the one that git makes, and is checked out like it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-clone-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const github = await startGitHub({ folder, repository: 'acme/shop' })
  onTestFinished(() => github.stop())
  await github.commit('main', { 'a.txt': 'first\n' }, 'First', { tag: 'v1' })
  const sha = await github.commit('main', { 'a.txt': 'second\n', 'b/c.txt': 'c\n' }, 'Second')
  await github.tag('v2', sha, { annotated: true })
  await github.branch('next', sha)
  await github.setReference('refs/rollgate/shop/production', sha)

  const byGit = join(folder, 'by-git')
  const byHand = join(folder, 'by-hand')
  git(folder, 'clone', '--quiet', '--shared', '--no-checkout', github.gitDir, byGit)
  mkdirSync(byHand)
  cloneShared(github.gitDir, byHand)

  const about = (clone: string) => {
    git(clone, 'checkout', '--quiet', '--detach', 'refs/tags/v2')
    return {
      references: git(clone, 'for-each-ref', '--format=%(refname) %(objectname) %(symref)'),
      config: git(clone, 'config', '--local', '--list').split('\n').sort(),
      status: git(clone, 'status', '--porcelain'),
      files: git(clone, 'ls-files', '--stage'),
      fetched: git(clone, 'fetch', '--dry-run'),
      sound: git(clone, 'fsck', '--strict'),
    }
  }
  const wanted = about(byGit)
  expect(wanted.references).toContain('refs/remotes/origin/next')
  expect(about(byHand)).toEqual(wanted)
})

function git(folder: string, ...words: string[]): string {
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
  return execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8', env, stdio: 'pipe' })
}
