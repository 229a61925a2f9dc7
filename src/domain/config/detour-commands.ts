import type { Command } from './command.ts'
import type { DoorRecipe, HostOf, MoveOver, StepAside } from './detour-recipe.ts'

/** A command of a detour by its key in the config. */
interface DetourCommand {
  readonly key: string
  readonly command: Command
}

const place = 'steps.detour.clone'

/** Returns the commands of moving visitors over, apart from those of its services. */
export const moveOverCommandsOf = ({ door, smokeTest }: MoveOver): DetourCommand[] => [
  ...keyed('steps.detour.blue-green.smoke-test', { run: smokeTest?.home.command ?? null }),
  ...doorCommands('steps.detour.blue-green', door),
]

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
