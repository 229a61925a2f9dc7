import type { Command } from '../../domain/config/command.ts'
import { type CommandFleet, chosenIn, instancesOf, jobOf } from '../../domain/config/command-fleet.ts'
import { retryable, retryWait, transientIn } from '../../domain/config/commands/retry.ts'
import type { EngineService } from '../../domain/config/engine-recipe.ts'
import type { Fleet, Instance } from '../../domain/config/fleet.ts'
import type { OnEngine, OnInstances } from '../../domain/config/place.ts'
import { inSeconds } from '../../domain/durations.ts'
import type { Images } from '../../domain/engine/engine-seen.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { nowhere, runJob } from '../engine/job.ts'
import type { Finished, Ports, Variables, Watch } from '../ports.ts'
import { quoted, type Stop } from './context.ts'
import { failureOf } from './failure.ts'
import { hostVariables } from './host-variables.ts'

/** The hands of a command, and the fleets that it may run on. */
export interface CommandHands {
  readonly ports: Pick<Ports, 'shell' | 'voice' | 'fleet' | 'engine' | 'clock'>
  readonly stop: Stop
  readonly plan: { readonly fleets: readonly CommandFleet[]; readonly engines: readonly EngineService[] }
}

/** A command that is to run once, wherever it belongs. */
export interface Order {
  readonly command: Command
  readonly seen: Variables
  /** Goes before each line of a command of the runner in the log; an instance has its own name there. */
  readonly prefix?: string
  /** True if the log shows the command: a hook may belong to another release than the deployed one. */
  readonly shown?: boolean
  /** Takes the lines in place of the log, which a question that is asked again and again would fill. */
  readonly listen?: (line: string) => void
  /** Takes the lines of stdout, of every instance. */
  readonly answer?: (line: string) => void
  /** Instances on which it has ended well already. */
  readonly done?: readonly string[]
  /** The name and the images of its job on an engine; left out for a question, which is asked anew each time. */
  readonly job?: { readonly name: string; readonly images: Images | null }
  /** Called as soon as it has ended well on an instance. */
  ranOn?(instance: string): void
}

/** The end of a command. `on`: the instance that it ended on, the first failed one of several. */
export interface RanCommand {
  readonly finished: Finished
  readonly on: string | null
}

/** The most hosts at once: a command that all need together, like a package server's, is not asked by a whole fleet. */
const MOST_AT_ONCE = 10

/**
 * Runs a command where it belongs: on the runner, or on instances over the connection of their fleet. Of several
 * instances all those under way are waited for; after a failure no further one begins.
 */
export async function runWhere(context: CommandHands, order: Order): Promise<RanCommand> {
  const onEngine = jobOf(order.command)
  if (onEngine !== null) return { finished: await asJob(context, order, onEngine), on: null }
  const on = instancesOf(order.command)
  if (on === null) return { finished: await onRunner(context, order), on: null }
  const fleet = context.plan.fleets.find(({ service }) => service === on.service)?.fleet
  if (fleet === undefined) return { finished: nowhere(`there is no service ${on.service}`), on: null }
  const { names, missing } = chosenIn(fleet, on.instances)
  if (missing.length > 0)
    return { finished: nowhere(`${on.service} has no instance ${missing.join(', ')}`), on: null }
  if (names.length === 0) return { finished: nowhere(`the hosts of ${on.service} are not known`), on: null }
  const wanted = fleet.instances.filter(({ name }) => names.includes(name) && !order.done?.includes(name))
  return onEach(context, order, { on, fleet }, wanted)
}

/** Returns the failure of a command in one sentence that names its instance; null for a success. */
export function failureWhere(subject: string, { finished, on }: RanCommand): Failure | null {
  const failure = failureOf(on === null ? subject : `${subject} on ${on}`, finished)
  const passing = failure === null || finished.kind !== 'exited' ? null : transientIn(finished.tail)
  if (failure === null || passing === null) return failure
  const next = `This is known to pass by itself (${passing}): try again. retry of the command has Rollgate do that.`
  return { next, ...failure }
}

function onRunner(context: CommandHands, order: Order): Promise<Finished> {
  const { command, seen, prefix = '  │ ' } = order
  return tried(context, order, () =>
    heard(context, order, prefix, (watch) => context.ports.shell.run(command, seen, watch)),
  )
}

/** A further try of a job has a name of its own: the engine would follow the one that has ended. */
async function asJob(context: CommandHands, order: Order, on: OnEngine): Promise<Finished> {
  const { command, seen, prefix = '  │ ', job } = order
  let tries = 0
  return tried(context, order, () => {
    tries += 1
    const name = job === undefined ? null : `${job.name}${tries === 1 ? '' : `-r${tries}`}`
    return heard(context, order, prefix, (watch) =>
      runJob(context, { command, on, seen, name, images: job?.images ?? null }, watch),
    )
  })
}

interface HostsMeant {
  readonly on: OnInstances
  readonly fleet: Fleet
}

async function onEach(
  context: CommandHands,
  order: Order,
  target: HostsMeant,
  wanted: readonly Instance[],
): Promise<RanCommand> {
  const failed: RanCommand[] = []
  const waiting = [...wanted]
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && failed.length === 0; next = waiting.shift()) {
      const finished = await onInstance(context, order, target, next)
      if (finished.kind === 'exited' && finished.code === 0) order.ranOn?.(next.name)
      else failed.push({ finished, on: next.name })
    }
  }
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, work))
  // In the order of the fleet: of several failed hosts the same one is named each time.
  const [first] = wanted.flatMap(({ name }) => failed.find(({ on }) => on === name) ?? [])
  return first ?? { finished: { kind: 'exited', code: 0, tail: [] }, on: null }
}

function onInstance(
  context: CommandHands,
  order: Order,
  { on, fleet }: HostsMeant,
  instance: Instance,
): Promise<Finished> {
  const seen = {
    ...order.seen,
    ...instance.env,
    ROLLGATE_SERVICE: on.service,
    ROLLGATE_INSTANCE: instance.name,
    ...hostVariables(fleet, instance),
  }
  return tried(context, order, () =>
    heard(context, order, `${instance.name} │ `, (watch) =>
      context.ports.fleet(fleet).run(instance, order.command, seen, watch),
    ),
  )
}

/** Tries a command again after a failure that is known to pass by itself, as often as its config says. */
async function tried(
  { ports, stop }: CommandHands,
  { command: { retry } }: Order,
  run: () => Promise<Finished>,
): Promise<Finished> {
  for (let tries = 1; ; tries += 1) {
    const finished = await run()
    // One that was ended, or not started, has said nothing of the network.
    if (retry === undefined || finished.kind !== 'exited' || finished.code === 0) return finished
    const why = tries > retry.times ? null : retryable(retry, finished.tail)
    if (why === null || stop.asked.aborted) return finished
    const wait = retryWait(tries)
    ports.voice.line(`${why}: tried again in ${inSeconds(wait)}, ${tries} of ${retry.times}`)
    await ports.clock.sleep(wait, stop.asked)
    if (stop.asked.aborted) return finished
  }
}

/** Runs a command with a listener to its lines, which sees the command itself where the log shows it. */
function heard(
  context: CommandHands,
  { command, shown, listen, answer }: Order,
  prefix: string,
  run: (watch: Watch) => Promise<Finished>,
): Promise<Finished> {
  const answering = answer === undefined ? {} : { answer }
  if (listen !== undefined) return run({ line: listen, signal: context.stop.forced, ...answering })
  return quoted(context, prefix, (watch) => {
    if (shown === true) for (const line of command.run.trimEnd().split('\n')) watch.line(`$ ${line}`)
    return run({ ...watch, ...answering })
  })
}
