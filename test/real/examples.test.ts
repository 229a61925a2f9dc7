import {
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import type { Job } from '../../src/sandbox/stage.ts'
import type { App } from './bed/app.ts'
import { type Bed, type Service, startBed } from './bed/bed.ts'
import { openProject, type Project } from './bed/project.ts'
import { missing, resultOf, underLoad } from './bed/rolling.ts'

/** Stands in for systemd on a host: the unit runs in `~/shop/current`, and says the release that it finds there. */
const systemctl = `#!/bin/sh
case "$*" in
  *stop*) exec bin/host stop ;;
esac
cat shop/current/RELEASE >release.new && mv release.new release
case "$*" in
  *reload*) kill -HUP "$(cat pid)" ;;
  *) exec bin/host start ;;
esac
`

/** Becomes root, as far as these hosts go. */
const sudo = '#!/bin/sh\nexec "$@"\n'

interface Shape {
  readonly bed: Bed
  readonly project: Project
  release(tag: string, change?: (fleet: Record<string, unknown>) => void): Promise<void>
  deploy(tag: string): Promise<Job>
}

/** Three hosts that serve nothing of Rollgate's yet, and a project with the config and the build of an example. */
async function shapeOf(example: string, hostFiles: Readonly<Record<string, string>> = {}): Promise<Shape> {
  const read = (path: string) =>
    readFileSync(new URL(`../../examples/${example}/${path}`, import.meta.url), 'utf8')
  const { steps, services } = parse(read('.github/rollgate.yml'))
  const bed = await startBed({ hosts: 3, release: 'v0' })
  onTestFinished(() => bed.close())
  for (const app of bed.apps)
    for (const [path, text] of Object.entries({ 'bin/systemctl': systemctl, 'bin/sudo': sudo, ...hostFiles }))
      put(app, path, text)
  const project = await openProject({
    ...bed.files,
    'app/index.php': 'shop',
    'app/.keep': '',
    'bin/build': read('bin/build'),
  })
  onTestFinished(() => project.close())
  return {
    bed,
    project,
    async release(tag, change = () => {}) {
      const {
        fleet,
        traffic: _,
        version: _v,
        'health-check': _h,
        'self-test': _s,
        ...rest
      } = structuredClone(services.web)
      const served = bed.service({}, { upload: fleet.ssh.upload }) as { fleet: { ssh: object } }
      const own = { ...fleet, ssh: served.fleet.ssh }
      change(own)
      const service: Service = { ...served, ...rest, fleet: own }
      await project.release(tag, service, { ...steps, build: `bash ${steps.build}` })
    },
    deploy: (tag) => project.job(tag, { command: 'deploy', release: tag }),
  }
}

function put({ home }: App, path: string, text: string): void {
  const { uid, gid } = statSync(home)
  const folders = dirname(path)
    .split('/')
    .map((_, at, all) => all.slice(0, at + 1).join('/'))
  for (const folder of folders) {
    mkdirSync(join(home, folder), { recursive: true })
    chownSync(join(home, folder), uid, gid)
  }
  writeFileSync(join(home, path), text, { mode: path.startsWith('bin/') ? 0o755 : 0o644 })
  chownSync(join(home, path), uid, gid)
}

const current = ({ home }: App, path: string) => readFileSync(join(home, 'shop/current', path), 'utf8')
const releasesOn = ({ home, name }: App): string[] => {
  const place = join(home, '.rollgate-releases/shop/production/web', name)
  return readdirSync(place).filter((entry) => entry.endsWith('.release'))
}
const succeeded = { code: 0, outputs: { outcome: 'succeeded' } }

describe.skipIf(missing)('an example on real hosts', () => {
  test('has the shape of Capistrano: shared folders, linked files, releases that stay, and a way back', async () => {
    const shape = await shapeOf('capistrano', {
      'shop/shared/.env': 'SECRET=1',
      'shop/shared/config/master.key': 'key',
      'shop/shared/public/uploads/photo': 'of a customer',
    })
    const { bed, project } = shape
    const [first] = bed.apps as [App]
    await shape.release('v1')
    expect((await shape.deploy('v1')).main).toMatchObject(succeeded)
    expect(current(first, '.env')).toBe('SECRET=1')
    expect(current(first, 'public/uploads/photo')).toBe('of a customer')

    await shape.release('v2')
    expect((await underLoad(bed, 2, () => shape.deploy('v2'))).main).toMatchObject(succeeded)
    expect(bed.apps.map((app) => current(app, 'RELEASE').trim())).toEqual(['v2', 'v2', 'v2'])

    rmSync(join(bed.apps[1]?.home ?? '', 'shop/shared/config/master.key'))
    await shape.release('v3')
    const before = bed.apps.map((app) => app.seen())
    const broken = await underLoad(bed, 3, () => shape.deploy('v3'))
    expect(broken.main).toMatchObject({ code: 1, outputs: { outcome: 'failed' } })
    expect(broken.main.log.join('\n')).toMatch(/prepare of web-2 exited with 1/)
    expect(broken.main.log.join('\n')).toContain('shop/shared/config/master.key is not there')
    expect(bed.apps.map((app) => app.seen())).toEqual(before)
    expect(project.ledger()?.deployment).toBeNull()

    const back = await underLoad(bed, 2, () => project.job('v1', { command: 'rollback' }))
    expect(back.main, back.main.log.join('\n')).toMatchObject(succeeded)
    expect(bed.apps.map((app) => app.release())).toEqual(['v1', 'v1', 'v1'])
    expect(back.main.summary).toMatch(/v1, was there/)
    expect(back.main.summary).not.toMatch(/was brought/)
    expect(current(first, 'public/uploads/photo')).toBe('of a customer')

    put(bed.apps[1] as App, 'shop/shared/config/master.key', 'key')
    for (const tag of ['v4', 'v5']) {
      await shape.release(tag, (fleet) => Object.assign(fleet.prepare as object, { keep: 2 }))
      expect((await shape.deploy(tag)).main).toMatchObject(succeeded)
    }
    for (const app of bed.apps) expect(releasesOn(app)).toHaveLength(3)
  }, 120_000)

  test('has the shape of Deployer: all are prepared, then each is switched and reloaded while it serves', async () => {
    const shape = await shapeOf('deployer')
    const { bed, project } = shape
    const pids = () => bed.apps.map(({ home }) => readFileSync(join(home, 'pid'), 'utf8'))
    const before = pids()
    for (const tag of ['v1', 'v2']) {
      await shape.release(tag)
      expect((await underLoad(bed, 3, () => shape.deploy(tag))).main).toMatchObject(succeeded)
      expect(bed.apps.map((app) => app.release())).toEqual([tag, tag, tag])
    }
    const back = await underLoad(bed, 3, () => project.job('v1', { command: 'rollback' }))
    expect(back.main, back.main.log.join('\n')).toMatchObject(succeeded)
    expect(resultOf(back).instances.map(({ version }) => version)).toEqual(['v1', 'v1', 'v1'])
    expect(back.main.summary).toMatch(/v1, was there/)
    expect(pids()).toEqual(before)
    expect(
      bed.apps
        .map(({ home }) => readlinkSync(join(home, 'shop/current')))
        .every((path) => path.startsWith('/')),
    ).toBe(true)
  }, 120_000)
})
