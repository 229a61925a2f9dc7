import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMasker } from '../../src/adapters/masking.ts'
import { listReleases } from '../../src/adapters/release-scripts.ts'
import { createProcessGroups } from '../../src/adapters/shell/leftovers.ts'
import { createOutput } from '../../src/adapters/shell/output.ts'
import { argvOf } from '../../src/adapters/shell/script.ts'
import { openConnection } from '../../src/adapters/ssh/connection.ts'
import { runRemotely } from '../../src/adapters/ssh/remote-command.ts'
import { isRunning, signalled } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { programPath } from '../real/bed/parts.ts'
import { scratch } from './real-shell.ts'

/** Shells that `sh` may be on a host, and where they are; those that are not here are left out, `sh` itself never. */
const shells = ['sh', 'dash', 'bash', 'busybox'].flatMap((name) => {
  const path = programPath(name)
  return path === null ? [] : [[name, path] as const]
})

/** The same shell, started anew rather than the one already running. */
const OTHER_SH = 'env sh -e {0}'

/** A driver without ssh before it, in a folder of its own, where `sh` is the shell at this path. */
async function openDriver(path: string, login: Record<string, string> = {}) {
  const programs = scratch()
  symlinkSync(path, join(programs, 'sh'))
  const temp = scratch()
  const home = scratch()
  const sessions = join(scratch(), 'sessions')
  const setsid = `#!/bin/sh\necho >>'${sessions}'\nexec '${programPath('setsid')}' "$@"\n`
  writeFileSync(join(programs, 'setsid'), setsid, { mode: 0o755 })
  const means = {
    cwd: home,
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}`, TMPDIR: temp, ...login },
    masker: createMasker(),
    groups: createProcessGroups(join(scratch(), 'groups')),
  }
  const connection = openConnection([join(programs, 'sh'), '-s'], 10_000, means)
  onTestFinished(async () => {
    await connection.drop()
    await connection.over
  })
  const opened = await connection.opened
  if (opened.kind !== 'open') throw new Error(JSON.stringify(opened))
  const lines: string[] = []
  const answers: string[] = []
  const run = (
    script: string,
    env: Record<string, string> = {},
    { timeout = 10_000, shell = 'sh', last = false, folder = '.', apart = false } = {},
  ) => {
    lines.length = 0
    const request = { argv: argvOf(shell, `${opened.box}/script`), env, folder, script, last, apart }
    const output = createOutput(means.masker, (line) => lines.push(line))
    const { signal } = new AbortController()
    answers.length = 0
    const answer = (line: string) => void answers.push(line)
    return runRemotely(connection, request, { timeout, signal, output, ...(apart ? { answer } : {}) })
  }
  /** The sessions that were begun for commands so far. */
  const begun = () => readFileSync(sessions, 'utf8').length
  return { connection, opened, temp, home, lines, answers, run, begun }
}

describe.each(shells)('the driver where sh is %s', (_name, path) => {
  test('says where it is, and runs one command after another there', async () => {
    const { run, opened, home, temp } = await openDriver(path)
    expect(opened).toMatchObject({ home, box: expect.stringMatching(`^${temp}/rollgate\\.\\w{6}$`) })
    expect(await run('pwd')).toEqual({ kind: 'exited', code: 0, tail: [home] })
    expect(await run('echo on; exit 3')).toEqual({ kind: 'exited', code: 3, tail: ['on'] })
    expect(await run('kill -KILL $$')).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' })
  })

  test('says which shell is not there', async () => {
    const { run } = await openDriver(path)
    const missing = await run('true', {}, { shell: 'no-such-shell {0}' })
    expect(missing).toMatchObject({ kind: 'not-found', name: 'no-such-shell' })
  })

  test('keeps stderr apart for whoever asks, and for nobody else F21', async () => {
    const { run, lines, answers } = await openDriver(path)
    const warns = 'echo deprecated >&2; echo v1.1.0'
    for (const shell of ['sh', OTHER_SH]) {
      expect(await run(warns, {}, { apart: true, shell })).toMatchObject({ kind: 'exited', code: 0 })
      expect(answers).toEqual(['v1.1.0'])
      expect(lines).toEqual(['deprecated'])
      expect(await run(warns, {}, { shell })).toMatchObject({ tail: ['deprecated', 'v1.1.0'] })
      expect(await run('echo v1.1.0', {}, { apart: true, shell })).toMatchObject({ tail: ['v1.1.0'] })
      expect(lines).toEqual([])
    }
  })

  test('answers a script that it has with it by itself, and commands see nothing of it', async () => {
    const { run, home, begun } = await openDriver(path)
    expect(await run('true', { VALUE: 'x' })).toMatchObject({ kind: 'exited', code: 0 })
    const sha = 'a'.repeat(40)
    const PLACE = 'a \\n place'
    mkdirSync(join(home, PLACE, sha), { recursive: true })
    writeFileSync(join(home, PLACE, `${sha}.release`), 'whole - v1\n')
    const about = { PLACE, SHA: sha, TAG: 'v1', FILE: '', LC_ALL: 'C' }
    await eventually('the next stands by', () => begun() === 2)
    for (const _ of [1, 2])
      expect(await run(listReleases, about)).toEqual({
        kind: 'exited',
        code: 0,
        tail: [`whole ${sha} - v1`, 'end'],
      })
    expect(begun()).toBe(2)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the expansions are of the shell, not of this file
    expect(await run('echo "$VALUE ${PLACE-} ${SHA-}"', { VALUE: 'x' })).toMatchObject({ tail: ['x  '] })
  })

  test('says how such a script failed, in its own words', async () => {
    const { run, home } = await openDriver(path)
    mkdirSync(join(home, 'place', 'v1.release'), { recursive: true })
    writeFileSync(join(home, 'file'), '')
    writeFileSync(join(home, 'file.sha256'), 'abc\n')
    const about = { PLACE: 'place', SHA: 'v1', TAG: 'v1', FILE: 'file', LC_ALL: 'C', PATH: '/nowhere' }
    const failed = await run(listReleases, about)
    expect(failed).toMatchObject({ kind: 'not-found', tail: [expect.stringContaining('touch')] })
    expect(await run('echo on')).toMatchObject({ tail: ['on'] })
  })

  test('drops the connection of such a script that is ended early, and does not wait for it', async () => {
    const { run, home, connection } = await openDriver(path)
    mkdirSync(join(home, 'place'))
    const slow = scratch()
    writeFileSync(join(slow, 'ls'), '#!/bin/sh\nexec sleep 2\n', { mode: 0o755 })
    const about = { PLACE: 'place', SHA: 'v1', FILE: '', PATH: `${slow}${delimiter}${process.env.PATH}` }
    const ended = run(listReleases, about, { timeout: 300 })
    await connection.over
    expect(await ended).toMatchObject({ kind: 'timed-out', unconfirmed: true })
  })

  test('hands values over as they are, whatever is in them', async () => {
    const { run, home } = await openDriver(path)
    const bytes = Buffer.from(Array.from({ length: 0x7e }, (_, at) => at + 1)).toString()
    const value = `${bytes}Ā ÁÂÃÄ 日本 🚀 $(x) \\0101 \\c \\\\ \n\n`
    await run('printf %s "$VALUE" >value', { VALUE: value })
    expect(readFileSync(join(home, 'value'), 'utf8')).toBe(value)
  })

  test.each(['sh', OTHER_SH])('hands over variables that are called as its own, to %s', async (shell) => {
    const { run } = await openDriver(path)
    const env = { box: '1', side: '2', folder: '3', line: '4', value: '5' }
    const { tail } = await run('env | grep -E "^(box|side|folder|line|value)=" | sort', env, { shell })
    expect(tail).toEqual(
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    )
  })

  test('keeps variables for the next command, and none that it is not given again', async () => {
    const { run } = await openDriver(path)
    const seen = async (env: Record<string, string>) =>
      (await run('env | grep -E "^(ONE|TWO)=" | sort', env)).tail
    expect(await seen({ ONE: '1', TWO: '2' })).toEqual(['ONE=1', 'TWO=2'])
    expect(await seen({ ONE: '1', TWO: '2' })).toEqual(['ONE=1', 'TWO=2'])
    expect(await seen({ TWO: '2' })).toEqual(['TWO=2'])
    expect(await seen({})).toEqual([])
  })

  test('mixes up nothing, however soon the next command is asked for', async () => {
    const { run } = await openDriver(path)
    const lengths = Array.from({ length: 24 }, (_, at) => (at % 4 === 3 ? 0 : 1 + (at >> 1) + (at % 3) * 400))
    const seen: unknown[] = []
    for (const length of lengths) {
      const value = length === 0 ? {} : { VALUE: 'x'.repeat(length) }
      seen.push((await run(`echo "\${#VALUE}"`, value)).tail)
    }
    expect(seen).toEqual(lengths.map((length) => [String(length)]))
  })

  test('hears words that are longer than a pipe holds, and the next after them', async () => {
    const { run } = await openDriver(path)
    const VALUE = 'x'.repeat(100_000)
    for (const env of [{ VALUE }, { VALUE }, { VALUE, MORE: 'y' }, {}])
      expect(await run(`echo "\${#VALUE}$MORE"`, env)).toMatchObject({
        tail: [`${env.VALUE?.length ?? 0}${env.MORE ?? ''}`],
      })
  })

  test('gets the next ready while a command runs', async () => {
    const { run, opened } = await openDriver(path)
    const text = `until grep -q '${opened.box}/[s]tandby' /proc/[0-9]*/cmdline; do sleep 0.01; done 2>/dev/null`
    for (const _ of [1, 2, 3])
      expect(await run(text, {}, { shell: OTHER_SH })).toMatchObject({ kind: 'exited', code: 0 })
  })

  test('gets nothing ready while the last one runs, and takes more all the same', async () => {
    const { run, opened } = await openDriver(path)
    const standing = `cat /proc/[0-9]*/cmdline 2>/dev/null | grep -c '${opened.box}/[s]tandby' || :`
    for (const VALUE of ['one', 'two']) {
      const last = await run(`${standing}; echo "$VALUE"`, { VALUE }, { shell: OTHER_SH, last: true })
      expect(last).toMatchObject({ tail: ['0', VALUE] })
      expect(await run('echo "$VALUE"', { VALUE })).toMatchObject({ tail: [VALUE] })
    }
  })

  test('is to a script of sh as a new shell is', async () => {
    const { run } = await openDriver(path)
    const text = `
      set | sed -n 's/^\\([A-Za-z]*\\)=.*/\\1/p' | grep -vE '^(PIPESTATUS|SHLVL)$'
      for name in decode stand_by begin; do command -v "$name" || echo "no $name"; done
      echo "$# $-"
      false
      echo 'not heard'
    `
    const byNew = await run(text, { VALUE: 'x' }, { shell: OTHER_SH })
    expect(byNew).toMatchObject({
      kind: 'exited',
      code: 1,
      tail: expect.arrayContaining(['VALUE', 'no decode']),
    })
    expect(await run(text, { VALUE: 'x' })).toEqual(byNew)
  })

  test.each(['INT', 'QUIT'])('has no command ignore SIG%s', async (signal) => {
    const { run } = await openDriver(path)
    const text = `trap 'echo heard' ${signal}; kill -${signal} $$`
    expect(await run(text)).toEqual({ kind: 'exited', code: 0, tail: ['heard'] })
  })

  test('ends a group of which nobody listens', async () => {
    const { run, lines } = await openDriver(path)
    const text = `trap '' TERM; sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done'`
    expect(await run(text, {}, { timeout: 300 })).toMatchObject({ kind: 'timed-out', after: 300 })
    await eventually('it has ended', () => !isRunning(Number(lines[0])))
  })

  test('does not go on hearing a daemon that holds the output', async () => {
    const { run, lines } = await openDriver(path)
    expect(await run('sleep 60 & echo $!')).toMatchObject({ kind: 'exited', code: 0 })
    const daemon = Number(lines[0])
    onTestFinished(() => void signalled(daemon, 'SIGKILL'))
    for (const word of ['next', 'last']) expect(await run(`echo ${word}`)).toMatchObject({ tail: [word] })
    expect(isRunning(daemon)).toBe(true)
  })

  test('ends what runs and removes its folder when nobody is there any more', async () => {
    const { run, lines, connection, temp } = await openDriver(path)
    const finished = run('echo $$; exec sleep 60')
    await eventually('the pid is printed', () => lines.length > 0)
    await connection.close()
    expect(await finished).not.toMatchObject({ kind: 'exited' })
    expect(isRunning(Number(lines[0]))).toBe(false)
    await eventually('its folder is gone', () => readdirSync(temp).length === 0)
  })

  const unfit = (why: RegExp) => ({
    kind: 'unreachable',
    trouble: { kind: 'unfit', why: expect.stringMatching(why) },
  })

  test('runs nothing of a command that did not find room, and says that there is none F02', async () => {
    const { run, opened, home } = await openDriver(path)
    expect(await run('touch before')).toMatchObject({ kind: 'exited', code: 0 })
    rmSync(join(opened.box, 'script'))
    symlinkSync('/dev/full', join(opened.box, 'script'))
    expect(await run('touch after')).toMatchObject(unfit(/^no space left \(\/.*\)$/))
    expect(readdirSync(home)).toEqual(['before'])
  })

  test('runs nothing that could not be ended, for want of room for its pid F02', async () => {
    const { run, opened, home } = await openDriver(path)
    expect(await run('touch before')).toMatchObject({ kind: 'exited', code: 0 })
    for (const side of [4, 5]) {
      rmSync(join(opened.box, `${side}.group`))
      mkdirSync(join(opened.box, `${side}.group`))
    }
    expect(await run('touch after')).toMatchObject({ kind: 'unreachable', trouble: { kind: 'unfit' } })
    expect(readdirSync(home)).toEqual(['before'])
  })

  test.each([0.3, 0.95])(
    'runs nothing where its own text was cut off at %d of its length F02',
    async (part) => {
      const { run, opened, home } = await openDriver(path)
      const standby = join(opened.box, 'standby')
      truncateSync(standby, Math.floor(readFileSync(standby).length * part))
      // Up to two of them stand by already, with the whole text.
      const done: string[] = []
      for (const name of ['one', 'two', 'three']) {
        const finished = await run(`touch ${name}`)
        if (finished.kind === 'exited') done.push(name)
        else {
          expect(finished).toMatchObject(unfit(/ended with \d+ before it did$/))
          break
        }
      }
      expect(done.length).toBeLessThan(3)
      expect(readdirSync(home).toSorted()).toEqual(done.toSorted())
    },
  )

  test('says that its folder is gone, and runs nothing of what is asked then F02', async () => {
    const { run, opened, home } = await openDriver(path)
    expect(await run(`rm -rf '${opened.box}'; exit 3`)).toMatchObject({ kind: 'exited', code: 3 })
    expect(await run('touch after')).toMatchObject(unfit(/^the folder is not there \(\/.*\)$/))
    expect(readdirSync(home)).toEqual([])
  })

  test.each([90, 93])('takes no command that exits with %d for one that did not run F02', async (code) => {
    const { run } = await openDriver(path)
    expect(await run(`echo on; exit ${code}`)).toEqual({ kind: 'exited', code, tail: ['on'] })
    expect(await run('true', {}, { folder: 'no-such-folder' })).toMatchObject({ kind: 'not-found' })
    expect(await run('echo on')).toMatchObject({ kind: 'exited', code: 0 })
  })

  test('is not ended by the time that a host gives to idle people, nor is what it runs F22', async () => {
    const { run } = await openDriver(path, { TMOUT: '1' })
    const text = `sleep 1.6 | { read -r line || echo "read ended with $?"; }; echo "TMOUT=\${TMOUT-none}"`
    expect(await run(text)).toEqual({ kind: 'exited', code: 0, tail: ['read ended with 1', 'TMOUT=none'] })
    expect(await run('echo again')).toMatchObject({ tail: ['again'] })
  })

  test.each(['noclobber:allexport', 'nounset:errexit:noglob:monitor'])(
    'runs each command, and not the one before again, where a host exports the shell option %s F02',
    async (SHELLOPTS) => {
      const { run } = await openDriver(path, { SHELLOPTS, CDPATH: '/', IFS: '/e', ENV: '/dev/full' })
      for (const word of ['one', 'two', 'three'])
        expect(await run(`echo "${word} \${nonce-}"`)).toEqual({
          kind: 'exited',
          code: 0,
          tail: [`${word} `],
        })
    },
  )

  test('keeps to its folder where TMPDIR is relative F02', async () => {
    const { run, home, opened } = await openDriver(path, { TMPDIR: '.' })
    expect(opened.box).toMatch(/^\//)
    mkdirSync(join(home, 'below'))
    for (const _ of [1, 2])
      expect(await run('pwd', {}, { folder: 'below' })).toMatchObject({ tail: [join(home, 'below')] })
  })
})
