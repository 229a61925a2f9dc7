import type { Host, Instance, SshFleet } from '../domain/config/fleet.ts'
import type { Finished, FleetControl, Prober, Shell, Watch } from '../pipeline/ports.ts'
import { atMost } from './at-most.ts'
import type { Masker } from './masking.ts'
import { askByCommand } from './prober.ts'
import { createReleaseFolders } from './release-folders.ts'
import type { Leftovers } from './shell/leftovers.ts'
import { createOutput } from './shell/output.ts'
import { artifactIn, createArtifacts, interrupted, type Receiver } from './ssh/artifacts.ts'
import type { Destination } from './ssh/commands.ts'
import { createControlFolder } from './ssh/control-folder.ts'
import { withInput } from './ssh/input.ts'
import { createRemoteHost, type RemoteHost, type RemoteWork, type VariablesThere } from './ssh/remote-host.ts'
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

/**
 * The most connections to open at once: each costs a key exchange, and with many all of them would be late. A
 * host on the way lets in no more than ten at a time before their login, by sshd's `MaxStartups`.
 */
const OPENED_AT_ONCE = 10

/** Each is a process of two megabytes. More are open only while that many are worked on. */
const KEPT_OPEN = 32

export function createSshFleets({
  env,
  own,
  cwd,
  masker,
  groups,
  prober,
  shell,
}: SshFleetsOptions): SshFleets {
  const means = { cwd, env: { ...own, SSH_ASKPASS_REQUIRE: 'never' }, masker, groups }
  const sockets = createControlFolder(groups)
  const sharing = { nextSocket: sockets.next, inTurn: atMost(OPENED_AT_ONCE) }
  const artifacts = createArtifacts(means)
  const remotes = new Map<string, RemoteHost>()
  /** The longest at rest comes first. */
  const resting = new Set<RemoteHost>()

  function remoteOf(recipe: SshFleet, host: Host): RemoteHost {
    const to = destination(recipe, host)
    const key = JSON.stringify(to)
    const remote = remotes.get(key) ?? createRemoteHost(to, means, sharing)
    remotes.set(key, remote)
    resting.delete(remote)
    return remote
  }

  function closeSome(): void {
    const open = [...remotes.values()].filter((remote) => remote.isOpen()).length
    for (const remote of [...resting].slice(0, Math.max(0, open - KEPT_OPEN))) {
      resting.delete(remote)
      void remote.rest()
    }
  }

  async function runOn(
    { hostKeys }: Pick<SshFleet, 'hostKeys'>,
    remote: RemoteHost,
    where: string,
    work: RemoteWork,
    variables: VariablesThere,
    watch: Watch,
  ): Promise<Finished> {
    const output = createOutput(masker, (line) => watch.line(line))
    const { signal, answer } = watch
    const finished = await remote.run(work, variables, { signal, output, answer })
    if (finished.kind !== 'unreachable') return finished
    return { kind: 'unreachable', failure: failureBy(finished.trouble, where, hostKeys), tail: finished.tail }
  }

  function receiverAt(recipe: SshFleet, host: Host, signal: AbortSignal): Receiver {
    const remote = remoteOf(recipe, host)
    const where = whereIs(host)
    return {
      where,
      remote,
      async run(script, about) {
        let said = ''
        const answer = (line: string): void => {
          said = line
        }
        const asking = { signal, line: () => {}, answer }
        return { ...(await runOn(recipe, remote, where, inSh(script), () => about, asking)), said }
      },
    }
  }

  function fleet(recipe: SshFleet): FleetControl {
    const run: FleetControl['run'] = (instance, command, variables, watch) => {
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
      return runOn(recipe, remoteOf(recipe, host), whereIs(host), work, seen, watch)
    }

    const folders = createReleaseFolders(async (instance, script, variables, signal) => {
      const host = hostIn(recipe, instance)
      const where = whereIs(host)
      const lines: string[] = []
      const asking = { signal, line: () => {}, answer: (line: string) => void lines.push(line) }
      const finished = await runOn(
        recipe,
        remoteOf(recipe, host),
        where,
        inSh(script),
        () => variables,
        asking,
      )
      return { finished, lines, where }
    })

    return {
      run,
      folders,
      async reach(instance, signal) {
        await remoteOf(recipe, hostIn(recipe, instance)).open(signal)
      },
      async prepare(instance, variables, watch, cargo = null) {
        const host = hostIn(recipe, instance)
        const remote = remoteOf(recipe, host)
        const where = whereIs(host)
        const opened = remote.open(watch.signal)
        closeSome()
        const there = await opened
        if (there === null) return interrupted(where)
        if (there.kind !== 'open') return failureBy(there, where, recipe.hostKeys)
        const artifact = artifactIn(recipe.upload, variables)
        if (artifact === null) return null
        return artifacts.bring(artifact, receiverAt(recipe, host, watch.signal), watch, cargo)
      },
      async fetch(instance, variables, sha256, watch) {
        const host = hostIn(recipe, instance)
        const remote = remoteOf(recipe, host)
        const artifact = artifactIn(recipe.upload, variables)
        const there = await remote.open(watch.signal)
        if (artifact === null || there?.kind !== 'open') return null
        return artifacts.fetch(artifact, receiverAt(recipe, host, watch.signal), sha256, watch)
      },
      async ask(instance, probe, variables, signal) {
        if (probe.kind === 'run')
          return askByCommand((...asked) => run(instance, ...asked), probe.command, variables, signal)
        const { host, env: own } = hostIn(recipe, instance)
        return prober.ask(probe, { ...own, ...variables, ROLLGATE_HOST: host }, signal)
      },
      rest(instance) {
        resting.add(remoteOf(recipe, hostIn(recipe, instance)))
        closeSome()
      },
    }
  }

  return {
    fleet,
    async close() {
      await Promise.all([...remotes.values()].map((remote) => remote.close()))
      sockets.remove()
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

const destination = (
  { settings, hostKeys, connectTimeout, ...fleet }: SshFleet,
  { host, ...own }: Host,
): Destination => ({
  host,
  user: own.user ?? fleet.user,
  port: own.port ?? fleet.port,
  jump: own.jump ?? fleet.jump,
  settings,
  hostKeys,
  connectTimeout,
})

/** The host as a person writes it. */
const whereIs = ({ name, host }: Host): string => (name === host ? name : `${name} (${host})`)
