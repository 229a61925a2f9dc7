import { fleetKeys } from './engines/fleet-keys.ts'
import { type Mapping, type Tree, withEntry } from './yaml/tree.ts'

/** These keys are mutually exclusive: if the overlay sets one, drop the others from the base. */
const rivals: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['http', ['run', 'shell', 'env', 'working-directory', 'on']],
  ['run', ['http']],
  ['local', ['ssh', 'pull']],
  ['ssh', ['local', 'pull']],
  // A host that pulls runs the commands of its own settings.
  ['pull', ['local', 'ssh', 'prepare', 'slots', 'stop', 'install', 'start']],
  ['hosts', ['inventory']],
  ['inventory', ['hosts']],
  ['fleet', ['engine']],
  ['engine', fleetKeys],
  ['kubernetes', ['swarm', 'ecs', 'command', 'haproxy']],
  ['swarm', ['kubernetes', 'ecs', 'command']],
  ['ecs', ['kubernetes', 'swarm', 'command']],
  ['deployment', ['statefulset', 'daemonset']],
  ['statefulset', ['deployment', 'daemonset']],
  ['daemonset', ['deployment', 'statefulset']],
  ['image', ['images']],
  ['images', ['image']],
  ['command', ['haproxy', 'postgres', 'sqlite', 'kubernetes', 'swarm', 'ecs']],
  ['haproxy', ['command', 'kubernetes']],
  ['postgres', ['command', 'sqlite']],
  ['sqlite', ['command', 'postgres']],
  ['clone', ['blue-green']],
  ['blue-green', ['clone']],
])

/** Lays one value over another. */
type Laying = (base: Tree, over: Tree) => Tree

/** Lays a value in the place of another. */
const replaced: Laying = (_, over) => over

/**
 * Lays an environment's settings of one service, or of the detour, over the recipe's: mappings are merged, all else is replaced,
 * and so are instances and hosts, although they are mappings.
 */
export const layOver: Laying = (base, over) =>
  base.kind === 'mapping' && over.kind === 'mapping'
    ? merged(withoutRivals(base, over), over, (key) => layings.get(key) ?? layOver)
    : over

/**
 * Lays names over names that a team chose: a service, a container or a variable may be called `http` and `instances` too,
 * and has no rivals by its name.
 */
const byName =
  (laying: Laying): Laying =>
  (base, over) =>
    base.kind === 'mapping' && over.kind === 'mapping' ? merged(base, over, () => laying) : over

/** The keys whose values are not laid over as settings. */
const layings: ReadonlyMap<string, Laying> = new Map([
  // Their names carry settings: merged, production would be rolled together with the recipe's own instances.
  ['instances', replaced],
  ['hosts', replaced],
  ['env', byName(replaced)],
  ['images', byName(replaced)],
  ['slots', byName(byName(replaced))],
  ['services', byName(layOver)],
])

const merged = (base: Mapping, over: Mapping, layingOf: (key: string) => Laying): Tree =>
  [...over.entries].reduce<Tree>((tree, [key, entry]) => {
    const below = base.entries.get(key)
    const value = below === undefined ? entry.value : layingOf(key)(below.value, entry.value)
    return withEntry(tree, key, { key: entry.key, value })
  }, base)

function withoutRivals(base: Mapping, over: Mapping): Mapping {
  const gone = [...over.entries.keys()].flatMap((key) => rivals.get(key) ?? [])
  return { ...base, entries: new Map([...base.entries].filter(([key]) => !gone.includes(key))) }
}
