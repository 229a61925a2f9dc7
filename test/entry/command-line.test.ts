import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { commandLine } from '../../src/entry/cli/command-line.ts'

let folder: string

beforeEach(() => {
  inJob = {}
  folder = mkdtempSync(join(tmpdir(), 'checked-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

const config = `version: 1
environments:
  staging:
    class: staging
    services: { web: { fleet: { ssh: { hosts: { web-1: { host: 10.0.0.1 }, web-2: { host: 10.0.0.2 } } } } } }
steps:
  migrate: { run: bin/migrate, phase: expand }
  post-deploy: bin/notify
services:
  web:
    fleet: { ssh: { user: deploy, host-keys: accept-new }, stop: stop-web, install: install-web, start: start-web }
    traffic: { haproxy: { socket: ["10.0.1.1:9999"], backend: web } }
    version: { run: cat REVISION }
    health-check: { run: systemctl is-active web }
tasks:
  clean: { run: bin/clean }
`
const scripts = { 'bin/migrate': 0o755, 'bin/notify': 0o755, 'bin/clean': 0o755 }

const git = (...words: readonly string[]) => spawnSync('git', words, { cwd: folder, encoding: 'utf8' })

function aCheckout(text: string, modes: Readonly<Record<string, number>> = scripts): void {
  for (const [path, mode] of Object.entries({ '.github/rollgate.yml': 0o644, ...modes })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), path.endsWith('.yml') ? text : '#!/bin/sh\n', { mode })
  }
  git('init', '--quiet')
  git('add', '--all')
}

let inJob: Readonly<Record<string, string>>

async function rollgate(...words: readonly string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const write = (text: string) => {
    said += text
  }
  const { GITHUB_ACTIONS: _job, ...env } = process.env
  const code = await commandLine(words, {
    folder,
    env: { ...env, ...inJob },
    colours: false,
    columns: 80,
    interactive: false,
    write,
  })
  return { code, said }
}

describe('rollgate check', () => {
  test('a config whose commands are all there: nothing found, 0', async () => {
    aCheckout(config)
    expect(await rollgate('check')).toEqual({
      code: 0,
      said: 'staging\n  nothing found\n.github/rollgate.yml: 0 problems, 0 warnings\n',
    })
  })

  test('scripts that are missing, misspelt or not executable: each with its key and what is meant, 1', async () => {
    aCheckout(config, { 'bin/migrates': 0o755, 'bin/notify': 0o644 })
    const { code, said } = await rollgate('check')
    expect(code).toBe(1)
    expect(said.split('\n').filter((line) => line.includes('release-incomplete'))).toEqual([
      '  .github/rollgate.yml:7:3  release-incomplete: steps.migrate runs bin/migrate, and your next commit has no such file. Is bin/migrates meant?',
      '  .github/rollgate.yml:8:3  release-incomplete: steps.post-deploy runs bin/notify, and in your next commit that file is not executable.',
      '  .github/rollgate.yml:16:3  release-incomplete: tasks.clean runs bin/clean, and your next commit has no such file.',
    ])
    expect(said).toContain('.github/rollgate.yml: 3 problems, 0 warnings\n')
  })

  test('a file that git does not know is none of the next release: one finding says to add it', async () => {
    aCheckout(config)
    git('rm', '--cached', '--quiet', 'bin/clean')
    const { code, said } = await rollgate('check')
    expect(code).toBe(1)
    expect(said).toContain(
      ':16:3  problem: tasks.clean runs bin/clean, which is in your working tree, and git does not know it.\n    Run git add bin/clean, and commit it with the config.\n',
    )
    expect(said).toContain('.github/rollgate.yml: 1 problem, 0 warnings')
  })

  test('a file that git ignores is not said to be only forgotten', async () => {
    aCheckout(config)
    git('rm', '--cached', '--quiet', 'bin/clean')
    writeFileSync(join(folder, '.gitignore'), 'bin/clean\n')
    expect((await rollgate('check')).said).not.toContain('git add')
  })

  test('an address with a variable that no instance is given: refused, 1', async () => {
    aCheckout(config.replace('{ run: systemctl is-active web }', '{ http: "http://$ADDRES:8080/health" }'))
    expect(await rollgate('check')).toMatchObject({
      code: 1,
      said: expect.stringContaining(
        'services.web.health-check needs $ADDRES, which is given to no instance of web',
      ),
    })
  })

  test('a script with line ends of Windows, as git keeps it, and the files of a workflow: each at its line, 1', async () => {
    aCheckout(config, { ...scripts, '.github/workflows/release.yml': 0o644 })
    writeFileSync(join(folder, 'bin/migrate'), '#!/bin/sh\r\nexit 0\r\n')
    const step = '{ uses: rollgate/rollgate/actions/release@v0, with: { artifacts: out/*.zip } }'
    writeFileSync(join(folder, '.github/workflows/release.yml'), `jobs:\n  a:\n    steps:\n      - ${step}\n`)
    git('-c', 'core.autocrlf=false', 'add', '--all')
    const { code, said } = await rollgate('check')
    expect(code).toBe(1)
    expect(said).toContain(
      '  bin/migrate:1:1  problem: bin/migrate begins with #!/bin/sh, and its lines end with CR LF',
    )
    expect(said).toContain('  .github/workflows/release.yml:4:1  warning: The artifacts pattern out/*.zip')
  })

  test('mistakes in a policy and in the recipe of each environment: all of them at once, each once, 1', async () => {
    aCheckout(
      `${config.replace('class: staging', 'class: stage').replace('phase:', 'fase:')}  slow: { run: x, timeout: soon }\n`,
    )
    const { said } = await rollgate('check')
    expect(said.match(/rollgate\.yml:\d+:\d+ /g)).toEqual(
      ['4:12', '7:32', '17:28'].map((at) => `rollgate.yml:${at} `),
    )
  })

  test('a misspelt key: its place, the key that is meant, 1', async () => {
    aCheckout(config.replace('phase:', 'fase:'))
    const { code, said } = await rollgate('check')
    expect(code).toBe(1)
    expect(said).toContain('.github/rollgate.yml:7:32')
    expect(said).toContain('unknown key `fase`; did you mean `phase`?')
  })

  test('in a job: the runner obeys nothing that a finding quotes F52', async () => {
    inJob = { GITHUB_ACTIONS: 'true' }
    aCheckout(config.replace('class: staging', 'class: "a\\n::error::owned"'))
    const { said } = await rollgate('check')
    expect(said).toContain('owned')
    expect(said).toMatch(/^::stop-commands::(\S+)\n[\s\S]*owned[\s\S]*\n::\1::\n$/)
  })

  test('a config that is named by its whole path: read from there', async () => {
    aCheckout(config)
    expect(await rollgate('check', join(folder, '.github/rollgate.yml'))).toMatchObject({ code: 0 })
  })

  test('no config, no checkout: the problem names which, 1', async () => {
    aCheckout(config)
    expect(await rollgate('check', 'other.yml')).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^config-missing: There is no other\.yml here\./),
    })
    rmSync(join(folder, '.git'), { recursive: true })
    expect(await rollgate('check')).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^checkout-unknown: .*not a git repository/),
    })
  })

  test('a link out of the checkout, a pipe, a device: check shows nothing of it, and ends F50', async () => {
    const secret = join(mkdtempSync(join(tmpdir(), 'outside-')), 'id_rsa')
    onTestFinished(() => rmSync(dirname(secret), { recursive: true }))
    writeFileSync(secret, 'root:x:0:0\n')
    const path = join(folder, '.github/rollgate.yml')
    const checked = async () => {
      const { code, said } = await rollgate('check')
      expect(said).not.toContain('root:x')
      return { code, said }
    }
    aCheckout(config)
    for (const target of [secret, '/dev/zero']) {
      rmSync(path)
      symlinkSync(target, path)
      expect(await checked()).toMatchObject({
        code: 1,
        said: expect.stringMatching(/^config-missing: .* cannot be read: it is outside of the checkout\./),
      })
    }
    rmSync(path)
    spawnSync('mkfifo', [path])
    expect(await checked()).toMatchObject({ code: 1, said: expect.stringContaining('it is no file') })
    rmSync(path)
    writeFileSync(path, config)
    writeFileSync(secret, '#!/bin/sh\r\nroot:x\r\n')
    rmSync(join(folder, 'bin/migrate'))
    symlinkSync(secret, join(folder, 'bin/migrate'))
    spawnSync('mkfifo', [join(folder, '.gitignore')])
    expect(await checked()).toMatchObject({ code: 1, said: expect.stringMatching(/\.gitignore cannot be/) })
  })

  test('a config or a .gitignore that cannot be read is not taken for absent F03', async () => {
    aCheckout(config)
    expect(await rollgate('check', 'bin')).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^config-missing: bin cannot be read: it is no file\./),
    })
    mkdirSync(join(folder, '.gitignore'))
    expect(await rollgate('check')).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^checkout-unknown: .*\.gitignore cannot be read/),
    })
  })

  test.each([
    [[], 'No command is given.'],
    [['chekc'], 'There is no command `chekc`; did you mean `check`?'],
    [['check', '--fast'], "Unknown option '--fast'."],
    [['check', 'one.yml', 'two.yml'], '`two.yml` is one word too many.'],
  ])('the words %j are wrong usage, said in one line: 2', async (words, first) => {
    const { code, said } = await rollgate(...words)
    expect(code).toBe(2)
    expect(said.split('\n')[0]).toBe(first)
    expect(said).toContain('Exit codes:')
  })

  test.each([[['--help']], [['help']], [['check', '--help']], [['check', '-h']]])(
    'the words %j ask for help: 0',
    async (words) => {
      const { code, said } = await rollgate(...words)
      expect(code).toBe(0)
      expect(said).toMatch(/^rollgate check \[file\] {3,}checks a config/m)
    },
  )
})
