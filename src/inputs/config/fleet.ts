import type { Fleet, Host, HostInstance, Instance, PrepareRecipe } from '../../domain/config/fleet.ts'
import { maybeCommand, maybeInstanceCommand, maybeProbe, toInstanceCommand } from './commands.ts'
import type { FleetValue, InstancesValue } from './schema/fleet.ts'
import type { PullValue } from './schema/pull.ts'
import type { HostsValue, SshValue } from './schema/ssh.ts'
import { keysAt, nodeAt, type Tree } from './yaml/tree.ts'

/** `service` is the tree of the service that the fleet was read from: it knows the order of the instances. */
export function toFleet(written: FleetValue | undefined, service: Tree | undefined): Fleet {
  const commands = {
    prepare: toPrepare(written?.prepare),
    stop: maybeInstanceCommand(written?.stop),
    install: maybeInstanceCommand(written?.install),
    start: maybeInstanceCommand(written?.start),
  }
  const tree = (path: string[]) => nodeAt(service, ['fleet', ...path])
  if (written?.ssh !== undefined) return { ...toSsh(written.ssh, tree(['ssh', 'hosts'])), ...commands }
  if (written?.pull !== undefined)
    return { ...toPull(written.pull, tree(['pull', 'instances'])), ...commands }
  const instances = toInstances(written?.local?.instances ?? [], tree(['local', 'instances']))
  return { kind: 'local', instances, ...commands }
}

function toPrepare(written: FleetValue['prepare']): PrepareRecipe | null {
  if (written === undefined) return null
  const { keep, unless, clear } = written
  return {
    command: toInstanceCommand(written),
    unless: maybeInstanceCommand(unless),
    keep,
    clear: maybeInstanceCommand(clear),
  }
}

function toSsh(written: SshValue, tree: Tree | undefined) {
  return {
    kind: 'ssh',
    instances: toHosts(written.hosts ?? [], tree),
    inventory: maybeCommand(written.inventory),
    user: written.user ?? null,
    port: written.port ?? null,
    jump: written.jump ?? null,
    settings: written.settings ?? null,
    hostKeys: written['host-keys'],
    connectTimeout: written['connect-timeout'],
    sendEnv: written['send-env'] ?? [],
    upload: written.upload ?? null,
  } as const
}

function toPull({ instances = [], interval, intervals, status }: PullValue, tree: Tree | undefined) {
  const hosts = inOrder(instances, tree).map(
    ([name, { host = name, env = {}, zone }]): HostInstance => ({
      name,
      host,
      env,
      ...(zone === undefined ? {} : { zone }),
    }),
  )
  return { kind: 'pull', instances: hosts, interval, intervals, status: maybeProbe(status) } as const
}

/** Returns hosts in the order of `tree`, from which `written` was read. */
export function toHosts(written: HostsValue, tree: Tree | undefined): Host[] {
  return inOrder(written, tree).map(([name, { host = name, user, port, jump, env = {}, zone }]) => ({
    name,
    host,
    user: user ?? null,
    port: port ?? null,
    jump: jump ?? null,
    env,
    ...(zone === undefined ? {} : { zone }),
  }))
}

function toInstances(written: InstancesValue, tree: Tree | undefined): Instance[] {
  return inOrder(written, tree).map(([name, env]) => ({ name, env }))
}

/** A list of names is a mapping without settings. */
function inOrder<V extends object>(
  written: readonly string[] | Readonly<Record<string, V>>,
  tree: Tree | undefined,
): [name: string, value: V | Record<string, never>][] {
  if (isList(written)) return written.map((name) => [name, {}])
  return tree === undefined ? [] : keysAt(tree, []).map((name) => [name, written[name] ?? {}])
}

function isList<V>(written: readonly string[] | V): written is readonly string[] {
  return Array.isArray(written)
}
