import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { startLoad } from '../../../src/sandbox/fleet/load.ts'
import type { Contestant } from './contestants.ts'
import type { Options } from './options.ts'
import type { Roll, Rolled } from './roll.ts'
import { openTrack, type Track } from './track.ts'

/** One contestant's roll of some hosts. */
export interface Lap {
  readonly hosts: number
  readonly width: number
  readonly contestant: Contestant
  /** Null where it failed. */
  readonly rolled: Rolled | null
  /** The reason why this lap or another round of it failed. */
  readonly why: string | null
  readonly requests: {
    readonly count: number
    readonly failures: number
    readonly reasons: readonly string[]
  }
}

const REQUESTS_A_SECOND = 100

/**
 * Has every contestant roll the same hosts, one by one unless they are too many, and then a quarter at a time: by turns, as
 * often as there are rounds. Answers the lap of each that has the median wall time. Rejects when `stop` aborts.
 */
export async function* runRaces(
  hosts: number,
  field: readonly Contestant[],
  { rounds, longest, oneByOne }: Options,
  stop: AbortSignal,
): AsyncGenerator<readonly Lap[]> {
  await using track = await openTrack(hosts)
  const { project, bed } = track
  await project.release('v1', bed.service())
  await project.job('v1', { command: 'deploy', release: 'v1' })
  let releases = 1
  const quarter = Math.max(1, Math.floor(hosts / 4))
  for (const width of new Set(hosts <= oneByOne ? [1, quarter] : [quarter])) {
    const laps: Lap[] = []
    for (let round = 1; round <= rounds; round += 1)
      for (const contestant of field) {
        releases += 1
        const late = AbortSignal.timeout(longest)
        const roll = { release: `v${releases}`, width, signal: AbortSignal.any([stop, late]) }
        const lap = await runLap(track, contestant, roll)
        stop.throwIfAborted()
        if (lap.rolled === null) await setRight(track, roll.release)
        laps.push(
          late.aborted && lap.rolled === null ? { ...lap, why: `longer than ${longest / 1000} s` } : lap,
        )
      }
    yield field.map((contestant) => medianOf(laps.filter((lap) => lap.contestant === contestant)))
  }
}

/** The median lap; a failed lap counts as the slowest. The requests are those of all laps. */
function medianOf(laps: readonly Lap[]): Lap {
  const sorted = laps.toSorted((a, b) => (a.rolled?.wall ?? Infinity) - (b.rolled?.wall ?? Infinity))
  const median = sorted[Math.floor((sorted.length - 1) / 2)]
  if (median === undefined) throw new Error('no lap was run')
  const sum = (of: (lap: Lap) => number) => laps.reduce((total, lap) => total + of(lap), 0)
  return {
    ...median,
    why: laps.find(({ why }) => why !== null)?.why ?? null,
    requests: {
      count: sum(({ requests }) => requests.count),
      failures: sum(({ requests }) => requests.failures),
      reasons: laps.flatMap(({ requests }) => requests.reasons),
    },
  }
}

async function runLap(track: Track, contestant: Contestant, roll: Roll): Promise<Lap> {
  const { bed } = track
  for (const app of bed.apps) app.forget()
  const load = startLoad({
    url: bed.balancer.door,
    perSecond: REQUESTS_A_SECOND,
    keepAlive: false,
    most: Number.MAX_SAFE_INTEGER,
    longest: Number.MAX_SAFE_INTEGER,
  })
  const lap = { hosts: bed.apps.length, width: roll.width, contestant }
  try {
    const rolled = await contestant.roll(track, roll)
    expectAllChanged(track, roll.release)
    return { ...lap, rolled, why: null, requests: await load.stop() }
  } catch (error) {
    return { ...lap, rolled: null, why: String(error), requests: await load.stop() }
  }
}

/** All have done the same, and nothing twice. */
function expectAllChanged({ bed }: Track, release: string): void {
  const wanted = ['stop', 'install', 'start'].map((task) => `${task} ${release}`).join()
  const wrong = bed.apps.filter((app) => app.seen().join() !== wanted)
  if (wrong.length > 0) throw new Error(`on ${wrong[0]?.name} there was done: ${wrong[0]?.seen().join()}`)
}

/** Brings all hosts to where the next contestant may begin. */
async function setRight({ bed }: Track, release: string): Promise<void> {
  for (const app of bed.apps) {
    await app.operate('stop', release)
    await app.operate('install', release)
    await app.operate('start', release)
    await bed.balancer.enter(app.name)
  }
  await eventually('all are up', async () => (await bed.balancer.up()).length === bed.apps.length)
}
