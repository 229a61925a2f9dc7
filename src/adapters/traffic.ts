import type { Command, Probe } from '../domain/config/command.ts'
import type { Instance } from '../domain/config/fleet.ts'
import { pauses } from '../domain/config/pace.ts'
import type { Traffic } from '../domain/config/service.ts'
import { unseen } from '../domain/config/traffic-unseen.ts'
import { absent, found, unknown } from '../domain/reading.ts'
import type { Answer, Clock, FleetControl, TrafficControl, Variables, Watch } from '../pipeline/ports.ts'
import { sayEnding } from './ending.ts'
import { createHaproxyTraffic } from './haproxy.ts'

type Commands = Pick<FleetControl, 'run' | 'ask'>

export interface TrafficOptions {
  readonly fleet: Commands
  readonly clock: Clock
}

export function createTraffic(recipe: Traffic, options: TrafficOptions): TrafficControl {
  switch (recipe.kind) {
    case 'is-alive':
      return byIsAlive(recipe, options)
    case 'command':
      return byCommand(recipe, options)
    case 'haproxy':
      return createHaproxyTraffic(recipe, options.clock)
  }
}

async function runFor(
  what: string,
  command: Command | null,
  fleet: Commands,
  instance: Instance,
  variables: Variables,
  watch: Watch,
): Promise<string | null> {
  if (command === null) return null
  const finished = await fleet.run(instance, command, variables, watch)
  if (finished.kind === 'exited' && finished.code === 0) return null
  const last = finished.tail.findLast((line) => line.trim() !== '')
  return `the command to ${what} ${sayEnding(finished)}${last === undefined ? '' : `: ${last}`}`
}

/**
 * The balancer asks the instance itself. Its answer has reached the balancer after `wait`, which cannot be
 * observed from here.
 */
function byIsAlive(
  { leave, wait = 0 }: Extract<Traffic, { kind: 'is-alive' }>,
  { fleet, clock }: TrafficOptions,
): TrafficControl {
  const noticed = async (signal: AbortSignal): Promise<string | null> => {
    if (wait > 0) await clock.sleep(wait, signal)
    return signal.aborted && wait > 0 ? 'was stopped before the balancer could notice' : null
  }
  return {
    async leave(instance, variables, watch) {
      if (leave === undefined) return null
      const failure = await runFor('leave traffic', leave, fleet, instance, variables, watch)
      return failure ?? noticed(watch.signal)
    },
    enter: (_instance, _variables, { signal }) => noticed(signal),
    serves: async () => absent,
    knows: async () => absent,
  }
}

function byCommand(
  { leave, enter, serving, timeout }: Extract<Traffic, { kind: 'command' }>,
  { fleet, clock }: TrafficOptions,
): TrafficControl {
  async function seen(
    probe: Probe,
    instance: Instance,
    variables: Variables,
    signal: AbortSignal,
  ): Promise<string | null> {
    const deadline = clock.now().getTime() + timeout
    const pace = pauses()
    while (true) {
      const pause = pace.next().value
      const left = deadline - clock.now().getTime()
      const answer = await fleet.ask(instance, within(left, probe), variables, signal)
      if (answer.kind === 'yes') return null
      if (signal.aborted) return 'was stopped before the front door sent it requests'
      if (clock.now().getTime() + pause >= deadline)
        return `the front door sent it no requests within ${timeout / 1000} s: ${sayAnswer(answer)}`
      await clock.sleep(pause, signal)
    }
  }

  return {
    leave: (instance, variables, watch) => runFor('leave traffic', leave, fleet, instance, variables, watch),
    async enter(instance, variables, watch) {
      const failure = await runFor('enter traffic', enter, fleet, instance, variables, watch)
      if (failure !== null || serving === null) return failure
      return seen(serving, instance, variables, watch.signal)
    },
    async serves(instance, variables, signal) {
      if (serving === null) return absent
      const answer = await fleet.ask(instance, serving, variables, signal)
      // Only an answer counts: a front door that is silent or unreachable tells nothing about the instance.
      if (answer.kind === 'yes' || answer.kind === 'no') return found(answer.kind === 'yes')
      return unknown(unseen(instance.name, sayAnswer(answer)))
    },
    knows: async () => absent,
  }
}

/** The same question, given no longer than `left` milliseconds. */
function within(left: number, probe: Probe): Probe {
  switch (probe.kind) {
    case 'http':
      return { ...probe, timeout: Math.min(probe.timeout, left) }
    case 'run':
      return { ...probe, command: { ...probe.command, timeout: Math.min(probe.command.timeout, left) } }
  }
}

function sayAnswer(answer: Exclude<Answer, { kind: 'yes' }>): string {
  return answer.kind === 'timed-out' ? `no answer within ${answer.after / 1000} s` : answer.why
}
