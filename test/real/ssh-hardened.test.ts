import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { missingParts, programPath } from './bed/parts.ts'
import { overSsh } from './bed/ssh-story.ts'
import { type SshdFarm, type SshdHost, startSshd } from './bed/sshd.ts'

describe.skipIf(missingParts('sshd') !== null)('a host that is full, read-only or hardened', () => {
  let farm: SshdFarm
  let host: SshdHost
  beforeEach(async () => {
    farm = await startSshd({ hosts: 1 })
    onTestFinished(() => farm.close())
    const [first] = farm.hosts
    if (first === undefined) throw new Error('a farm without hosts')
    host = first
  })

  /** Writes the beginning of every login there. */
  const login = (text: string) => writeFileSync(join(host.home, '.login'), `${text}\n`)

  /** A file system of so many pages in place of a folder. */
  function mount(folder: string, pages: number): void {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${pages * 4}k,mode=1777`, 'tmpfs', folder])
    onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  }

  describe.skipIf(process.getuid?.() !== 0)('with a disk of its own', () => {
    // Longer than two pages, with its effect at the very end.
    const long = `# ${'x'.repeat(9000)}\necho ran >>done\n`

    test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
      'a command on a disk of %d pages runs whole, or not at all and for want of space F02',
      async (pages) => {
        mount(host.temp, pages)
        const { run } = overSsh(farm)
        const finished = [await run(long), await run('echo ran >>done')]
        const ran = existsSync(join(host.home, 'done')) ? readFileSync(join(host.home, 'done'), 'utf8') : ''
        expect(ran.split('\n').filter(Boolean)).toHaveLength(
          finished.filter(({ kind }) => kind === 'exited').length,
        )
        for (const end of finished.filter(({ kind }) => kind !== 'exited'))
          expect(end).toMatchObject({
            kind: 'unreachable',
            failure: {
              code: 'host-unfit',
              what: `web-1 cannot run a command: no space left (${host.temp}).`,
            },
          })
        if (pages === 9)
          expect(finished).toMatchObject([
            { kind: 'exited', code: 0 },
            { kind: 'exited', code: 0 },
          ])
        if (pages === 1) expect(finished[0]).toMatchObject({ kind: 'unreachable' })
      },
    )

    test('a command that fills the disk ends, and the one after it is not begun F02', async () => {
      mount(host.temp, 12)
      const { run } = overSsh(farm)
      expect(await run('head -c 100000 /dev/zero >"$TMPDIR/full" || echo full')).toMatchObject({
        lines: expect.arrayContaining(['full']),
      })
      expect(await run(long)).toMatchObject({
        failure: { what: expect.stringContaining('no space left (') },
      })
      expect(existsSync(join(host.home, 'done'))).toBe(false)
      rmSync(join(host.temp, 'full'))
      expect(await run('echo ran >done')).toMatchObject({ kind: 'exited', code: 0 })
    })

    test('a folder for temporary files that is read-only is named F02', async () => {
      mount(host.temp, 8)
      execFileSync('mount', ['-o', 'remount,ro', host.temp])
      expect(await overSsh(farm).prepare('web-1')).toMatchObject({
        code: 'host-unfit',
        what: `web-1 cannot run a command: the file system is read-only (${host.temp}).`,
      })
    })

    test('an artifact for which there is no room is not left there in part F02', async () => {
      const kept = join(host.home, '.rollgate')
      mkdirSync(kept)
      mount(kept, 8)
      const story = overSsh(farm, { fleet: { upload: 'shop.tar' } })
      writeFileSync(join(story.control.checkout, 'shop.tar'), Buffer.alloc(100_000))
      const release = {
        ROLLGATE_APP: 'shop',
        ROLLGATE_SHA: 'a'.repeat(40),
        ROLLGATE_CHECKOUT: story.control.checkout,
      }
      expect(await story.prepare('web-1', release)).toMatchObject({
        code: 'host-unfit',
        what: expect.stringMatching(
          /^The artifact could not be put on web-1: no space left \(~\/\.rollgate\)\.$/,
        ),
      })
      expect(readdirSync(kept)).toEqual([])
    })
  })

  test('a folder for temporary files that is gone is named F02', async () => {
    rmSync(host.temp, { recursive: true })
    expect(await overSsh(farm).prepare('web-1')).toMatchObject({
      code: 'host-unfit',
      what: `web-1 cannot run a command: the folder is not there (${host.temp}).`,
    })
  })

  test('a command outlasts the time that the host gives to idle shells F22', async () => {
    mkdirSync(join(host.home, 'bin'))
    symlinkSync(programPath('bash') ?? '/bin/bash', join(host.home, 'bin/sh'))
    login('export TMOUT=1')
    const { run } = overSsh(farm)
    expect(await run('sleep 1.6; echo done')).toMatchObject({ kind: 'exited', code: 0, lines: ['done'] })
    expect((await run('printenv TMOUT || echo none')).lines).toEqual(['none'])
  })

  test('a greeting of the login is no output, wherever it comes', async () => {
    login('echo Welcome; echo "Authorized use only" >&2')
    const { run } = overSsh(farm)
    expect((await run('echo one')).lines).toEqual(['one'])
    expect(await run('exit 3')).toMatchObject({ kind: 'exited', code: 3, lines: [] })
  })

  test.each([
    ['nologin', 'exec /usr/sbin/nologin', 'This account is currently not available'],
    ['a restricted shell', 'exec /bin/bash -r -c "$SSH_ORIGINAL_COMMAND"', 'restricted'],
    ['a command that is forced', 'exec echo this login makes backups', 'this login makes backups'],
    ['nothing', 'exit 0', 'it ended at once with 0'],
  ])('a login that has no shell but %s is named as such', async (_what, text, words) => {
    login(text)
    expect(await overSsh(farm).prepare('web-1')).toMatchObject({
      code: 'host-unfit',
      what: expect.stringMatching(`^web-1 let the login in and gave it no shell: .*${words}.*\\.$`),
    })
  })
})
