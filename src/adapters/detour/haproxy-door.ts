import type { HaproxyDoor } from '../../domain/config/detour-recipe.ts'
import { pauses } from '../../domain/config/pace.ts'
import type { DetourEvidence } from '../../domain/detour/deed.ts'
import type { DoorSeen } from '../../domain/detour/detour-seen.ts'
import { type BySide, type DetourSide, otherSide } from '../../domain/detour/side.ts'
import { absent, found, type Reading } from '../../domain/reading.ts'
import type { Clock, DetourDoor, Variables } from '../../pipeline/ports.ts'
import { type MapHost, type MapValues, readMapFiles, writeMapFiles } from './haproxy/map-files.ts'
import { inFlight, mapValue, setMapValue } from './haproxy/map-memory.ts'
import { DoorTrouble, deed, doorUnseen, look } from './haproxy/trouble.ts'
import { createMarks, type FrontendMarks } from './marker.ts'

export interface HaproxyDoorMeans {
  readonly clock: Clock
  /** The hosts of the balancers, each with a file of the map. */
  readonly hosts: readonly MapHost[]
}

const SEEN_MS = 15_000
const DRAINED_MS = 300_000
const WRITES = { open: 'open', shut: 'shut' } as const
type Writes = keyof typeof WRITES

/**
 * A map that every frontend of one HAProxy or several reads. A side is written to the map's file on every host first, which
 * a reload reads, then set in memory, and is believed when the marker says so on new and on kept connections.
 */
export function createHaproxyDoor(recipe: HaproxyDoor, means: HaproxyDoorMeans): DetourDoor {
  const { backends, writesKey } = recipe
  const markers = createMarks(recipe.marker)
  const door = { recipe, ...means, markers }

  return {
    observe: (variables, signal) => observe(door, variables, signal),
    point: (side, variables, { signal }) =>
      deed(async () => {
        // A connection from before the move shows what becomes of those that visitors keep.
        await markers.keep(variables, signal)
        await turn(door, recipe.key, backends[side], variables, signal)
        return { marker: await markerIs(door, side, variables, signal), backend: backends[side] }
      }),
    writes: (to, variables, { signal }) =>
      deed(async () => {
        if (writesKey === null) return { writes: 'the door does not tell reads from writes' }
        await turn(door, writesKey, WRITES[to], variables, signal)
        return { writes: to }
      }),
    drained: (side, _variables, { signal }) =>
      deed(async () => {
        const started = means.clock.now().getTime()
        for (const pause of pauses()) {
          const left = await flying(door, side)
          const took = means.clock.now().getTime() - started
          if (left === 0) return { inFlight: '0', took: `${took} ms` }
          if (took > DRAINED_MS || signal.aborted)
            throw new DoorTrouble(
              `${left} requests are still under way at ${backends[side]} after ${Math.round(took / 1000)} s.`,
            )
          await means.clock.sleep(pause, signal)
        }
        return {}
      }),
  }
}

interface Door extends HaproxyDoorMeans {
  readonly recipe: HaproxyDoor
  readonly markers: FrontendMarks
}

/** Sets a key: in every file, then in every balancer's memory; each is read again. */
async function turn(
  { recipe, hosts }: Door,
  key: string,
  value: string,
  variables: Variables,
  signal: AbortSignal,
): Promise<DetourEvidence> {
  await writeMapFiles({ hosts, file: recipe.map, variables, signal }, key, value)
  await Promise.all(recipe.sockets.map((socket) => setMapValue(socket, recipe.map, key, value)))
  return {}
}

async function observe(
  { recipe, hosts, markers }: Door,
  variables: Variables,
  signal: AbortSignal,
): Promise<DoorSeen> {
  const file = await look(async () =>
    found(await readMapFiles({ hosts, file: recipe.map, variables, signal })),
  )
  const memory = (key: string) =>
    look(async () =>
      agreed(
        recipe,
        key,
        await Promise.all(recipe.sockets.map((socket) => mapValue(socket, recipe.map, key))),
      ),
    )
  const flight = (side: DetourSide) => look(async () => found(await flyingAt(recipe, side)))
  const writes = recipe.writesKey
  return {
    file: await sideWritten(recipe, file),
    memory: sideIn(recipe, await memory(recipe.key)),
    marker: await markers.read(variables, signal),
    writes: writes === null ? absent : await look(async () => writesIn(await memory(writes), file, writes)),
    inFlight: { home: await flight('home'), 'stand-in': await flight('stand-in') } satisfies BySide<
      Reading<number>
    >,
  }
}

const sideWritten = async (recipe: HaproxyDoor, file: Reading<MapValues>): Promise<Reading<DetourSide>> =>
  file.kind === 'found' ? look(async () => sideOf(recipe, file.value(recipe.key))) : file

/** The one answer of all balancers; unknown where they differ. */
function agreed({ sockets }: HaproxyDoor, key: string, values: readonly string[]): Reading<string> {
  const [value] = values
  if (value !== undefined && values.every((one) => one === value)) return found(value)
  const each = values.map((one, at) => `${one} at ${sockets[at]}`)
  throw new DoorTrouble(`The balancers differ for ${key}: ${each.join(', ')}.`)
}

const sideIn = (recipe: HaproxyDoor, value: Reading<string>): Reading<DetourSide> =>
  value.kind === 'found' ? sideOf(recipe, value.value) : value

function sideOf({ backends, key, map }: HaproxyDoor, value: string | undefined): Reading<DetourSide> {
  if (value === backends.home) return found('home')
  if (value === backends['stand-in']) return found('stand-in')
  return doorUnseen(
    new DoorTrouble(`The key ${key} of ${map} is ${value ?? 'missing'}, which is the backend of no side.`),
  )
}

/** Both the file and the memory: a reload would bring back what the file says. */
function writesIn(memory: Reading<string>, file: Reading<MapValues>, key: string): Reading<Writes> {
  if (memory.kind !== 'found') return memory
  if (file.kind !== 'found') return file
  const written = file.value(key)
  if (written !== memory.value)
    return doorUnseen(
      new DoorTrouble(
        `Writes are ${memory.value} in memory and ${written ?? 'missing'} in the file of the map.`,
      ),
    )
  if (written === WRITES.open || written === WRITES.shut) return found(written)
  return doorUnseen(new DoorTrouble(`The key ${key} of the map is ${written}, neither open nor shut.`))
}

/** Resolves when every frontend's answers carry the mark of a side and none of the other's. */
async function markerIs(
  { clock, markers, recipe }: Door,
  side: DetourSide,
  variables: Variables,
  signal: AbortSignal,
): Promise<string> {
  const until = clock.now().getTime() + SEEN_MS
  for (const pause of pauses()) {
    const seen = await markers.read(variables, signal)
    if (seen.kind === 'found' && seen.value === side) return recipe.marker.values[side]
    if (clock.now().getTime() > until || signal.aborted) {
      const why = seen.kind === 'unknown' ? seen.why.what : `They still come from ${otherSide(side)}.`
      throw new DoorTrouble(`Answers do not all come from ${side} after ${SEEN_MS / 1000} s. ${why}`)
    }
    await clock.sleep(pause, signal)
  }
  return ''
}

const flying = ({ recipe }: Door, side: DetourSide): Promise<number> => flyingAt(recipe, side)

async function flyingAt({ sockets, backends }: HaproxyDoor, side: DetourSide): Promise<number> {
  const counts = await Promise.all(sockets.map((socket) => inFlight(socket, backends[side])))
  return counts.reduce((total, one) => total + one, 0)
}
