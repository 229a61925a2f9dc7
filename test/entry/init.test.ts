import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { CommandWords, Terminal } from '../../src/entry/cli/command.ts'
import { commandLine } from '../../src/entry/cli/command-line.ts'
import type { Person } from '../../src/entry/cli/init/asking.ts'
import { initialise } from '../../src/entry/cli/init/init.ts'
import { signed } from '../../src/init/upgrade/written.ts'
import { type Files, repositories } from '../init/repositories.ts'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'init-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

const git = (...words: readonly string[]) => spawnSync('git', words, { cwd: folder, encoding: 'utf8' })

function aRepository(files: Files, branch = 'main'): void {
  git('init', '--quiet', '--initial-branch', branch)
  write(files)
}

function write(files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

interface Said {
  readonly code: number
  readonly said: string
}

function terminal(interactive = false): Terminal & { readonly said: () => string } {
  let said = ''
  const { GITHUB_ACTIONS: _job, ...env } = process.env
  return {
    folder,
    env,
    colours: false,
    columns: 80,
    interactive,
    write: (text) => {
      said += text
    },
    said: () => said,
  }
}

async function rollgate(...words: readonly string[]): Promise<Said> {
  const here = terminal()
  return { code: await commandLine(words, here), said: here.said() }
}

/** Every file below the repository with its text, links as such. */
function everything(): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !/^\.git($|\/)/.test(path),
  )
  return Object.fromEntries(
    paths.flatMap((path) => {
      const about = lstatSync(join(folder, path))
      if (about.isSymbolicLink()) return [[path, 'a link']]
      return about.isFile() ? [[path, readFileSync(join(folder, path), 'utf8')]] : []
    }),
  )
}

const written = [
  '.github/rollgate.yml',
  '.github/workflows/rollgate-watch.yml',
  '.github/workflows/rollgate.yml',
  'bin/rollgate-instance',
]
const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8')
const own = () =>
  Object.keys(everything())
    .filter((path) => written.includes(path))
    .toSorted()

describe('rollgate init', () => {
  test('writes four files that check takes, and says what to do next; run again, it changes nothing', async () => {
    aRepository(repositories.node)
    const first = await rollgate('init', '--yes')
    expect([first.code, own()]).toEqual([0, written])
    expect(first.said).toContain('gh api --method PUT')
    expect(first.said).toContain('gh secret set ROLLGATE_ENV --env production')
    expect(lstatSync(join(folder, 'bin/rollgate-instance')).mode & 0o111).toBe(0o111)
    git('add', '--all')
    expect(await rollgate('check')).toMatchObject({ code: 0, said: expect.stringContaining('0 problems') })
    const before = everything()
    expect(await rollgate('init', '--yes')).toMatchObject({
      code: 0,
      said: expect.stringContaining('nothing to do'),
    })
    expect(everything()).toEqual(before)
  })

  test('--dry-run shows each file and changes nothing', async () => {
    aRepository(repositories.rails)
    const before = everything()
    const { code, said } = await rollgate('init', '--dry-run')
    expect([code, everything()]).toEqual([0, before])
    for (const path of written) expect(said).toContain(`would write ${path}`)
    expect(said).toContain('rails db:migrate')
  })

  test('without a terminal and without an answer: one sentence, 2', async () => {
    aRepository(repositories.node)
    const { code, said } = await rollgate('init')
    expect([code, said.trim().split('\n').length, own()]).toEqual([2, 1, []])
    expect(said).toContain('rollgate init --yes')
  })

  test('at a terminal at most five questions are asked; a wrong answer is asked again', async () => {
    aRepository(repositories.node)
    const asked: string[] = []
    const replies = ['production', 'no host!', 'runner', '', '', 'alice']
    const person: Person = {
      put: async ({ name }, wrong) => {
        asked.push(wrong === null ? name : `${name}: ${wrong}`)
        return replies[asked.length - 1] ?? null
      },
      confirm: async () => false,
      close: () => {},
    }
    expect(await initialise(words({}), terminal(true), () => person)).toBe(0)
    expect(asked).toEqual(
      ['environments', 'hosts', expect.stringMatching(/^hosts: no!? /), 'health', 'runner', 'approvers'].map(
        (one) => (typeof one === 'string' ? one : expect.stringContaining('is no host')),
      ),
    )
    expect(textOf('.github/rollgate.yml')).toContain('from: [ alice ]')
  })

  test('outside of a repository, and without files: one sentence, 1', async () => {
    expect(await rollgate('init', '--yes')).toMatchObject({
      code: 1,
      said: expect.stringContaining('git init'),
    })
    git('init', '--quiet')
    expect(await rollgate('init', '--yes')).toMatchObject({
      code: 1,
      said: 'There are no files here yet: nothing tells what is to be deployed.\n',
    })
  })

  test('several apps: their folders are named, and nothing is written', async () => {
    aRepository(repositories.monorepo)
    const { code, said } = await rollgate('init', '--yes')
    expect([code, own(), said]).toEqual([
      1,
      [],
      'This repository holds 2 apps: name one, like rollgate init --folder apps/api. There are apps/api, apps/web.\n',
    ])
    expect((await rollgate('init', '--yes', '--folder', 'apps/api')).code).toBe(0)
  })

  test('the default branch and the names are those of the repository', async () => {
    aRepository(repositories.node, 'trunk')
    const { said } = await rollgate('init', '--yes', '--environments', 'staging live')
    expect(said).toContain('-f name=trunk')
    expect(said).toContain('environments/live-watch')
  })
})

test('--with buttons adds a form for each word, also to a repository that was set up before', async () => {
  aRepository(repositories.node)
  await rollgate('init', '--yes')
  expect((await rollgate('init', '--yes', '--with', 'buttons')).code).toBe(0)
  expect(textOf('.github/workflows/rollgate-roll-back.yml')).toContain('workflow_dispatch:')
  expect((await rollgate('init', '--yes', '--with', 'knobs')).code).toBe(1)
})

test('--reusable writes callers in the place of the form, and says where they reach', async () => {
  aRepository(repositories.node)
  const { code, said } = await rollgate('init', '--yes', '--reusable')
  expect([code, own()]).toEqual([
    0,
    ['.github/rollgate.yml', '.github/workflows/rollgate-watch.yml', 'bin/rollgate-instance'],
  ])
  expect(textOf('.github/workflows/rollgate-deploy.yml')).toContain(
    'uses: rollgate/rollgate/.github/workflows/deploy.yml@',
  )
  expect(said).toContain('only where the repository and Rollgate have the same owner')
  expect(said).toContain('gh workflow run rollgate-deploy.yml')
  expect((await rollgate('init', '--upgrade', '--yes')).said).toContain('Nothing to do')
  expect((await rollgate('init', '--yes', '--reusable', '--with', 'buttons')).code).toBe(1)
})

describe('a file that is there', () => {
  test('is never written over: a config stays, and gets its workflows', async () => {
    aRepository({ ...repositories.node, '.github/rollgate.yml': 'version: 1\n' })
    const { code, said } = await rollgate('init', '--yes')
    expect([code, textOf('.github/rollgate.yml')]).toEqual([0, 'version: 1\n'])
    expect(said).toContain('.github/rollgate.yml is there, and stays.')
    expect(existsSync(join(folder, 'bin/rollgate-instance'))).toBe(false)
    expect(own()).toEqual(written.slice(0, 3))
  })

  test('a config at another path: the workflows name it', async () => {
    aRepository({ ...repositories.node, 'deploy/rollgate.yml': 'version: 1\n' })
    expect((await rollgate('init', '--yes')).code).toBe(0)
    expect(textOf('.github/workflows/rollgate.yml')).toContain('config: deploy/rollgate.yml')
    expect(existsSync(join(folder, '.github/rollgate.yml'))).toBe(false)
  })

  test('another workflow of the name stays, and is named', async () => {
    aRepository({ ...repositories.node, '.github/workflows/rollgate.yml': 'name: mine\n' })
    const { said } = await rollgate('init', '--yes')
    expect(said).toContain('stays   .github/workflows/rollgate.yml (another file is there)')
    expect(textOf('.github/workflows/rollgate.yml')).toBe('name: mine\n')
  })

  test('another script of the name: refused, and nothing is written', async () => {
    aRepository({ ...repositories.node, 'bin/rollgate-instance': 'echo mine\n' })
    const { code, said } = await rollgate('init', '--yes')
    expect([code, own(), said]).toEqual([
      1,
      ['bin/rollgate-instance'],
      expect.stringContaining('Nothing was written.'),
    ])
  })

  test('a link on the way is never followed', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'))
    onTestFinished(() => rmSync(outside, { recursive: true }))
    aRepository(repositories.node)
    symlinkSync(outside, join(folder, '.github'))
    const { code, said } = await rollgate('init', '--yes')
    expect([code, readdirSync(outside), said]).toEqual([1, [], expect.stringContaining('.github is a link')])
    expect(existsSync(join(folder, 'bin/rollgate-instance'))).toBe(false)
  })
})

describe('a hostile repository', () => {
  test('names, texts, sizes and links: nothing of it runs, and the config keeps its quotes', async () => {
    aRepository({
      ...repositories.node,
      "it's; touch owned/package.json": '{}',
      'a\nb/Dockerfile': 'FROM scratch\n',
      'compose.yaml': `services: {"$(touch owned)": {build: .}}\n`,
      'pom.xml': 'x'.repeat(300_000),
      Procfile: 'web: $(touch owned)\n',
      '.env.example': "A=1\nB='$(touch owned)'\n`touch owned`=1\n",
    })
    symlinkSync('/etc/passwd', join(folder, 'Gemfile'))
    git('config', 'core.fsmonitor', 'touch owned')
    git('remote', 'add', 'origin', 'https://example.com/acme/x"; touch owned #.git')
    expect((await rollgate('init', '--yes')).code).toBe(0)
    git('config', '--unset', 'core.fsmonitor')
    git('add', '.github', 'bin')
    expect(existsSync(join(folder, 'owned'))).toBe(false)
    expect(await rollgate('check')).toMatchObject({ said: expect.stringContaining('0 problems') })
    expect(textOf('.github/rollgate.yml')).not.toMatch(/touch owned|[$]\(/)
  })

  test('a terminal obeys nothing in a name or a workflow that init shows F52', async () => {
    const start = String.fromCharCode(27)
    const uses = `# Written by \`rollgate init\` for v0\njobs:\n  a:\n    steps:\n      - uses: rollgate/rollgate/actions/deploy@v0\n      # ${start}]0;x\u202e\n`
    aRepository({
      'package.json': '{}',
      '.github/workflows/rollgate.yml': uses,
      [`.github/workflows/${start}[2J.yml`]: uses,
    })
    for (const how of ['--upgrade', '--remove', '--yes']) {
      const { said } = await rollgate('init', how)
      expect(said, how).toMatch(/\w/)
      expect(said, how).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
    }
  })
})

describe('rollgate init --upgrade', () => {
  const from010 = 'test/fixtures/0.1.0/examples'
  const workflowsOf010 = (): Files =>
    Object.fromEntries(
      readdirSync(from010)
        .filter((name) => name !== 'own-job.yml')
        .map((name) => [`.github/workflows/${name}`, readFileSync(join(from010, name), 'utf8')]),
    )
  const workflows = () =>
    Object.keys(everything())
      .filter((path) => path.startsWith('.github/workflows/'))
      .toSorted()

  test('shows the way from the workflows of 0.1.0, and goes it with --yes', async () => {
    aRepository({ ...workflowsOf010(), '.github/rollgate.yml': 'version: 1\n' })
    const before = workflows()
    const shown = await rollgate('init', '--upgrade')
    expect([shown.code, workflows()]).toEqual([0, before])
    expect(shown.said).toContain('--- a/.github/workflows/rollgate-decide.yml\n+++ /dev/null')
    expect(shown.said).toContain('+++ b/.github/workflows/rollgate.yml')
    expect((await rollgate('init', '--upgrade', '--yes')).code).toBe(0)
    expect(workflows()).toEqual([
      '.github/workflows/rollgate-drift.yml',
      '.github/workflows/rollgate-release.yml',
      '.github/workflows/rollgate-staging.yml',
      '.github/workflows/rollgate-watch.yml',
      '.github/workflows/rollgate.yml',
    ])
    expect(textOf('.github/workflows/rollgate.yml')).toContain('runs-on: [self-hosted, production]')
    const again = await rollgate('init', '--upgrade', '--yes')
    expect(again.said).toContain('Nothing to do')
  })

  test('leaves a workflow that was edited, and says which lines are its own', async () => {
    const edited = { '.github/workflows/rollgate-deploy.yml': 'permissions: {}\nconcurrency: mine\n' }
    const files = workflowsOf010()
    const [[path = '', added = ''] = []] = Object.entries(edited)
    aRepository({ ...files, [path]: (files[path] ?? '').replace('permissions: {}\n', added) })
    const { said } = await rollgate('init', '--upgrade', '--yes')
    expect(said).toContain(`stays   ${path}: it was edited.`)
    expect(said).toContain('  + concurrency: mine')
    expect(existsSync(join(folder, path))).toBe(true)
    await rollgate('init', '--upgrade', '--yes', '--overwrite-edited')
    expect(existsSync(join(folder, path))).toBe(false)
  })

  test('replaces a workflow that an earlier version wrote, unless it was edited', async () => {
    aRepository(repositories.node)
    await rollgate('init', '--yes', '--runner', 'deployers')
    const path = '.github/workflows/rollgate.yml'
    const now = textOf(path)
    writeFileSync(join(folder, path), now.replace('timeout-minutes: 10', 'timeout-minutes: 20'))
    expect((await rollgate('init', '--upgrade', '--yes')).said).toContain(`stays   ${path}: it was edited`)
    expect(textOf(path)).toContain('timeout-minutes: 20')
    await rollgate('init', '--upgrade', '--yes', '--overwrite-edited')
    expect(textOf(path)).toBe(now)
  })

  test('brings new commands into the form of an earlier version, with a difference', async () => {
    aRepository(repositories.node)
    await rollgate('init', '--yes', '--runner', 'deployers')
    const path = '.github/workflows/rollgate.yml'
    const now = textOf(path)
    const earlier = now
      .replace(/^( +options: \[deploy).*\]$/m, '$1, roll-back, restart, decide, status]')
      .replace('actions: write', 'actions: read')
    expect(earlier).not.toBe(now)
    writeFileSync(join(folder, path), resigned(earlier))
    const { said } = await rollgate('init', '--upgrade')
    expect(said).toMatch(/^\+ +options: \[deploy, .*restore, complete-migration/m)
    expect(textOf(path)).not.toBe(now)
    expect(await rollgate('init', '--upgrade', '--yes')).toMatchObject({ code: 0 })
    expect(textOf(path)).toBe(now)
  })
})

test('--upgrade keeps the path of the config, the buttons and the hours of the clock', async () => {
  aRepository({ ...repositories.node, 'deploy/rollgate.yml': 'version: 1\n' })
  await rollgate('init', '--yes', '--with', 'buttons')
  const [watch, button] = ['.github/workflows/rollgate-watch.yml', '.github/workflows/rollgate-restart.yml']
  const old = (text: string): string => text.replaceAll(/actions\/(\w+)@\S+( #.*)?/g, 'actions/$1@v0.0.1')
  const before = everything()
  for (const path of Object.keys(before).filter((one) => one.startsWith('.github/workflows/')))
    writeFileSync(join(folder, path), resigned(old(textOf(path))))
  rmSync(join(folder, '.github/workflows/rollgate-deploy.yml'))
  writeFileSync(join(folder, watch), textOf(watch).replace(/cron: .*/, "cron: '1 2 * * *'"))
  expect(await rollgate('init', '--upgrade', '--yes')).toMatchObject({ code: 0 })
  expect(textOf(watch)).toContain("cron: '1 2 * * *'")
  expect(textOf(watch)).toContain('config: deploy/rollgate.yml')
  expect(textOf(button)).toBe(before[button])
  expect(existsSync(join(folder, '.github/workflows/rollgate-deploy.yml'))).toBe(false)
  expect((await rollgate('init', '--upgrade', '--yes')).said).toContain('Nothing to do')
})

/** A workflow as an earlier version would have written it. */
const resigned = (text: string): string => signed(text.replace(/^# rollgate init wrote.*\n/m, ''))

test('rollgate init --remove says how to leave, and changes nothing', async () => {
  aRepository(repositories.node)
  await rollgate('init', '--yes')
  const before = everything()
  const { code, said } = await rollgate('init', '--remove')
  expect([code, everything()]).toEqual([0, before])
  expect(said).toContain('git rm .github/workflows/')
  expect(said).toContain('refs/rollgate/*')
  expect(said).toContain("GitHub's Deployments, releases with their manifests")
})

const words = (values: Readonly<Record<string, string>>): CommandWords => ({
  words: [],
  has: (name) => values[name] === 'true',
  value: (name) => values[name] ?? null,
})
