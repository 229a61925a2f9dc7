import {
  chownSync,
  cpSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Result } from '../../../src/report/outcome/result-output.ts'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { startLoad } from '../../../src/sandbox/fleet/load.ts'
import type { App } from '../../../test/real/bed/app.ts'
import { median } from '../median.ts'
import type { Cost } from './gauge.ts'
import type { Options } from './options.ts'
import { quiet } from './quiet.ts'
import { prepareByRollgate, UPLOAD } from './rollgate.ts'
import { openTrack, type Track } from './track.ts'

/**
 * Going back to the release before, which is on every host still: from the start of a contestant to the last host that
 * serves it. A host is drained, stopped, switched, started, asked for its self test and its release, and is back when
 * haproxy has seen it up; it takes 0.2 s to start. Rollgate goes forward before each time, by an upload of three megabytes and 0.2 s of a host's
 * own work. What the hosts are in afterwards is what the others begin from.
 */
export async function goBack(
  hosts: number,
  field: readonly string[],
  { rounds, longest }: Options,
  stop: AbortSignal,
): Promise<{ readonly table: string; readonly rows: readonly BackRow[] }> {
  const bytes = 'rollgate'.repeat(3_000_000 / 8)
  await using track = await openTrack(hosts, { files: { [UPLOAD]: bytes }, boot: BOOT_MS })
  const width = Math.max(1, Math.floor(hosts / 4))
  const limit = () => AbortSignal.any([stop, AbortSignal.timeout(longest)])
  const forward = (release: string) =>
    prepareByRollgate(track, { command: 'deploy', release, checkout: release, width, signal: limit() })
  await forward('v1')

  const trips: Trip[] = []
  const laps: BackLap[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const newer = `v${round + 1}`
    const way = { older: 'v1', newer, width, signal: limit() }
    const there = await forward(newer)
    trips.push({
      whole: there.wall,
      prepare: secondsOf(there.result, 'prepare/web'),
      brought: bringing(there.result),
    })
    for (const contestant of ways.filter(({ key }) => field.includes(key))) {
      if (contestant.key !== 'rollgate-quick') await setTo(track, newer)
      laps.push(await lapOf(track, contestant, way))
      stop.throwIfAborted()
    }
  }
  return tell(hosts, width, trips, laps)
}

/** The own work of a host that goes back: it starts. */
const BOOT_MS = 200

interface Way {
  readonly older: string
  readonly newer: string
  readonly width: number
  readonly signal: AbortSignal
}

interface Begun extends Cost {
  /** The time of its start, by this process's own clock. */
  readonly began: number
}

interface Returning {
  readonly key: string
  readonly name: string
  back(track: Track, way: Way): Promise<Begun & { readonly result?: Result }>
}

interface BackLap {
  readonly key: string
  readonly name: string
  /** Milliseconds to the last host that serves the older release, and to the contestant's end. */
  readonly served: number
  readonly whole: number
  /** Milliseconds until the first host was touched, and those that a host took to be seen to have the release. */
  readonly first: number
  readonly seen: number
  readonly cpu: number
  /** The share of the machine that other work used just before. */
  readonly others: number
  readonly requests: number
  readonly failed: number
}

interface Trip {
  readonly whole: number
  /** Milliseconds of the step that prepares all hosts. */
  readonly prepare: number
  /** Milliseconds of upload and install on a host, in the middle of all. */
  readonly brought: number
}

const ways: readonly Returning[] = [
  {
    key: 'rollgate-quick',
    name: 'Rollgate, curve25519',
    back: (track, { older, width, signal }) =>
      prepareByRollgate(track, { command: 'rollback', release: null, checkout: older, width, signal }),
  },
  byLoop('floor', 'floor: the same without ssh', 'here'),
  byLoop('tuned', 'loop, an ssh a host, curve25519', 'by-host'),
  {
    key: 'capistrano',
    name: 'Capistrano, deploy:rollback',
    async back(track, way) {
      for (const app of track.bed.apps) layOut(app, way)
      const cwd = track.emptyFolder()
      cpSync(beside('Capfile.back'), join(cwd, 'Capfile'))
      return run(track, way, ['cap', 'deploy:rollback'], cwd, false)
    },
  },
]

function byLoop(key: string, name: string, how: string): Returning {
  return {
    key,
    name,
    back: (track, way) =>
      run(track, way, ['bash', beside('roll.sh'), how], track.emptyFolder(), key === 'floor'),
  }
}

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

async function run(
  track: Track,
  { older, width, signal }: Way,
  argv: readonly string[],
  cwd: string,
  leave: boolean,
) {
  const env = {
    ...track.env,
    INSTALL: 'switch',
    RELEASE: older,
    WIDTH: String(width),
    AS_LOGIN: track.asLogin.join(' '),
  }
  const began = performance.now()
  return { began, ...(await track.gauge.run({ argv, cwd, env, signal, leave })) }
}

/** Two releases in Capistrano's own folders, the newer one linked. */
function layOut({ home }: App, { older, newer }: Way): void {
  const { uid, gid } = statSync(home)
  const site = join(home, 'site')
  rmSync(site, { recursive: true, force: true })
  const folders = ['releases', 'releases/20260101000001', 'releases/20260101000002']
  for (const [at, folder] of ['', ...folders].entries()) {
    const path = join(site, folder)
    mkdirSync(path)
    chownSync(path, uid, gid)
    if (at > 1) writeFileSync(join(path, 'release'), at === 2 ? older : newer)
    utimesSync(path, at, at)
  }
  symlinkSync(join(site, 'releases/20260101000002'), join(site, 'current'))
}

async function lapOf(track: Track, { key, name, back }: Returning, way: Way): Promise<BackLap> {
  const { bed } = track
  for (const app of bed.apps) app.forget()
  const others = await quiet(way.signal)
  const load = startLoad({
    ...{ url: bed.balancer.door, perSecond: 100, keepAlive: false },
    ...{ most: Number.MAX_SAFE_INTEGER, longest: Number.MAX_SAFE_INTEGER },
  })
  const first = firstTouched(track)
  const served = lastServing(track, way)
  try {
    const cost = await back(track, way)
    const { count, failures } = await load.stop()
    const wanted = ['stop', 'switch', 'start'].map((task) => `${task} ${way.older}`).join()
    const wrong = bed.apps.find((app) => app.seen().join() !== wanted)
    if (wrong !== undefined)
      throw new Error(`${name}: on ${wrong.name} there was done ${wrong.seen().join()}`)
    const measured = {
      served: (await served) - cost.began,
      whole: cost.wall,
      cpu: cost.cpu,
      others,
      first: (await first) - cost.began,
      seen: bringing(cost.result),
    }
    return { key, name, ...measured, requests: count, failed: failures }
  } finally {
    await load.stop()
  }
}

async function firstTouched({ bed }: Track): Promise<number> {
  while (!bed.apps.some((app) => app.seen().length > 0))
    await new Promise((resolve) => setTimeout(resolve, 20))
  return performance.now()
}

/** The time at which the last host serves the older release: each has started it, and haproxy sees them all up. */
async function lastServing({ bed }: Track, { older }: Way): Promise<number> {
  const missing = new Set(bed.apps)
  for (;;) {
    for (const app of missing) if (app.seen().at(-1) === `start ${older}`) missing.delete(app)
    if (missing.size === 0 && (await bed.balancer.up()).length === bed.apps.length) return performance.now()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Brings all hosts to a release that is on them. */
async function setTo({ bed }: Track, release: string): Promise<void> {
  for (const app of bed.apps) {
    await app.operate('stop', release)
    await app.operate('switch', release)
    await app.operate('start', release)
    await bed.balancer.enter(app.name)
  }
  await eventually('all are up', async () => (await bed.balancer.up()).length === bed.apps.length)
}

const secondsOf = ({ steps }: Result, id: string): number =>
  1000 * (steps.find((step) => step.id === id)?.seconds ?? 0)

export interface BackRow {
  readonly hosts: number
  readonly width: number
  readonly name: string
  readonly served: number
  readonly timesFloor: number | null
  readonly cpu: number
  readonly others: number
  readonly requests: number
  readonly failed: number
}

function tell(hosts: number, width: number, trips: readonly Trip[], laps: readonly BackLap[]) {
  const of = (key: string, part: (lap: BackLap) => number) =>
    median(laps.filter((lap) => lap.key === key).map(part))
  const keys = [...new Set(laps.map(({ key }) => key))]
  const floor = keys.includes('floor') ? of('floor', ({ served }) => served) : null
  const rows = keys.map((key): BackRow => {
    const own = laps.filter((lap) => lap.key === key)
    const served = of(key, (lap) => lap.served)
    const sum = (part: (lap: BackLap) => number) => own.reduce((total, lap) => total + part(lap), 0)
    return {
      ...{ hosts, width, name: own[0]?.name ?? key, served },
      timesFloor: floor === null ? null : served / floor,
      cpu: of(key, ({ cpu }) => cpu),
      others: of(key, (lap) => lap.others),
      requests: sum(({ requests }) => requests),
      failed: sum(({ failed }) => failed),
    }
  })
  const lines = rows.map(
    (row) =>
      `| ${row.name} | ${(row.served / 1000).toFixed(2)} | ${row.timesFloor?.toFixed(2) ?? ''} | ${(row.cpu / 1000).toFixed(2)} | ${(100 * row.others).toFixed(0)} % | ${row.failed} of ${row.requests} |`,
  )
  const prepare = median(trips.map((trip) => trip.prepare))
  const table = [
    `Going back, ${hosts} hosts, ${width} at a time`,
    '',
    '| | s to the last host | × floor | CPU s | other work before | failed requests |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
    `Going forward: ${(median(trips.map(({ whole }) => whole)) / 1000).toFixed(2)} s, of which ${(prepare / 1000).toFixed(2)} s to upload and prepare.`,
    ...(keys.includes('rollgate-quick') ? [savedIn(trips, laps)] : []),
  ].join('\n')
  return { table, rows }
}

/** The time that a host took to get the release, or to be seen to have it. */
const bringing = (result: Result | undefined): number =>
  1000 * median((result?.instances ?? []).map(({ prepared }) => prepared?.seconds ?? 0))

/** The share of the time for upload and install that going back does without. */
function savedIn(trips: readonly Trip[], laps: readonly BackLap[]): string {
  const own = laps.filter(({ key }) => key === 'rollgate-quick')
  const there = median(own.map(({ seen }) => seen))
  const brought = median(trips.map((trip) => trip.brought))
  const first = median(own.map((lap) => lap.first))
  return [
    `Upload and install took ${brought.toFixed(0)} ms a host; going back sees the release there in ${there.toFixed(0)} ms: ${(100 * (1 - there / brought)).toFixed(0)} % saved.`,
    `The first host was touched after ${(first / 1000).toFixed(2)} s of Rollgate's run.`,
  ].join('\n')
}
