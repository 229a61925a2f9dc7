import type { CommandDoor } from '../../../domain/config/detour-recipe.ts'
import type { DetourDeed } from '../../../domain/detour/deed.ts'
import type { DoorSeen } from '../../../domain/detour/detour-seen.ts'
import type { DetourSide } from '../../../domain/detour/side.ts'
import type { Reading } from '../../../domain/reading.ts'
import type { DetourDoor, Variables, Watch } from '../../../pipeline/ports.ts'
import { printedBy } from './asking.ts'
import { doorIn } from './printed.ts'
import { allOf, type VerbResult, wants } from './sights.ts'
import { doVerb, type Verb, type VerbTools } from './verb.ts'

/** The longest wait for requests in flight: no visitor waits for it. */
const DRAIN_MS = 60_000

/** Reads which side's marker the answers of every frontend carry. */
export type MarkerReader = (variables: Variables, signal: AbortSignal) => Promise<Reading<DetourSide>>

export interface CommandDoorTools extends VerbTools {
  /** Null where the config names no marker: then `observe` has to print it. */
  readonly marker: MarkerReader | null
}

/** A door by commands. Visitors are on a side when the marker says so, not when a command has ended. */
export function createCommandDoor(recipe: CommandDoor, tools: CommandDoorTools): DetourDoor {
  const observe = async (variables: Variables, signal: AbortSignal): Promise<DoorSeen> => {
    const seen = doorIn(await printedBy(tools.shell, recipe.observe, variables, signal))
    return tools.marker === null ? seen : { ...seen, marker: await tools.marker(variables, signal) }
  }
  const toldSide = (variables: Variables, side: DetourSide): Variables => ({
    ...variables,
    ROLLGATE_SIDE: side,
  })
  const doneBy = (verb: Omit<Verb<DoorSeen>, 'look'>, watch: Watch): Promise<DetourDeed> =>
    doVerb({ ...verb, look: (signal) => observe(verb.variables, signal) }, tools, watch)

  return {
    observe,
    point: (side, variables, watch) =>
      doneBy(
        {
          what: `every frontend sends visitors to ${side}`,
          command: recipe.point,
          variables: toldSide(variables, side),
          result: (seen) => isPointed(seen, side),
        },
        watch,
      ),
    writes: (to, variables, watch) =>
      doneBy(
        {
          what: `visitors' writes are ${to}`,
          command: recipe.writes === null ? null : recipe.writes[to],
          variables,
          result: ({ writes }) => allOf([wants('writes', writes, recipe.writes === null ? null : to)]),
        },
        watch,
      ),
    drained: (side, variables, watch) =>
      doneBy(
        {
          what: `${side} has no request in flight`,
          command: null,
          variables: toldSide(variables, side),
          patience: DRAIN_MS,
          result: ({ inFlight }) => allOf([wants(`in-flight.${side}`, inFlight[side], 0, null)]),
        },
        watch,
      ),
  }
}

const isPointed = ({ file, memory, marker }: DoorSeen, side: DetourSide): VerbResult =>
  allOf([wants('file', file, side, null), wants('memory', memory, side), wants('marker', marker, side)])
