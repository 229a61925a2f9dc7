import type { KubernetesDoor } from '../../../domain/config/detour-recipe.ts'
import { pauses } from '../../../domain/config/pace.ts'
import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import type { DoorSeen } from '../../../domain/detour/detour-seen.ts'
import { type DetourSide, sides } from '../../../domain/detour/side.ts'
import { absent, found, type Reading } from '../../../domain/reading.ts'
import type { Clock, DetourDoor, Shell, Variables } from '../../../pipeline/ports.ts'
import { kubectlOf } from '../../engine/kubernetes/kubectl.ts'
import { quietly } from '../../engine/kubernetes/reader.ts'
import type { Calling } from '../../engine/tool.ts'
import { DoorTrouble, deed, look } from '../haproxy/trouble.ts'
import { createMarks, type FrontendMarks } from '../marker.ts'
import { chooseSide, inWords, readEndpoints, readPods, readService, type ServiceMeans } from './service.ts'
import type { ServiceObject } from './shapes.ts'

interface ServiceDoor extends ServiceMeans {
  readonly clock: Clock
  /** Null where no frontend can be asked. */
  readonly marks: FrontendMarks | null
}

/** The longest time until the endpoints are those of the side that was chosen: it takes them milliseconds. */
const SEEN_MS = 15_000

/**
 * A Service of Kubernetes. Its selector is the setting, and the pods behind its endpoints are where visitors are sent. One
 * patch moves them. A connection that is kept open stays with its pod, whatever the selector says, so that a marker is asked
 * for over new connections alone.
 */
export function createKubernetesDoor(
  recipe: KubernetesDoor,
  { shell, clock }: { readonly shell: Shell; readonly clock: Clock },
): DetourDoor {
  const marks = recipe.marker === null ? null : createMarks(recipe.marker, 'new')
  const door: ServiceDoor = { recipe, clock, marks, kubectl: kubectlOf(recipe, shell) }
  return {
    observe: (variables, signal) => observe(door, variables, signal),
    async point(side, variables, watch) {
      const done = await deed(() => point(door, side, { variables, watch }))
      if (done.kind === 'done') watch.line(inFacts(done.evidence))
      return done
    },
    writes: () => deed(async () => ({ writes: 'the door does not tell reads from writes' })),
    drained: () => deed(async () => ({ 'in-flight': 'the door does not count requests' })),
  }
}

const inFacts = (evidence: DetourEvidence): string =>
  Object.entries(evidence)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

async function observe(door: ServiceDoor, variables: Variables, signal: AbortSignal): Promise<DoorSeen> {
  const calling = quietly(variables, signal)
  return {
    file: await look(async () => found(chosenBy(door.recipe, await readService(door, calling)))),
    memory: await servedNow(door, calling),
    marker: door.marks === null ? absent : await door.marks.read(variables, signal),
    writes: absent,
    inFlight: { home: absent, 'stand-in': absent },
  }
}

function chosenBy(recipe: KubernetesDoor, { spec }: ServiceObject): DetourSide {
  const value = spec.selector?.[recipe.label]
  const side = sides.find((one) => recipe.values[one] === value)
  if (side !== undefined) return side
  throw new DoorTrouble(
    `The selector of ${inWords(recipe)} has ${value === undefined ? 'no label' : `the value ${value} for the label`} ${recipe.label}: it chooses no side.`,
  )
}

/** The looks at endpoints and pods of which one must fit: a pod may end between the two readings of one look. */
const MOST_LOOKS = 3

async function servedNow(door: ServiceDoor, calling: Calling): Promise<Reading<DetourSide>> {
  for (let looks = 1; ; looks += 1) {
    const served = await look(() => servedBy(door, calling))
    if (served.kind !== 'unknown' || looks >= MOST_LOOKS || calling.watch.signal.aborted) return served
    await door.clock.sleep(250, calling.watch.signal)
  }
}

/** Returns the side of the pods behind the endpoints. Throws where there is none, or where they are of both. */
async function servedBy(door: ServiceDoor, calling: Calling): Promise<Reading<DetourSide>> {
  const service = await readService(door, calling)
  const endpoints = await readEndpoints(door, calling)
  const pods = await readPods(door, service, calling)
  const seen = new Set(endpoints.map(({ pod }) => pods.find(({ name }) => name === pod)?.side ?? pod))
  const [side, ...others] = seen
  if (side === undefined) throw new DoorTrouble(`There is no pod behind ${inWords(door.recipe)}.`)
  if (others.length === 0 && (side === 'home' || side === 'stand-in')) return found(side)
  throw new DoorTrouble(
    `The pods behind ${inWords(door.recipe)} are of no single side: ${[...seen].join(', ')}.`,
  )
}

/** Visitors are not sent to a side of which no pod is ready. */
async function point(door: ServiceDoor, side: DetourSide, calling: Calling): Promise<DetourEvidence> {
  const { recipe, clock } = door
  const service = await readService(door, calling)
  const ready = (await readPods(door, service, calling)).filter((pod) => pod.side === side && pod.ready)
  if (ready.length === 0)
    throw new DoorTrouble(`No pod of ${side} is ready behind ${inWords(recipe)}: nobody was sent there.`)
  const before = service.metadata.resourceVersion
  const begun = clock.now().getTime()
  const isChosen = service.spec.selector?.[recipe.label] === recipe.values[side]
  const after = isChosen ? before : await chooseSide(door, service, side, calling)
  const endpoints = await endpointsOn(door, side, calling)
  return {
    selector: `${recipe.label}=${recipe.values[side]}`,
    'resource-version': `${before} → ${after}`,
    endpoints: String(endpoints),
    ...(await markedBy(door, side, calling)),
    took: `${clock.now().getTime() - begun} ms`,
  }
}

/** Returns the number of ready endpoints, once all of them are of a side. */
async function endpointsOn(door: ServiceDoor, side: DetourSide, calling: Calling): Promise<number> {
  return until(
    door,
    calling,
    `The pods behind ${inWords(door.recipe)} are not those of ${side}`,
    async () => {
      const served = await look(() => servedBy(door, calling))
      if (served.kind !== 'found' || served.value !== side) return null
      const ready = (await readEndpoints(door, calling)).filter((one) => one.ready)
      return ready.length === 0 ? null : ready.length
    },
  )
}

/** Returns the mark of a side, once every frontend has it in its answers; nothing where no frontend can be asked. */
async function markedBy(door: ServiceDoor, side: DetourSide, calling: Calling): Promise<DetourEvidence> {
  const { marks, recipe } = door
  if (marks === null) return {}
  return until(door, calling, `Answers do not all come from ${side}`, async () => {
    const read = await marks.read(calling.variables, calling.watch.signal)
    return read.kind === 'found' && read.value === side ? { marker: recipe.marker?.values[side] ?? '' } : null
  })
}

/** Looks again and again. Throws where nothing is seen in time. */
async function until<T>(
  { clock }: Pick<ServiceDoor, 'clock'>,
  { watch: { signal } }: Calling,
  what: string,
  see: () => Promise<T | null>,
): Promise<T> {
  const last = clock.now().getTime() + SEEN_MS
  for (const pause of pauses()) {
    const seen = await see()
    if (seen !== null) return seen
    if (signal.aborted || clock.now().getTime() > last) break
    await clock.sleep(pause, signal)
  }
  throw new DoorTrouble(`${what} after ${SEEN_MS / 1000} s.`)
}
