import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { type Service, startBed } from './bed/bed.ts'
import { openProject } from './bed/project.ts'
import { missing, underLoad } from './bed/rolling.ts'

/** Stands in for docker: a project of Compose is the application in the slot of its name. */
const docker = `#!/bin/sh
slot=\${3#shop-}
case "$4" in
  pull) test -e compose.yaml && echo "pulled $IMAGE_TAG" >>~/pulled ;;
  up) . ./.env && echo "$IMAGE_TAG" >~/"$slot/release" && HOME="$HOME/$slot" exec ~/"$slot/bin/host" start ;;
  down) HOME="$HOME/$slot" exec ~/"$slot/bin/host" stop ;;
esac
`

const read = (path: string) =>
  readFileSync(new URL(`../../examples/compose/${path}`, import.meta.url), 'utf8')

describe.skipIf(missing)('the example of Compose on a real host', () => {
  test('starts the new release beside the old one on one machine: no request fails, forward and back SP-31 CC-22', async () => {
    const bed = await startBed({ hosts: 1, release: 'v0', slots: true })
    onTestFinished(() => bed.close())
    const home = dirname(bed.apps[0]?.home ?? '')
    mkdirSync(join(home, 'bin'), { recursive: true })
    writeFileSync(join(home, 'bin/docker'), docker)
    chmodSync(join(home, 'bin/docker'), 0o755)
    const project = await openProject({ ...bed.files, 'compose.yaml': read('compose.yaml') })
    onTestFinished(() => project.close())

    const { web } = parse(read('.github/rollgate.yml')).services
    const there = bed.slotted() as { fleet: { ssh: object; slots: object }; traffic: { haproxy: object } }
    const service: Service = {
      ...web,
      fleet: {
        ...web.fleet,
        slots: there.fleet.slots,
        ssh: { ...there.fleet.ssh, upload: web.fleet.ssh.upload },
      },
      traffic: { haproxy: { ...web.traffic.haproxy, ...there.traffic.haproxy } },
      'health-check': { ...web['health-check'], 'min-healthy-time': '40ms' },
    }
    const running = () => bed.apps.filter((app) => app.isRunning()).map((app) => app.release())
    const deploy = async (tag: string) => {
      const { main } = await project.job(tag, { command: 'deploy', release: tag })
      expect(main, main.log.join('\n')).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
      expect(running()).toEqual([tag])
    }
    for (const tag of ['v1', 'v2']) await project.release(tag, service)
    await bed.apps[0]?.operate('stop', 'v0')
    await deploy('v1')
    await underLoad(bed, 1, () => deploy('v2'))
    const back = await underLoad(bed, 1, () => project.job('v1', { command: 'rollback' }))
    expect(back.main, back.main.log.join('\n')).toMatchObject({ code: 0 })
    expect(running()).toEqual(['v1'])
    expect(readFileSync(join(home, 'pulled'), 'utf8')).toContain('pulled v2')
  }, 240_000)
})
