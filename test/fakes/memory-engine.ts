import type { EngineService } from '../../src/domain/config/engine-recipe.ts'
import type { EngineSeen, Images, Trouble } from '../../src/domain/engine/engine-seen.ts'
import type { Failure } from '../../src/domain/question/decision.ts'
import { absent, found, type Reading, unknown } from '../../src/domain/reading.ts'
import type { Clock, EngineControl, EngineJob, Finished, Variables } from '../../src/pipeline/ports.ts'

/** The way in which an engine takes a rollout. `ends`: after so many seconds, with every replica ready. */
export type RolloutWay =
  | { readonly kind: 'ends'; readonly seconds: number }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'fails'; readonly seconds: number; readonly trouble?: Trouble }
  /** The engine goes back by itself. */
  | { readonly kind: 'goes-back'; readonly seconds: number }
  | { readonly kind: 'never' }

interface RolloutThere {
  readonly number: number
  readonly images: Images
  readonly by: string
  readonly at: number
  readonly way: RolloutWay
  readonly before: Images
}

/** A service on an engine in memory: it rolls by the clock, and tests may change it in between. */
export interface MemoryEngine {
  readonly control: EngineControl
  /** Everything that changed it, in order: `hand-over api@…`. */
  readonly deeds: string[]
  /** The names of jobs that were really run, in order. */
  readonly jobs: string[]
  replicas: number
  /** The way of the next rollouts, by a part of an image; the last that fits counts. */
  readonly ways: { readonly part: string; readonly way: RolloutWay }[]
  paused: boolean
  /** False where it has no way to stop a rollout. */
  stops: boolean
  /** True while a replica that was ready is not. */
  shrink: () => boolean
  /** The replicas that end, and may still serve. */
  lingering: () => number
  /** True while nothing answers. */
  silent: boolean
  /** Reasons why it must not be changed. */
  refusals: string[]
  /** Called after the engine took an order, and before Rollgate hears of it. */
  taken: () => void
  /** Gives the rollout under way the way that its images have by now. */
  mend(): void
  /** Another author has it roll. */
  rollBy(who: string, images: Images): void
  /** The end of each job; exit code 0 without one. */
  ending: (job: EngineJob) => Finished
  /** The images of the test bed; null while there is none. */
  readonly testBed: { images: Images | null }
}

export interface MemoryEngines {
  of(service: EngineService): EngineControl
  /** The engine of a service; it is there, with these images, after the first call. */
  at(service: string, images?: Images): MemoryEngine
}

/** The name of a service in memory: that of the stand-in asks another command for its state. */
const memoryPlace = ({ name, engine }: EngineService): string =>
  engine.kind === 'command' && engine.state.run === onStandIn.run ? `${name} aside` : name

/** The command by which a service of the stand-in is told from that of home. */
export const onStandIn = { run: 'state-aside' }

export function createMemoryEngines(clock: Clock): MemoryEngines {
  const all = new Map<string, MemoryEngine>()
  const at = (service: string, images?: Images): MemoryEngine => {
    const known = all.get(service)
    if (known !== undefined) return known
    const made = createMemoryEngine(clock, images ?? null)
    all.set(service, made)
    return made
  }
  return { of: (service) => at(memoryPlace(service)).control, at }
}

/** `images`: those that it serves already; null where it has no such service yet. */
export function createMemoryEngine(clock: Clock, images: Images | null): MemoryEngine {
  const rollouts: RolloutThere[] = []
  const deeds: string[] = []
  const jobs: string[] = []
  const ended = new Map<string, Finished>()
  const ends: RolloutWay = { kind: 'ends', seconds: 3 }
  const now = (): number => clock.now().getTime()

  const wayOf = (wanted: Images): RolloutWay =>
    memory.ways.findLast(({ part }) => Object.values(wanted).some((image) => image.includes(part)))?.way ??
    ends

  function begin(wanted: Images, by: string): string {
    const before = rollouts.at(-1)?.images ?? {}
    const way = wayOf(wanted)
    rollouts.push({
      number: rollouts.length + 1,
      images: wanted,
      by,
      at: now(),
      way,
      before,
    })
    return String(rollouts.length)
  }

  /** An engine that goes back by itself begins a rollout of its own. */
  function settle(): void {
    const last = rollouts.at(-1)
    if (last?.way.kind !== 'goes-back' || now() - last.at < last.way.seconds * 1_000) return
    rollouts.push({ ...last, number: rollouts.length + 1, images: last.before, at: now(), way: ends })
    backs.add(rollouts.length)
  }
  const backs = new Set<number>()

  function seen(): Reading<EngineSeen> {
    settle()
    const last = rollouts.at(-1)
    if (last === undefined) return absent
    const seen = seenOf(last, memory, ((heldAt ?? now()) - last.at) / 1_000, backs)
    return found(heldAt === null ? seen : { ...seen, phase: 'held' })
  }

  function order(wanted: Images, by: string): { rollout: string } | Failure {
    if (heldAt !== null) letGo()
    const last = rollouts.at(-1)
    const same = last !== undefined && JSON.stringify(last.images) === JSON.stringify(wanted)
    const over = last?.way.kind === 'fails' && now() - last.at >= last.way.seconds * 1_000
    if (same && !over) return { rollout: String(last.number) }
    deeds.push(`hand-over ${inBrief(wanted)}`)
    const rollout = begin(wanted, by)
    memory.taken()
    return { rollout }
  }

  const control: EngineControl = {
    able: async () => found({ refusals: memory.refusals, warnings: [], facts: {} }),
    state: async () => (memory.silent ? silence : seen()),
    handOver: async ({ images: wanted }) => order(wanted, 'rollgate'),
    async restart() {
      if (heldAt !== null) letGo()
      deeds.push('restart')
      const rollout = begin(rollouts.at(-1)?.images ?? {}, 'rollgate')
      memory.taken()
      return { rollout }
    },
    async scale(wanted) {
      if (memory.replicas >= wanted) return null
      deeds.push(`scale ${wanted}`)
      memory.replicas = wanted
      return null
    },
    async empty() {
      if (memory.replicas === 0) return null
      deeds.push('empty')
      memory.replicas = 0
      return null
    },
    async stop() {
      if (!memory.stops) return { code: 'engine-refused', what: 'It has no way to stop.', tail: [] }
      deeds.push('stop')
      heldAt ??= now()
      return null
    },
    testBed: {
      async open(wanted) {
        deeds.push(`test-bed ${inBrief(wanted)}`)
        memory.testBed.images = wanted
        bedAt = now()
        return { rollout: 'test-bed' }
      },
      async state() {
        const { images: wanted } = memory.testBed
        return wanted === null ? absent : found(bedOf(wanted, memory, (now() - bedAt) / 1_000))
      },
      async close() {
        if (memory.testBed.images !== null) deeds.push('close test-bed')
        memory.testBed.images = null
        return null
      },
    },
    jobs: {
      async run(job, _variables: Variables) {
        const before = ended.get(job.name)
        if (before !== undefined) return before
        jobs.push(job.name)
        const end = memory.ending(job)
        ended.set(job.name, end)
        return end
      },
    },
  }
  let bedAt = 0
  let heldAt: number | null = null

  /** Lets a held rollout go on where it was. */
  function letGo(): void {
    const last = rollouts.pop()
    if (last !== undefined) rollouts.push({ ...last, at: last.at + now() - (heldAt ?? now()) })
    heldAt = null
  }

  const memory: MemoryEngine = {
    control,
    deeds,
    jobs,
    replicas: 3,
    ways: [],
    paused: false,
    stops: true,
    shrink: () => false,
    lingering: () => 0,
    silent: false,
    refusals: [],
    taken: () => {},
    mend() {
      const last = rollouts.pop()
      if (last !== undefined) rollouts.push({ ...last, way: wayOf(last.images), at: now() })
    },
    rollBy: (who, wanted) => void begin(wanted, who),
    ending: () => ({ kind: 'exited', code: 0, tail: [] }),
    testBed: { images: null },
  }
  if (images !== null)
    rollouts.push({ number: 1, images, by: 'somebody', at: now() - 3_600_000, way: ends, before: {} })
  return memory
}

function seenOf(
  last: RolloutThere,
  { replicas, paused, shrink, lingering }: Pick<MemoryEngine, 'replicas' | 'paused' | 'shrink' | 'lingering'>,
  seconds: number,
  backs: ReadonlySet<number>,
): EngineSeen {
  const { way } = last
  const [share, troubles] = progressOf(way, seconds)
  const updated = Math.floor(replicas * share)
  const settled = share === 1
  const back = backs.has(last.number)
  const gaveUp = way.kind === 'fails' && seconds >= way.seconds
  const phase = back ? 'rolled-back' : gaveUp ? 'failed' : paused ? 'paused' : settled ? 'settled' : 'rolling'
  return {
    rollout: String(last.number),
    wanted: last.images,
    noticed: true,
    phase,
    replicas: {
      wanted: replicas,
      updated,
      ready: (way.kind === 'ends' ? updated : 0) - (settled && shrink() ? 1 : 0),
      old: lingering() + (settled ? 0 : replicas - updated),
    },
    troubles,
    changedBy: found(last.by),
  }
}

/** The share of replicas that are updated after so many seconds, and what troubles them. */
function progressOf(way: RolloutWay, seconds: number): [number, readonly Trouble[]] {
  switch (way.kind) {
    case 'ends':
      return [Math.min(1, seconds / way.seconds), []]
    case 'trouble':
      return [seconds < 1 ? 0 : 0.5, seconds < 1 ? [] : [way.trouble]]
    case 'fails':
      return [seconds < 1 ? 0 : 0.5, seconds < 1 || way.trouble === undefined ? [] : [way.trouble]]
    case 'goes-back':
    case 'never':
      return [seconds < 1 ? 0 : 0.5, []]
  }
}

function bedOf(images: Images, { ways }: Pick<MemoryEngine, 'ways'>, seconds: number): EngineSeen {
  const way = ways.findLast(({ part }) => Object.values(images).some((image) => image.includes(part)))?.way
  const [share, troubles] = progressOf(way ?? { kind: 'ends', seconds: 1 }, seconds)
  const ready = share === 1 ? 1 : 0
  return {
    rollout: 'test-bed',
    wanted: images,
    noticed: true,
    phase: ready === 1 ? 'settled' : 'rolling',
    replicas: { wanted: 1, updated: 1, ready, old: 0 },
    troubles,
    changedBy: absent,
  }
}

const inBrief = (images: Images): string =>
  Object.entries(images)
    .map(([name, image]) => `${name}:${image.replace(/^.*@sha256:(.).*$/, '$1')}`)
    .join(' ')

const silence = unknown({
  code: 'engine-unknown',
  what: 'The engine did not answer.',
  why: 'It cannot be reached.',
  next: 'See that it can be reached.',
})

/** A program that ends again and again. */
export const crashing: Trouble = {
  replica: 'api-7',
  reason: 'CrashLoopBackOff',
  message: 'back-off 10s restarting',
  tail: ['starting', 'no database: giving up'],
  lasting: true,
}
