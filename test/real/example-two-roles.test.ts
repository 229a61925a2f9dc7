import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { endProcess } from '../../src/sandbox/fleet/ending.ts'
import type { App } from './bed/app.ts'
import { type Service, startBed } from './bed/bed.ts'
import { openProject } from './bed/project.ts'
import { missing, resultOf, underLoad } from './bed/rolling.ts'

/** Stands in for systemd: the web is the application of the bed, the worker a process in its folder. */
const systemctl = `#!/bin/sh
cd
worker() { kill "$1" "$(cat worker.pid 2>/dev/null)" 2>/dev/null; }
case "$*" in
  *'stop shop-web') exec bin/host stop ;;
  *'start shop-web') cat shop/web/current/RELEASE >release.new && mv release.new release && exec bin/host start ;;
  *'stop shop-worker') worker -TERM || exit 0; exec flock --wait 30 worker.lock true ;;
  *'start shop-worker')
    cd -P shop/worker/current
    setsid flock --no-fork ~/worker.lock ~/bin/worker </dev/null >/dev/null 2>&1 & echo $! >~/worker.pid ;;
  *TSTP*) worker -TSTP ;;
  *is-active*) worker -0 ;;
  *MainPID*) cat worker.pid || echo 0 ;;
esac
`

/** Takes jobs until it is quieted, and notes what it is told. */
const worker = `#!/bin/sh
note() { echo "$(cat RELEASE) $1" >>~/jobs; }
trap 'note quiet' TSTP
trap 'note ends; exit 0' TERM
note begins
while :; do sleep 0.1 & wait $!; done
`

/** Stands in for the tool that migrates. */
const bundle = `#!/bin/sh
echo "$(cat RELEASE) $*" >>~/migrated
`

const read = (path: string) =>
  readFileSync(new URL(`../../examples/two-roles/${path}`, import.meta.url), 'utf8')

function put({ home }: App, name: string, text: string): void {
  const path = join(home, 'bin', name)
  const { uid, gid } = statSync(home)
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  chownSync(path, uid, gid)
}

function linesOf({ home }: App, file: string): string[] {
  try {
    return readFileSync(join(home, file), 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

describe.skipIf(missing)('the example of two roles on real hosts', () => {
  test('migrates on exactly one host, quiets the workers before they are changed, and no request fails', async () => {
    const bed = await startBed({ hosts: 2, release: 'v0' })
    onTestFinished(() => bed.close())
    for (const app of bed.apps)
      for (const [name, text] of Object.entries({ systemctl, worker, bundle })) put(app, name, text)
    onTestFinished(async () => {
      for (const app of bed.apps) for (const pid of linesOf(app, 'worker.pid')) await endProcess(Number(pid))
    })
    const project = await openProject({ ...bed.files, 'app/.keep': '', 'bin/build': read('bin/build') })
    onTestFinished(() => project.close())

    const { steps, services } = parse(read('.github/rollgate.yml'))
    const there = bed.service({}, { upload: services.web.fleet.ssh.upload }) as Record<
      string,
      { ssh: object }
    >
    const placed = (service: Service & { fleet: object }) => ({
      ...service,
      fleet: { ...service.fleet, ssh: there.fleet?.ssh },
    })
    const { traffic, version, 'health-check': healthCheck, 'self-test': selfTest } = there
    const probes = { traffic, version, 'health-check': healthCheck, 'self-test': selfTest }
    const aWorker = placed(services.worker)
    const deploy = async (tag: string) => {
      const job = await project.job(tag, { command: 'deploy', release: tag })
      expect(job.main, job.main.log.join('\n')).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
      return job
    }
    for (const tag of ['v1', 'v2'])
      await project.release(
        tag,
        { ...placed(services.web), ...probes } as Service,
        { ...steps, build: `bash ${steps.build}` },
        {
          worker: {
            ...aWorker,
            'health-check': { ...services.worker['health-check'], 'min-healthy-time': '40ms' },
          },
        },
      )

    await underLoad(bed, 1, () => deploy('v1'))
    const second = await underLoad(bed, 1, () => deploy('v2'))

    const migrated = ['v1 exec rake db:migrate', 'v2 exec rake db:migrate']
    expect(bed.apps.map((app) => linesOf(app, 'migrated'))).toEqual([migrated, []])
    const jobs = ['v1 begins', 'v1 quiet', 'v1 ends', 'v2 begins']
    expect(bed.apps.map((app) => linesOf(app, 'jobs'))).toEqual([jobs, jobs])
    expect(bed.apps.map((app) => app.release())).toEqual(['v2', 'v2'])
    expect(resultOf(second).instances.map(({ version }) => version)).toEqual(['v2', 'v2', 'v2', 'v2'])
  }, 240_000)
})
