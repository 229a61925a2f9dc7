import type { Host, Instance, SshFleet } from '../domain/config/fleet.ts'
import type { Finished, FleetControl, Prober, Shell, Watch } from '../pipeline/ports.ts'
import type { Masker } from './masking.ts'
import { askByCommand } from './prober.ts'
import { createReleaseFolders } from './release-folders.ts'
import type { Leftovers } from './shell/leftovers.ts'
import { createOutput } from './shell/output.ts'
import {
  type Artifacts,
  artifactIn,
  artifactPath,
  createArtifacts,
  interrupted,
  type Receiver,
} from './ssh/artifacts.ts'
import { type Connections, createConnections } from './ssh/connections.ts'
import { withInput } from './ssh/input.ts'
import type { RemoteWork, VariablesThere } from './ssh/remote-host.ts'
import { failureBy } from './ssh/trouble.ts'
import { variablesThere } from './ssh/variables-there.ts'

export interface SshFleetsOptions {
  /** The environment from which variables are sent to hosts. */
  readonly env: NodeJS.ProcessEnv
  /** The environment of ssh itself. */
  readonly own: NodeJS.ProcessEnv
  /** The folder of the checkout that paths are relative to. */
  readonly cwd: string
  readonly masker: Masker
  readonly groups: Leftovers
  /** Asks addresses, which is done from here. */
  readonly prober: Prober
  /** Runs commands of an instance that are to run here: of a monitoring, or of a balancer elsewhere. */
  readonly shell: Shell
}

/** Fleets over ssh. They share one connection a host, which stays open until `close` where these are not too many. */
export interface SshFleets {
  fleet(recipe: SshFleet): FleetControl
  close(): Promise<void>
}

export function createSshFleets(options: SshFleetsOptions): SshFleets {
  const { own, cwd, masker, groups } = options
  const means = { cwd, env: { ...own, SSH_ASKPASS_REQUIRE: 'never' }, masker, groups }
  const connections = createConnections(means, groups)
  const artifacts = createArtifacts(means)
  return {
    fleet: (recipe) => fleetOver({ ...options, recipe, connections, artifacts }),
    close: connections.close,
  }
}

/** One fleet, and everything that the fleets share. */
interface FleetMeans extends SshFleetsOptions {
  readonly recipe: SshFleet
  readonly connections: Connections
  readonly artifacts: Artifacts
}

function fleetOver(means: FleetMeans): FleetControl {
  const { recipe, connections, prober } = means
  const remoteOf = (instance: Instance) => connections.to(recipe, hostIn(recipe, instance))
  const run: FleetControl['run'] = (...given) => runCommand(means, ...given)
  return {
    run,
    folders: foldersOf(means),
    async reach(instance, signal) {
      const opened = remoteOf(instance).open(signal)
      connections.closeSome()
      await opened
    },
    prepare: (...given) => prepareHost(means, ...given),
    fetch: (...given) => fetchFrom(means, ...given),
    async ask(instance, probe, variables, signal) {
      if (probe.kind === 'run')
        return askByCommand((...asked) => run(instance, ...asked), probe.command, variables, signal)
      const { host, env: own } = hostIn(recipe, instance)
      return prober.ask(probe, { ...own, ...variables, ROLLGATE_HOST: host }, signal)
    },
    rest: (instance) => connections.rest(remoteOf(instance)),
  }
}

type FleetGiven<Verb extends 'run' | 'prepare' | 'fetch'> = Parameters<FleetControl[Verb]>

function runCommand(means: FleetMeans, ...[instance, command, variables, watch]: FleetGiven<'run'>) {
  const { recipe, shell, env } = means
  const host = hostIn(recipe, instance)
  if (command.on?.kind === 'runner')
    return shell.run(command, { ...host.env, ...variables, ROLLGATE_HOST: host.host }, watch)
  const seen = variablesThere(recipe, host, command, variables, env)
  // Once it has been started an instance is mostly asked over HTTP, from here, and not by commands there.
  const work = {
    ...command,
    run: withInput(command.run, watch.input),
    last: command === recipe.start,
    apart: watch.answer !== undefined,
  }
  return runOn(means, host, work, seen, watch)
}

/** Runs a command on a host over its connection. */
async function runOn(
  { masker, recipe, connections }: FleetMeans,
  host: Host,
  work: RemoteWork,
  variables: VariablesThere,
  watch: Watch,
): Promise<Finished> {
  const output = createOutput(masker, (line) => watch.line(line))
  const { signal, answer } = watch
  const finished = await connections.to(recipe, host).run(work, variables, { signal, output, answer })
  if (finished.kind !== 'unreachable') return finished
  const failure = failureBy(finished.trouble, whereIs(host), recipe.hostKeys)
  return { kind: 'unreachable', failure, tail: finished.tail }
}

const foldersOf = (means: FleetMeans) =>
  createReleaseFolders(
    async (instance, script, variables, signal) => {
      const host = hostIn(means.recipe, instance)
      const lines: string[] = []
      const asking = { signal, line: () => {}, answer: (line: string) => void lines.push(line) }
      const finished = await runOn(means, host, inSh(script), () => variables, asking)
      return { finished, lines, where: whereIs(host) }
    },
    (variables) => {
      const artifact = artifactIn(means.recipe.upload, variables)
      return artifact === null ? '' : artifactPath(artifact)
    },
  )

async function prepareHost(
  means: FleetMeans,
  ...[instance, variables, watch, cargo = null]: FleetGiven<'prepare'>
): ReturnType<FleetControl['prepare']> {
  const { recipe, connections, artifacts } = means
  const host = hostIn(recipe, instance)
  const where = whereIs(host)
  const opened = connections.to(recipe, host).open(watch.signal)
  connections.closeSome()
  const there = await opened
  if (there === null) return interrupted(where)
  if (there.kind !== 'open') return failureBy(there, where, recipe.hostKeys)
  const artifact = artifactIn(recipe.upload, variables)
  if (artifact === null) return null
  return artifacts.bring(artifact, receiverAt(means, host, watch.signal), watch, cargo)
}

async function fetchFrom(
  means: FleetMeans,
  ...[instance, variables, sha256, watch]: FleetGiven<'fetch'>
): ReturnType<FleetControl['fetch']> {
  const { recipe, connections, artifacts } = means
  const host = hostIn(recipe, instance)
  const artifact = artifactIn(recipe.upload, variables)
  const there = await connections.to(recipe, host).open(watch.signal)
  if (artifact === null || there?.kind !== 'open') return null
  return artifacts.fetch(artifact, receiverAt(means, host, watch.signal), sha256, watch)
}

function receiverAt(means: FleetMeans, host: Host, signal: AbortSignal): Receiver {
  return {
    where: whereIs(host),
    remote: means.connections.to(means.recipe, host),
    async run(script, about) {
      let said = ''
      const answer = (line: string): void => {
        said = line
      }
      const asking = { signal, line: () => {}, answer }
      return { ...(await runOn(means, host, inSh(script), () => about, asking)), said }
    },
  }
}

/** Long enough to read a large file from a slow disk. */
const SCRIPT_TIMEOUT_MS = 10 * 60_000

const inSh = (run: string): RemoteWork => ({
  run,
  shell: 'sh',
  workingDirectory: '.',
  timeout: SCRIPT_TIMEOUT_MS,
  last: false,
  // The driver keeps stderr in a file on the host. If the disk is full, that file stays empty, so stderr is heard at once.
  apart: false,
})

function hostIn({ instances }: SshFleet, { name }: Instance): Host {
  const host = instances.find((each) => each.name === name)
  if (host === undefined) throw new Error(`${name} is on no host of its fleet`)
  return host
}

/** The host as a person writes it. */
const whereIs = ({ name, host }: Host): string => (name === host ? name : `${name} (${host})`)
