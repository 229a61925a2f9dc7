import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openOwnRepository } from '../../src/sandbox/own-repository.ts'
import { type PlayedRun, stepOf, summaryOf } from '../../src/sandbox/workflows/run/run-start.ts'
import { byTurns } from '../init/by-turns.ts'
import { onStandIn } from '../init/engine-stand-in.ts'
import { freePort } from '../init/free-port.ts'
import { type Files, type RepositoryKind, repositories } from '../init/repositories.ts'
import { standIns } from '../init/stand-ins.ts'

vi.setConfig({ testTimeout: 240_000 })

/** Kinds that are deployed as `rollgate init --yes` leaves them. */
const kinds = [
  ...(['node', 'compose', 'dockerfile', 'units', 'laravel', 'rails', 'django', 'kamal'] as const),
  ...(['capistrano', 'deployer', 'spryker', 'pages', 'go', 'java', 'procfile'] as const),
  ...(['manifests', 'kustomize', 'swarm', 'ecs'] as const),
] satisfies readonly RepositoryKind[]

const cli = new URL('../../dist/cli.js', import.meta.url).pathname

/** A person's checkout of the repository, set up by the built command line. */
async function setUp(kind: RepositoryKind) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'init-story-')))
  const checkout = join(folder, 'shop')
  const machine = standIns(join(folder, 'machine'))
  write(checkout, repositories[kind])
  const run = (
    program: string,
    ...words: readonly string[]
  ): { readonly code: number | null; readonly out: string } => {
    const { GITHUB_ACTIONS: _job, ...env } = process.env
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: checkout, env, encoding: 'utf8' })
    return { code: status, out: `${stdout}${stderr}` }
  }
  run('git', 'init', '--quiet', '--initial-branch', 'main')
  run('git', 'add', '--all')
  const written = run(
    process.execPath,
    cli,
    'init',
    '--yes',
    '--environments',
    'production',
    '--port',
    String(await freePort()),
  )
  expect(written).toMatchObject({ code: 0 })
  run('git', 'add', '--all')
  expect(run(process.execPath, cli, 'check')).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 problems'),
  })
  const config = join(checkout, '.github/rollgate.yml')
  if (/^ +engine:/m.test(readFileSync(config, 'utf8')))
    writeFileSync(config, onStandIn(readFileSync(config, 'utf8')))
  const script = (word: string): string => {
    const env = {
      ...machine,
      ROLLGATE_ENVIRONMENT: 'production',
      ROLLGATE_INSTANCE: 'shop-1',
      ROLLGATE_CHECKOUT: checkout,
    }
    return spawnSync(join(checkout, 'bin/rollgate-instance'), [word], {
      cwd: checkout,
      env,
      encoding: 'utf8',
    }).stdout.trim()
  }
  onTestFinished(() => {
    script('stop')
    rmSync(folder, { recursive: true, force: true })
  })
  const deployed = join(folder, 'machine/deployed')
  /** The commit that runs: as the script sees it, or as the tool that deploys wrote it down. */
  const serving = (): string =>
    existsSync(deployed) ? readFileSync(deployed, 'utf8').trim() : script('version')
  return { folder, checkout, machine, serving }
}

function write(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** How a run ended, as its jobs and the step behind the gate tell it. */
const told = ({ conclusion, problems, jobs }: PlayedRun): readonly unknown[] => [
  conclusion,
  problems,
  stepOf(jobs.act, 'act')?.outputs.outcome,
]

const chosen = process.env.ROLLGATE_INIT_KINDS === 'all' ? kinds : byTurns(kinds, 2)

describe('a repository as rollgate init leaves it', () => {
  test.each(chosen)('%s: releases, a question and its answer, a rollback and the clock', async (kind) => {
    const { folder, checkout, machine, serving } = await setUp(kind)
    await using own = await openOwnRepository({
      ...{ folder, source: checkout, env: machine },
      environments: { production: { reviewers: ['rhea'] }, 'production-watch': {} },
    })
    const release = async (tag: string, files: Files = {}): Promise<string> => {
      const sha = await own.commit({ 'notes.txt': `${tag}\n`, ...files }, `Release ${tag}`)
      await own.github.tag(tag, sha)
      return sha
    }
    const fill = (inputs: object): Promise<PlayedRun> =>
      own.actions.dispatch('rollgate.yml', { environment: 'production', ...inputs })

    const first = await release('v1.0.0')
    const run = await fill({ do: 'deploy', release: 'v1.0.0' })
    expect([...told(run), serving()]).toEqual(['success', [], 'succeeded', first])
    expect(summaryOf(run.jobs.look)).toContain('v1.0.0')

    const second = await release('v1.1.0')
    expect([...told(await fill({ do: 'deploy', release: 'v1.1.0' })), serving()]).toEqual([
      ...['success', [], 'succeeded', second],
    ])

    await release('v1.2.0', { '.broken': 'yes\n' })
    const bad = await fill({ do: 'deploy', release: 'v1.2.0' })
    expect(told(bad)).toEqual(['failure', [], 'waiting'])

    const question = stepOf(bad.jobs.act, 'act')?.outputs.pause ?? ''
    const answer = await fill({ do: 'decide', question, decision: 'roll-back', reason: 'it does not start' })
    expect([...told(answer), serving()]).toEqual(['success', [], 'rolled-back', second])

    expect([...told(await fill({ do: 'roll-back' })), serving()]).toEqual(['success', [], 'succeeded', first])

    const watched = await own.actions.schedule('rollgate-watch.yml')
    expect([watched.conclusion, watched.problems]).toEqual(['success', []])
    expect(own.github.violations).toEqual([])
  })
})
