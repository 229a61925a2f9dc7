import type { Command } from './command.ts'
import type { DoorRecipe, HostOf, MoveOver, OwnDatabases, StepAside } from './detour-recipe.ts'

/** A command of a detour by its key in the config. */
interface DetourCommand {
  readonly key: string
  readonly command: Command
}

const place = 'steps.detour.clone'

/** A step between two sides: the copy of a database, or the move of visitors, which has none where the sides have one. */
type BetweenSides =
  | { readonly copies: OwnDatabases; readonly over: Pick<MoveOver, 'door'> }
  | {
      readonly moving: Pick<MoveOver, 'door' | 'smokeTest'>
      readonly own?: { readonly back: boolean; readonly copies: OwnDatabases }
    }

/** Returns the commands of a step between two sides, apart from those of its services. */
export function sidesCommandsOf(step: BetweenSides): DetourCommand[] {
  if ('copies' in step) return [...ownCommands(step.copies), ...doorCommands(blueGreen, step.over.door)]
  const { moving, own } = step
  return [
    ...keyed(`${blueGreen}.smoke-test`, { run: moving.smokeTest?.home.command ?? null }),
    ...(own?.back === true ? ownCommands(own.copies) : []),
    ...doorCommands(blueGreen, moving.door),
  ]
}

const blueGreen = 'steps.detour.blue-green'

const ownCommands = ({ of }: OwnDatabases): DetourCommand[] =>
  of.kind === 'command'
    ? keyed(`${blueGreen}.database.own.command`, { observe: of.observe, ...of.verbs })
    : []

/** Returns the commands of a part of stepping aside, apart from those of its services. */
export function detourCommandsOf(
  part: 'open-detour' | 'join-detour' | 'inspect' | 'close-detour',
  detour: StepAside,
): DetourCommand[] {
  const { smokeTest, database, door } = detour
  if (part === 'inspect') return keyed(`${place}.smoke-test`, { run: smokeTest?.command ?? null })
  return [
    ...(database.kind === 'command'
      ? keyed(`${place}.database.command`, { observe: database.observe, ...database.verbs })
      : []),
    ...doorCommands(place, door),
  ]
}

/** Returns the instances on whose hosts Rollgate's own programs run: those of a database, and those of a balancer's map. */
export const programHostsOf = ({
  database,
  door,
}: Pick<StepAside, 'database' | 'door'>): readonly HostOf[] => [
  ...(database.kind === 'postgres' && database.on !== null ? [database.on] : []),
  ...(door.kind === 'haproxy' ? door.on : []),
]

/** Returns the commands of removing a failed home. */
export const discardCommandsOf = ({ database }: Pick<StepAside, 'database'>): DetourCommand[] =>
  database.kind === 'command'
    ? keyed(`${place}.database.command`, {
        observe: database.observe,
        'discard-failed-home': database.verbs['discard-failed-home'] ?? null,
      })
    : []

const doorCommands = (within: string, door: DoorRecipe): DetourCommand[] =>
  door.kind === 'command'
    ? keyed(`${within}.door.command`, {
        observe: door.observe,
        point: door.point,
        open: door.writes?.open ?? null,
        shut: door.writes?.shut ?? null,
      })
    : []

const keyed = (key: string, commands: Readonly<Record<string, Command | null>>): DetourCommand[] =>
  Object.entries(commands).flatMap(([name, command]) =>
    command === null ? [] : [{ key: `${key}.${name}`, command }],
  )
