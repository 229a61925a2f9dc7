import { chownSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { JobOptions } from '../../src/sandbox/stage.ts'
import { aStory, does, lean } from './story.ts'

const migrating = { ...lean, steps: { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } } }

/** The checkout of the release before, which must never pass for the wanted one. */
const before: JobOptions = { sha: 'refs/tags/v1.0.0' }

interface Trap {
  readonly options: JobOptions
  readonly inputs?: Readonly<Record<string, string>>
  readonly code: string
}

const arranged = (arrange: (workspace: string) => void, more: JobOptions = {}): JobOptions => ({
  ...more,
  arrange,
})

/** Gives everything in a folder to the user 65534, as a container's own user would own it. */
function giveAway(folder: string): void {
  for (const path of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    chownSync(join(folder, path), 65_534, 65_534)
}

const outside = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rollgate-outside-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a checkout that is another one, or that cannot be told, stops with a problem before any command of the release F03 F42', async () => {
  const stage = await aStory({ instances: 1, config: migrating })
  const { github, shop } = stage
  await stage.release('v1.0.0')
  const sha = await stage.release('v1.1.0')
  const elsewhere = outside()
  const traps: Readonly<Record<string, Trap>> = {
    'without .git': {
      options: arranged((workspace) => rmSync(join(workspace, '.git'), { recursive: true })),
      code: 'checkout-unknown',
    },
    // Git is looked for where systems keep it as well.
    'without git on PATH': {
      options: { ...before, env: { PATH: elsewhere } },
      code: 'checkout-differs',
    },
    'GIT_DIR of a repository at the wanted commit': {
      options: { ...before, env: { GIT_DIR: github.gitDir, GIT_WORK_TREE: elsewhere } },
      code: 'checkout-differs',
    },
    'working-directory by dots': {
      options: before,
      inputs: { 'working-directory': '..' },
      code: 'input-invalid',
    },
    'working-directory from the root': {
      options: before,
      inputs: { 'working-directory': elsewhere },
      code: 'input-invalid',
    },
    'working-directory through a link': {
      options: arranged((workspace) => symlinkSync(elsewhere, join(workspace, 'aside')), before),
      inputs: { 'working-directory': 'aside' },
      code: 'input-invalid',
    },
    ...(process.getuid?.() === 0
      ? { 'of another user': { options: arranged(giveAway, before), code: 'checkout-differs' } }
      : {}),
  }
  for (const [name, { options, inputs = {}, code }] of Object.entries(traps)) {
    const asked = { command: 'deploy', release: 'v1.1.0', ...inputs }
    const { main } = await does(stage, asked, { options: { sha, ...options } })
    expect([name, main.code, main.outputs['reason-code']]).toEqual([name, 1, code])
    expect([name, shop.journal(), github.deployments]).toEqual([name, [], []])
  }
})
