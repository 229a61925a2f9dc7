import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { FleetControl } from '../../src/pipeline/ports.ts'
import { about, releaseFoldersContract, there } from '../contracts/release-folders.contract.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { aCommand, aRelease } from '../domain/a-plan.ts'
import type { App } from './bed/app.ts'
import { type Bed, type Service, startBed } from './bed/bed.ts'
import { killedAtEach } from './bed/killing.ts'
import { missingParts } from './bed/parts.ts'
import { openProject } from './bed/project.ts'
import { deploy, missing, underLoad } from './bed/rolling.ts'
import { hostNamed } from './bed/ssh-recipe.ts'
import { overSsh } from './bed/ssh-story.ts'
import { startSshd } from './bed/sshd.ts'

// A run for every event takes its time, above all where the machine has other work.
vi.setConfig({ testTimeout: 240_000 })

const web1 = hostNamed('web-1')
const prepare = { command: aCommand('prepare'), unless: null, keep: 5, clear: null }

async function aHost(): Promise<{ fleet: FleetControl; home: string }> {
  const farm = await startSshd({ hosts: 1 })
  onTestFinished(() => farm.close())
  return { fleet: overSsh(farm, { fleet: { prepare } }).fleet, home: farm.hosts[0]?.home ?? '' }
}

describe.skipIf(missingParts('sshd') !== null)('folders of releases on a real host', () => {
  const watch = listener()
  releaseFoldersContract('a host over ssh', async () => (await aHost()).fleet.folders)

  test('commands there see the folder of their release by its path on the host', async () => {
    const { fleet, home } = await aHost()
    const heard = listener()
    await fleet.folders.begin(web1, about('v1'), watch)
    await fleet.run(web1, command('cd "$ROLLGATE_RELEASE_DIR" && pwd'), about('v1'), heard)
    expect(heard.lines).toEqual([
      join(home, '.rollgate-releases/shop/production/web/web-1', aRelease('v1').sha),
    ])
  })

  test('one answer tells of the release and of its file, which counts by the digest noted beside it', async () => {
    const farm = await startSshd({ hosts: 1 })
    onTestFinished(() => farm.close())
    const upload = 'build/shop.bin'
    const { fleet, control } = overSsh(farm, { fleet: { prepare, upload } })
    mkdirSync(join(control.checkout, 'build'))
    writeFileSync(join(control.checkout, upload), 'of the release')
    const seen = { ...about('v1'), ROLLGATE_CHECKOUT: control.checkout }
    const list = () => fleet.folders.list(web1, seen, watch)
    expect(await fleet.prepare(web1, seen, watch)).toBeNull()
    const digest = createHash('sha256').update('of the release').digest('hex')
    await fleet.folders.begin(web1, seen, watch)
    await fleet.folders.finish(web1, seen, digest, watch)
    const whole = there('v1', true, digest)
    expect(await list()).toEqual([{ ...whole, hasFile: true }])
    const file = join(farm.hosts[0]?.home ?? '', '.rollgate/shop', aRelease('v1').sha, 'shop.bin')
    const noted = readFileSync(`${file}.sha256`, 'utf8')
    for (const other of ['', `${'0'.repeat(64)}  shop.bin\n`]) {
      writeFileSync(`${file}.sha256`, other)
      expect(await list()).toEqual([whole])
    }
    writeFileSync(`${file}.sha256`, noted)
    expect(await list()).toEqual([{ ...whole, hasFile: true }])
    rmSync(file)
    expect(await list()).toEqual([whole])
  })

  test('a folder that may not be written is named, and so is one that vanishes', async () => {
    const { fleet, home } = await aHost()
    const place = join(home, '.rollgate-releases')
    mkdirSync(place)
    chmodSync(place, 0o555)
    expect(await fleet.folders.begin(web1, about('v1'), watch)).toMatchObject({
      code: 'host-unfit',
      what: 'The folder of the release could not be made on web-1: the login may not write there (~/.rollgate-releases).',
    })
  })

  test.skipIf(process.getuid?.() !== 0)('a full disk is named, and older releases make room', async () => {
    const { fleet, home } = await aHost()
    const place = join(home, '.rollgate-releases')
    const { uid, gid } = statSync(home)
    mkdirSync(place)
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=200k,mode=755,uid=${uid},gid=${gid}`, 'tmpfs', place])
    onTestFinished(() => void execFileSync('umount', [place]))
    const fill = () =>
      fleet.run(web1, command('head -c 150000 /dev/zero >"$ROLLGATE_RELEASE_DIR/data"'), about('v1'), watch)
    await fleet.folders.begin(web1, about('v1'), watch)
    expect(await fill()).toMatchObject({ kind: 'exited', code: 0 })
    await fleet.folders.finish(web1, about('v1'), null, watch)
    await fleet.run(web1, command(`head -c 900000 /dev/zero >${place}/rest || :`), about('v1'), watch)
    expect(await fleet.folders.begin(web1, about('v2'), watch)).toMatchObject({
      code: 'host-unfit',
      what: expect.stringMatching(
        /(no space left|the disk is full or has errors) \(~\/\.rollgate-releases\)/,
      ),
    })
    expect(await fleet.folders.list(web1, about('v2'), watch)).toEqual([there('v1')])
    expect(await fleet.folders.clear(web1, about('v2'), [aRelease('v1').sha], watch)).toBeNull()
    expect(await fleet.folders.begin(web1, about('v2'), watch)).toBeNull()
  })
})

describe.skipIf(missing)('a preparation whose runner is killed', () => {
  const upload = 'build/shop.bin'
  const preparing = (bed: Bed): Service => {
    const service = bed.service({}, { upload }) as { fleet: object }
    const inSh = (run: string) => ({ run, shell: 'sh' })
    const fleet = { ...service.fleet, prepare: inSh('bin/host prepare'), install: inSh('bin/host switch') }
    return { ...service, fleet }
  }

  test('in each command goes on: what was cut short is made anew, and all is switched at the end GH-10', async () => {
    const bed = await startBed({ hosts: 3, release: 'v0' })
    onTestFinished(() => bed.close())
    const project = await openProject({ ...bed.files, [upload]: 'of every release' })
    onTestFinished(() => project.close())
    await project.release('v1', preparing(bed))
    expect((await deploy(project, 'v1')).main).toMatchObject({ code: 0 })
    await project.release('v2', preparing(bed))
    for (const app of bed.apps) {
      app.forget()
      app.trouble('install-takes', '0.3')
    }
    const killedAfter = new Set<string>()
    const last = await underLoad(bed, 2, () =>
      killedAtEach(project, {}, (child) => () => {
        const first = bed.apps
          .flatMap((app) => app.seen().map((task) => `${app.name}: ${task}`))
          .find((task) => !killedAfter.has(task))
        if (first === undefined || child.killed) return
        killedAfter.add(first)
        child.kill('SIGKILL')
      }),
    )
    expect(last).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    expect([...killedAfter].filter((task) => task.endsWith('prepare v2'))).toHaveLength(3)
    for (const app of bed.apps) {
      expect(app.seen().slice(-3)).toEqual(['stop v2', 'switch v2', 'start v2'])
      expect(app.release()).toBe('v2')
      expect(wholeOn(app)).toEqual([aTag('v1'), aTag('v2')])
    }
    expect(await bed.balancer.up()).toHaveLength(3)
  })
})

const aTag = (tag: string) => expect.stringMatching(new RegExp(`^whole [0-9a-f]{64} ${tag}$`))

/** The marks of an app's host, by the tags. */
function wholeOn({ home, name }: App): string[] {
  const place = join(home, '.rollgate-releases/shop/production/web', name)
  return readdirSync(place)
    .filter((file) => file.endsWith('.release'))
    .map((file) => readFileSync(join(place, file), 'utf8').trim())
    .toSorted((a, b) => (a.slice(-2) < b.slice(-2) ? -1 : 1))
}
