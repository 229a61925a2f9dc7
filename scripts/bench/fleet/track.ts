import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bed, startBed } from '../../../test/real/bed/bed.ts'
import { openProject, type Project } from '../../../test/real/bed/project.ts'
import { buildGauge, compile, type Gauge } from './gauge.ts'

/** The place where contestants take turns: hosts behind a balancer, a project on a GitHub, and the gauges. */
export interface Track {
  readonly bed: Bed
  readonly project: Project
  readonly gauge: Gauge
  /** An empty folder, with a path short enough for sockets in it. */
  emptyFolder(): string
  /** The environment of the commands. */
  readonly env: Readonly<Record<string, string>>
  /** The words by which root becomes the login user of the hosts; empty for other users. */
  readonly asLogin: readonly string[]
  [Symbol.asyncDispose](): Promise<void>
}

/** Settings that a team may choose which wants speed: without the second, post-quantum key exchange. */
export const QUICK_SETTINGS = 'operations/ssh_config_quick'

/** Seconds that every host works in `install`. */
const OWN_WORK = '0.2'

/** Milliseconds between two checks of a host by haproxy, for each host: so many checks a second, however many hosts. */
const CHECKS_PACE = 2

/** Fewer daemons, as a machine has them; one serves no more than sixteen addresses. */
const ADDRESSES_A_DAEMON = 10

export interface TrackOptions {
  /** Further files of every release, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Milliseconds that an application takes from its start until it listens. */
  readonly boot?: number
}

export async function openTrack(
  hosts: number,
  { files: more = {}, boot = 0 }: TrackOptions = {},
): Promise<Track> {
  const bed = await startBed({
    hosts,
    release: 'v1',
    boot,
    perProcess: ADDRESSES_A_DAEMON,
    interval: Math.max(50, CHECKS_PACE * hosts),
  })
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'))
  const close = async () => {
    await bed.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const app of bed.apps) app.trouble('install-takes', OWN_WORK)
    const programs = join(folder, 'bin')
    mkdirSync(programs)
    compile('act', programs)
    const [settings = ''] = Object.values(bed.files)
    const quick = { [QUICK_SETTINGS]: `KexAlgorithms curve25519-sha256\n${settings}` }
    const project = await openProject({ ...bed.files, ...quick, ...more })
    let folders = 0
    return {
      bed,
      project,
      gauge: buildGauge(folder),
      emptyFolder() {
        folders += 1
        const path = join(folder, String(folders))
        mkdirSync(path)
        return path
      },
      env: {
        PATH: `${programs}:${process.env.PATH}`,
        HOME: folder,
        LANG: 'C.UTF-8',
        FLEET: bed.apps.map(({ name }) => name).join(' '),
        HOMES: join(bed.farm.folder, 'homes'),
        PORT: String(bed.apps[0]?.port),
        SETTINGS: bed.farm.settings,
        SOCKET: bed.balancer.sockets.admin,
      },
      asLogin: becoming(bed.farm.hosts[0]?.home ?? ''),
      async [Symbol.asyncDispose]() {
        await project.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function becoming(home: string): string[] {
  if (process.getuid?.() !== 0) return []
  const { uid, gid } = statSync(home)
  return ['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups']
}
