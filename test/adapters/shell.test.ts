import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { shellContract } from '../contracts/shell.contract.ts'
import { realShell, scratch } from './real-shell.ts'

shellContract('processes', () => realShell().shell)

describe('how a command is started', () => {
  test('bash stops at the first failure, within a pipe too', async () => {
    expect(await realShell().run('false | cat\necho beyond')).toMatchObject({
      kind: 'exited',
      code: 1,
      lines: [],
    })
  })

  test('sh stops at the first failure', async () => {
    const ran = await realShell().run('echo before\nfalse\necho beyond', { shell: 'sh' })
    expect(ran).toMatchObject({ kind: 'exited', code: 1, lines: ['before'] })
  })

  test('another shell gets the script where its template says', async () => {
    const ran = await realShell().run('console.log(process.argv.length)', {
      shell: `${process.execPath} {0} more`,
    })
    expect(ran).toMatchObject({ kind: 'exited', code: 0, lines: ['3'] })
  })

  test('a value is never part of the script', async () => {
    const value = '"; echo injected; $(echo injected) `echo injected`'
    const ran = await realShell().run('echo "$VALUE"', {}, { VALUE: value })
    expect(ran.lines).toEqual([value])
  })

  test('it runs in its working directory, below the folder of the run', async () => {
    const { run, folder } = realShell()
    const ran = await run('mkdir -p app && cd app && pwd')
    expect(ran.lines).toEqual([join(folder, 'app')])
    expect((await run('pwd', { workingDirectory: 'app' })).lines).toEqual([join(folder, 'app')])
  })

  test('its standard input is empty', async () => {
    expect(await realShell().run('cat; echo done')).toMatchObject({ code: 0, lines: ['done'] })
  })

  test('nothing of its script is left in the temporary folder', async () => {
    const { run, folder } = realShell()
    const ran = await run(`stat -c %a "$(dirname "$0")"; exit 4`)
    expect(ran).toMatchObject({ code: 4, lines: ['700'] })
    expect(readdirSync(folder)).toEqual(['groups'])
  })
})

describe('the environment of a command', () => {
  test("the inputs and the output files of the action are not a command's", async () => {
    const hidden = ['INPUT_TOKEN', 'INPUT_MODE', 'GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE']
    const names = [...hidden, 'GITHUB_STEP_SUMMARY', 'GITHUB_SHA']
    const env = Object.fromEntries(names.map((name) => [name, `value of ${name}`]))
    const ran = await realShell(env).run('env | grep -E "^(INPUT_|GITHUB_)" || true')
    const seen = ran.lines.map((line) => line.split('=')[0])
    expect(seen).toContain('GITHUB_SHA')
    expect(seen.filter((name) => name !== 'GITHUB_SHA' && names.includes(`${name}`))).toEqual([])
  })
})

describe('a missing program', () => {
  test.each([
    ['bash', 'no-such-command', 'no-such-command'],
    ['bash', './bin/no-such-file', './bin/no-such-file'],
    ['sh', 'no-such-command', 'no-such-command'],
    ['sh', 'env no-such-command', 'no-such-command'],
  ])('in %s, a command: %s', async (shell, text, name) => {
    expect(await realShell().run(text, { shell })).toMatchObject({ kind: 'not-found', name })
  })

  test('the interpreter of a script', async () => {
    const { run, folder } = realShell()
    writeFileSync(join(folder, 'install'), '#!/usr/bin/env no-such-interpreter\n', { mode: 0o755 })
    expect(await run('./install')).toMatchObject({ kind: 'not-found', name: 'no-such-interpreter' })
  })

  test('the shell', async () => {
    const ran = await realShell().run('echo', { shell: 'no-such-shell {0}' })
    expect(ran).toMatchObject({ kind: 'not-found', name: 'no-such-shell' })
  })

  test('the working directory, and a file in its place', async () => {
    const { run, folder } = realShell()
    writeFileSync(join(folder, 'file'), '')
    for (const workingDirectory of ['no-such-folder', 'file', 'file/below'])
      expect(await run('echo', { workingDirectory })).toMatchObject({
        kind: 'not-found',
        name: workingDirectory,
      })
  })

  test('127 that nothing explains stays an exit code', async () => {
    expect(await realShell().run('echo line 3; exit 127')).toMatchObject({ kind: 'exited', code: 127 })
  })
})

describe('a text for stdin', () => {
  const ask = async (run: string, input?: string) => {
    const lines: string[] = []
    const { shell } = realShell()
    const command = { run, shell: 'bash', env: {}, workingDirectory: '.', timeout: 10_000 }
    const signal = new AbortController().signal
    const given = input === undefined ? {} : { input }
    const end = await shell.run(command, {}, { line: (text) => lines.push(text), signal, ...given })
    return { end, lines }
  }

  test('arrives whole, and a command that does not read it ends as it would', async () => {
    expect((await ask('wc -c', 'x'.repeat(300_000))).lines).toEqual(['300000'])
    expect((await ask('exit 3', 'x'.repeat(300_000))).end).toMatchObject({ kind: 'exited', code: 3 })
  })

  test('is empty where none is given', async () => {
    expect((await ask('wc -c')).lines).toEqual(['0'])
  })
})

describe('a program that cannot be started', () => {
  test('a shell that is no program ends with 126 and the reason', async () => {
    const file = join(scratch(), 'shell')
    writeFileSync(file, 'text', { mode: 0o644 })
    const ran = await realShell().run('echo', { shell: `${file} {0}` })
    expect(ran).toMatchObject({ kind: 'exited', code: 126 })
    expect(ran.tail.join()).toContain('EACCES')
  })

  test('an environment beyond what the system takes ends with 126 and the reason', async () => {
    const ran = await realShell().run('echo', {}, { HUGE: 'x'.repeat(4 * 1024 * 1024) })
    expect(ran).toMatchObject({ kind: 'exited', code: 126 })
    expect(ran.tail.join()).toContain('E2BIG')
  })
})
