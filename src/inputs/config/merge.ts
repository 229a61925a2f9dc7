import { fleetKeys } from './engines/fleet-keys.ts'
import { type Entry, type Mapping, type Tree, withEntry } from './yaml/tree.ts'

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
  ['kubernetes', ['swarm', 'ecs', 'command']],
  ['swarm', ['kubernetes', 'ecs', 'command']],
  ['ecs', ['kubernetes', 'swarm', 'command']],
  ['deployment', ['statefulset', 'daemonset']],
  ['statefulset', ['deployment', 'daemonset']],
  ['daemonset', ['deployment', 'statefulset']],
  ['image', ['images']],
  ['images', ['image']],
  ['command', ['haproxy', 'postgres', 'sqlite', 'kubernetes', 'swarm', 'ecs']],
  ['haproxy', ['command']],
  ['postgres', ['command', 'sqlite']],
  ['sqlite', ['command', 'postgres']],
  ['clone', ['blue-green']],
  ['blue-green', ['clone']],
])

/** Lists whose names carry settings: merged, production would be rolled together with the recipe's own instances. */
const lists = ['instances', 'hosts']

/**
 * Lays an environment's settings of one service, or of the detour, over the recipe's: mappings are merged, all else is replaced,
 * and so are instances and hosts, although they are mappings.
 */
export function layOver(base: Tree, over: Tree): Tree {
  if (base.kind !== 'mapping' || over.kind !== 'mapping') return over
  return [...over.entries].reduce<Tree>(
    (merged, [key, entry]) => withEntry(merged, key, laidEntry(base, key, entry)),
    withoutRivals(base, over),
  )
}

function laidEntry(base: Mapping, key: string, over: Entry): Entry {
  const below = base.entries.get(key)
  if (below === undefined || lists.includes(key)) return over
  const value = key === 'env' ? mergeVariables(below.value, over.value) : layOver(below.value, over.value)
  return { key: over.key, value }
}

function withoutRivals(base: Mapping, over: Mapping): Mapping {
  const gone = [...over.entries.keys()].flatMap((key) => rivals.get(key) ?? [])
  return { ...base, entries: new Map([...base.entries].filter(([key]) => !gone.includes(key))) }
}

/** Variables may have any name, `http` and `instances` too. */
function mergeVariables(base: Tree, over: Tree): Tree {
  if (base.kind !== 'mapping' || over.kind !== 'mapping') return over
  return { ...base, entries: new Map([...base.entries, ...over.entries]) }
}
