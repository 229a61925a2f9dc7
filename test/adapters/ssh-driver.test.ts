import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMasker } from '../../src/adapters/masking.ts'
import { createProcessGroups } from '../../src/adapters/shell/leftovers.ts'
import { createOutput } from '../../src/adapters/shell/output.ts'
import { argvOf } from '../../src/adapters/shell/script.ts'
import type { Argv } from '../../src/adapters/ssh/commands.ts'
import { openConnection } from '../../src/adapters/ssh/connection.ts'
import { runRemotely } from '../../src/adapters/ssh/remote-command.ts'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { scratch } from './real-shell.ts'

/** Shells that `sh` may be on a host; those that are not here are left out, `sh` itself never. */
const shells: readonly Argv[] = [
  ['sh', '-s'],
  ...present(['dash', '-s'], ['bash', '--posix', '-s'], ['busybox', 'sh', '-s']),
]

function present(...argvs: readonly Argv[]): Argv[] {
  return argvs.filter(([program]) =>
    (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program))),
  )
}

/** A driver without ssh before it, in a folder of its own. */
async function openDriver(argv: Argv) {
  const temp = scratch()
  const home = scratch()
  const means = {
    cwd: home,
    env: { ...process.env, TMPDIR: temp },
    masker: createMasker(),
    groups: createProcessGroups(join(scratch(), 'groups')),
  }
  const connection = openConnection(argv, 10_000, means)
  onTestFinished(async () => {
    await connection.drop()
    await connection.over
  })
  const opened = await connection.opened
  if (opened.kind !== 'open') throw new Error(JSON.stringify(opened))
  const lines: string[] = []
  const run = (script: string, env: Record<string, string> = {}, timeout = 10_000, shell = 'sh') => {
    lines.length = 0
    const request = { argv: argvOf(shell, `${opened.box}/script`), env, folder: '.', script }
    const output = createOutput(means.masker, (line) => lines.push(line))
    return runRemotely(connection, request, { timeout, signal: new AbortController().signal, output })
  }
  return { connection, opened, temp, home, lines, run }
}

describe.each(shells.map((argv) => [argv.join(' '), argv] as const))('the driver in %s', (_name, argv) => {
  test('says where it is, and runs one command after another there', async () => {
    const { run, opened, home, temp } = await openDriver(argv)
    expect(opened).toMatchObject({ home, box: expect.stringMatching(`^${temp}/rollgate\\.\\w{6}$`) })
    expect(await run('pwd')).toEqual({ kind: 'exited', code: 0, tail: [home] })
    expect(await run('echo on; exit 3')).toEqual({ kind: 'exited', code: 3, tail: ['on'] })
    expect(await run('kill -KILL $$')).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' })
  })

  test('says which shell is not there', async () => {
    const { run } = await openDriver(argv)
    const missing = await run('true', {}, 10_000, 'no-such-shell {0}')
    expect(missing).toMatchObject({ kind: 'not-found', name: 'no-such-shell' })
  })

  test('hands values over as they are, whatever is in them', async () => {
    const { run, home } = await openDriver(argv)
    const bytes = Buffer.from(Array.from({ length: 0x7e }, (_, at) => at + 1)).toString()
    const value = `${bytes}Ā ÁÂÃÄ 日本 🚀 $(x) \\0101 \\c \\\\ \n\n`
    await run('printf %s "$VALUE" >value', { VALUE: value })
    expect(readFileSync(join(home, 'value'), 'utf8')).toBe(value)
  })

  test('keeps variables for the next command, and none that it is not given again', async () => {
    const { run } = await openDriver(argv)
    const seen = async (env: Record<string, string>) =>
      (await run('env | grep -E "^(ONE|TWO)=" | sort', env)).tail
    expect(await seen({ ONE: '1', TWO: '2' })).toEqual(['ONE=1', 'TWO=2'])
    expect(await seen({ ONE: '1', TWO: '2' })).toEqual(['ONE=1', 'TWO=2'])
    expect(await seen({ TWO: '2' })).toEqual(['TWO=2'])
    expect(await seen({})).toEqual([])
  })

  test('mixes up nothing, however soon the next command is asked for', async () => {
    const { run } = await openDriver(argv)
    const lengths = Array.from({ length: 24 }, (_, at) => (at % 4 === 3 ? 0 : 1 + (at >> 1) + (at % 3) * 400))
    const seen: unknown[] = []
    for (const length of lengths) {
      const value = length === 0 ? {} : { VALUE: 'x'.repeat(length) }
      seen.push((await run(`echo "\${#VALUE}"`, value)).tail)
    }
    expect(seen).toEqual(lengths.map((length) => [String(length)]))
  })

  test('hears words that are longer than a pipe holds, and the next after them', async () => {
    const { run } = await openDriver(argv)
    const VALUE = 'x'.repeat(100_000)
    for (const env of [{ VALUE }, { VALUE }, { VALUE, MORE: 'y' }, {}])
      expect(await run(`echo "\${#VALUE}$MORE"`, env)).toMatchObject({
        tail: [`${env.VALUE?.length ?? 0}${env.MORE ?? ''}`],
      })
  })

  test('gets the next ready while a command runs', async () => {
    const { run, opened } = await openDriver(argv)
    const text = `until grep -q '${opened.box}/[s]tandby' /proc/[0-9]*/cmdline; do sleep 0.01; done 2>/dev/null`
    for (const _ of [1, 2, 3]) expect(await run(text)).toMatchObject({ kind: 'exited', code: 0 })
  })

  test.each(['INT', 'QUIT'])('has no command ignore SIG%s', async (signal) => {
    const { run } = await openDriver(argv)
    const text = `trap 'echo heard' ${signal}; kill -${signal} $$`
    expect(await run(text)).toEqual({ kind: 'exited', code: 0, tail: ['heard'] })
  })

  test('ends a group of which nobody listens', async () => {
    const { run, lines } = await openDriver(argv)
    const text = `trap '' TERM; sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done'`
    expect(await run(text, {}, 300)).toMatchObject({ kind: 'timed-out', after: 300 })
    await eventually('it has ended', () => !isRunning(Number(lines[0])))
  })

  test('does not go on hearing a daemon that holds the output', async () => {
    const { run, lines } = await openDriver(argv)
    expect(await run('sleep 60 & echo $!')).toMatchObject({ kind: 'exited', code: 0 })
    const daemon = Number(lines[0])
    onTestFinished(() => void process.kill(daemon, 'SIGKILL'))
    for (const word of ['next', 'last']) expect(await run(`echo ${word}`)).toMatchObject({ tail: [word] })
    expect(isRunning(daemon)).toBe(true)
  })

  test('ends what runs and removes its folder when nobody is there any more', async () => {
    const { run, lines, connection, temp } = await openDriver(argv)
    const finished = run('echo $$; exec sleep 60')
    await eventually('the pid is printed', () => lines.length > 0)
    await connection.close()
    expect(await finished).not.toMatchObject({ kind: 'exited' })
    expect(isRunning(Number(lines[0]))).toBe(false)
    await eventually('its folder is gone', () => readdirSync(temp).length === 0)
  })
})
