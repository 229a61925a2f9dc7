import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const { jobs } = parse(readFileSync('.github/workflows/publish.yml', 'utf8'))
const step = jobs.publish.steps.find(({ name }: { name: string }) => name === 'Move the major tag')

/** Runs the step with a `gh` that notes its token and its words, and answers the way the test says. */
function moving(gh: string, env: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-publish-'))
  const asked = join(folder, 'asked')
  writeFileSync(join(folder, 'gh'), `#!/bin/sh\necho "$GH_TOKEN $*" >>'${asked}'\n${gh}\n`)
  chmodSync(join(folder, 'gh'), 0o755)
  const { status, stdout } = spawnSync('bash', ['-e', '-c', step.run], {
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      GITHUB_REF_NAME: 'v0.2.0',
      GITHUB_SHA: 'abc',
      GH_REPO: 'o/r',
      GH_TOKEN: 'job',
      MAJOR_TAG_TOKEN: '',
      ...env,
    },
  })
  return { status, stdout, asked: readFileSync(asked, 'utf8').trimEnd().split('\n') }
}

test('the major tag is moved, or made, by the token that may, where there is one', () => {
  const moved = moving('exit 0', { MAJOR_TAG_TOKEN: 'app' })
  expect(moved).toMatchObject({ status: 0, stdout: '' })
  expect(moved.asked[1]).toBe(
    'app api --method PATCH repos/o/r/git/refs/tags/v0 -f sha=abc -F force=true --silent',
  )
  const made = moving('case "$*" in *POST*) exit 0;; *) exit 1;; esac')
  expect(made).toMatchObject({ status: 0, stdout: '' })
  expect(made.asked[1]).toContain('job api --method POST repos/o/r/git/refs -f ref=refs/tags/v0')
})

test('a refused move of the major tag is red, and names the command that moves it', () => {
  const { status, stdout } = moving('case "$*" in *PATCH*) exit 1;; *) exit 0;; esac')
  expect(status).toBe(1)
  expect(stdout).toMatch(
    /^::error title=v0 was not moved::v0\.2\.0 is published.*git push --force origin abc:refs\/tags\/v0\n$/,
  )
})
