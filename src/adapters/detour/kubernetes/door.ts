import type { KubernetesDoor } from '../../../domain/config/detour-recipe.ts'
import { pauses } from '../../../domain/config/pace.ts'
import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import type { DoorSeen } from '../../../domain/detour/detour-seen.ts'
import { type DetourSide, sides } from '../../../domain/detour/side.ts'
import { absent, found } from '../../../domain/reading.ts'
import type { Clock, DetourDoor, Shell, Variables } from '../../../pipeline/ports.ts'
import { kubectlOf } from '../../engine/kubernetes/kubectl.ts'
import { quietly } from '../../engine/kubernetes/reader.ts'
import type { Calling } from '../../engine/tool.ts'
import { DoorTrouble, deed, look } from '../haproxy/trouble.ts'
import { createMarks, type FrontendMarks } from '../marker.ts'
import { chooseSide, inWords, readService, type SelectedService, type ServiceMeans } from './service.ts'

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
  const [marker, sides] = await Promise.all([
    door.marks === null ? absent : door.marks.read(variables, signal),
    sidesNow(door, calling),
  ])
  return { ...sides, marker, writes: absent, inFlight: { home: absent, 'stand-in': absent } }
}

/** The looks of which one must fit: a pod may end between the readings of one look. */
const MOST_LOOKS = 3

async function sidesNow(
  { recipe, clock, ...means }: ServiceDoor,
  calling: Calling,
): Promise<Pick<DoorSeen, 'file' | 'memory'>> {
  for (let looks = 1; ; looks += 1) {
    const seen = await look(async () => found(await readService({ recipe, ...means }, calling)))
    if (seen.kind !== 'found') return { file: seen, memory: seen }
    const memory = await look(async () => found(servedBy(recipe, seen.value)))
    if (memory.kind !== 'unknown' || looks >= MOST_LOOKS || calling.watch.signal.aborted)
      return { file: await look(async () => found(chosenBy(recipe, seen.value))), memory }
    await clock.sleep(250, calling.watch.signal)
  }
}

function chosenBy(recipe: KubernetesDoor, { service: { spec } }: SelectedService): DetourSide {
  const value = spec.selector?.[recipe.label]
  const side = sides.find((one) => recipe.values[one] === value)
  if (side !== undefined) return side
  throw new DoorTrouble(
    `The selector of ${inWords(recipe)} has ${value === undefined ? 'no label' : `the value ${value} for the label`} ${recipe.label}: it chooses no side.`,
  )
}

/** Returns the side of the pods behind the endpoints. Throws where there is none, or where they are of both. */
function servedBy(recipe: KubernetesDoor, { endpoints, pods }: SelectedService): DetourSide {
  const seen = new Set(endpoints.map(({ pod }) => pods.find(({ name }) => name === pod)?.side ?? pod))
  const [side, ...others] = seen
  if (side === undefined) throw new DoorTrouble(`There is no pod behind ${inWords(recipe)}.`)
  if (others.length === 0 && (side === 'home' || side === 'stand-in')) return side
  throw new DoorTrouble(`The pods behind ${inWords(recipe)} are of no single side: ${[...seen].join(', ')}.`)
}

/** Visitors are not sent to a side of which no pod is ready. */
async function point(door: ServiceDoor, side: DetourSide, calling: Calling): Promise<DetourEvidence> {
  const { recipe, clock } = door
  const { service, pods } = await readService(door, calling)
  if (!pods.some((pod) => pod.side === side && pod.ready))
    throw new DoorTrouble(
      `No pod of ${side} is ready behind ${inWords(recipe)}: visitors stay where they are.`,
    )
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
      const seen = await look(async () => found(await readService(door, calling)))
      if (seen.kind !== 'found') return null
      const served = await look(async () => found(servedBy(door.recipe, seen.value)))
      const ready = seen.value.endpoints.filter((one) => one.ready).length
      return served.kind === 'found' && served.value === side && ready > 0 ? ready : null
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
