import type { Command, Probe } from '../../domain/config/command.ts'
import type { Fleet, Instance } from '../../domain/config/fleet.ts'
import { pauses } from '../../domain/config/pace.ts'
import type { Service } from '../../domain/config/service.ts'
import { inSeconds } from '../../domain/durations.ts'
import type { Direction } from '../../domain/journal/direction.ts'
import type { Observation } from '../../domain/journal/journal.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { type Reading, readingOf } from '../../domain/reading.ts'
import { isRelease, type Release } from '../../domain/release/release.ts'
import type { Answer, Cargo, FleetControl, Ports, TrafficControl, Variables, Watch } from '../ports.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import { answerInWords, failureFrom, failureOf } from '../run/failure.ts'
import { cargoFor } from './cargo.ts'

/** The work on one instance. */
export interface InstanceWork {
  readonly context: Context
  readonly service: Service
  readonly instance: Instance
  readonly wanted: Release
  readonly fleet: FleetControl
  readonly traffic: TrafficControl
  readonly seen: Variables
  readonly signal: AbortSignal
  /** The file that the instance is to get; null where its service brings none. */
  readonly cargo: Cargo | null
}

/** The inputs of a look at an instance. */
export type Sight = Omit<InstanceWork, 'context' | 'wanted' | 'cargo'>

export async function workOn(
  context: Context,
  service: Service,
  instance: Instance,
  direction: Direction,
  signal: AbortSignal,
): Promise<InstanceWork> {
  const { ports, plan } = context
  const fleet = ports.fleet(service.fleet)
  return {
    context,
    service,
    instance,
    fleet,
    traffic: ports.traffic(service, fleet),
    cargo: cargoFor(context, service, direction, instance),
    wanted: direction.to === 'old' && plan.from !== null ? plan.from : plan.release,
    seen: {
      ...(await variables(context, direction)),
      ...instance.env,
      ROLLGATE_SERVICE: service.name,
      ROLLGATE_INSTANCE: instance.name,
      ...where(service.fleet, instance),
    },
    signal,
  }
}

/** A look that may end the traffic of its instance. */
export interface TrafficWork extends Sight {
  readonly context: Pick<Context, 'stop'> & { readonly ports: Pick<Ports, 'voice'> }
}

/** Returns the variables about the host of an instance, for its commands and addresses. */
export function where(fleet: Fleet, { name }: Instance): Variables {
  if (fleet.kind !== 'ssh') return {}
  return { ROLLGATE_HOST: fleet.instances.find((host) => host.name === name)?.host ?? '' }
}

/** The listener to a change. */
export interface Listener {
  /** The installation begins, which is mostly a wait. */
  installs(): void
  /** No request reaches the instance any more. */
  out(): void
  /** Requests may reach it from now on. */
  back(): void
}

/** Takes one instance to its release. It has no traffic until it has proved itself. */
export async function change(work: InstanceWork, listener: Listener): Promise<Failure | null> {
  const { service, context } = work
  const asksItself = service.traffic.kind === 'is-alive'
  const told = (tell: boolean, what: () => void): null => {
    if (tell) what()
    return null
  }
  const before =
    (await prepare(work)) ??
    (await leave(work)) ??
    told(!asksItself, listener.out) ??
    (await command(work, 'stop', service.fleet.stop)) ??
    told(service.fleet.stop !== null, listener.out) ??
    (await install(work, listener.installs))
  if (before !== null) return before
  // A failed start may still have left a process running.
  const after =
    told(asksItself, listener.back) ??
    (await command(work, 'start', service.fleet.start)) ??
    (await selfTest(work)) ??
    (await rightVersion(work)) ??
    (await becomeHealthy(work)) ??
    told(!asksItself, listener.back) ??
    (await enter(work))
  // Stalled it is ended, but it must not stay where it got to: only the end of the run leaves it there.
  if (after === null) return null
  const stuck = await keepOut({ ...work, signal: context.stop.forced })
  if (stuck === null) listener.out()
  else listener.back()
  return stuck === null ? after : { ...after, what: `${after.what} It may be in traffic: ${stuck.what}` }
}

function install(work: InstanceWork, installs: () => void): Promise<Failure | null> {
  installs()
  return command(work, 'install', work.service.fleet.install)
}

/** Observes an instance once: its version and its health. */
export async function observe(work: Sight): Promise<Observation> {
  const { service } = work
  const [version, health, serving] = await Promise.all([
    service.version === null ? null : ask(work, service.version),
    service.healthCheck === null ? null : ask(work, service.healthCheck.probe),
    served(work),
  ])
  const up = health === null ? version === null || version.kind === 'yes' : health.kind === 'yes'
  return {
    version: version?.kind === 'yes' ? saidVersion(version.text) : null,
    // An instance that is up and gets no requests adds nothing to the capacity, and must be brought back into
    // traffic.
    healthy: up && (serving.kind === 'absent' || (serving.kind === 'found' && serving.value)),
    ...(serving.kind === 'found' && serving.value ? { inTraffic: true } : {}),
  }
}

/**
 * Returns true if an instance shows by itself that it is right: it says the release, and passes its self test. An operator
 * may have repaired it by hand. Without a version or a self test nothing shows that.
 */
export async function provesItself(work: Sight, release: Release): Promise<boolean> {
  const { version, selfTest } = work.service
  if (version === null || selfTest === null) return false
  const [said, tested] = await Promise.all([ask(work, version), ask(work, selfTest.probe)])
  if (said.kind !== 'yes' || tested.kind !== 'yes') return false
  return isRelease(saidVersion(said.text) ?? '', release)
}

/** Reads if the front door sends it requests. */
export const served = ({ traffic, instance, seen, signal }: Sight): Promise<Reading<boolean>> =>
  traffic.serves(instance, seen, signal)

/** Returns the health that the instance reports; null if it cannot be asked. */
export async function healthy(work: Sight): Promise<boolean | null> {
  const { healthCheck } = work.service
  return healthCheck === null ? null : (await ask(work, healthCheck.probe)).kind === 'yes'
}

export const ask = ({ fleet, instance, seen, signal }: Sight, probe: Probe): Promise<Answer> =>
  fleet.ask(instance, probe, seen, signal)

/** Prepares while the instance still has traffic: a host that cannot be reached then keeps serving. */
function prepare({ context, fleet, instance, seen, signal, cargo }: InstanceWork): Promise<Failure | null> {
  const ready = (watch: Watch) => fleet.prepare(instance, seen, watch, cargo)
  return quoted(context, `${instance.name} │ `, ready, signal)
}

/** Prepares ahead of its turn, beside the work on others: a failure appears in its turn. */
export async function prepareAhead({ fleet, instance, seen, signal, cargo }: InstanceWork): Promise<void> {
  await fleet.prepare(instance, seen, { line() {}, signal }, cargo).catch(failureFrom)
}

function leave({ context, traffic, instance, seen, signal }: TrafficWork): Promise<Failure | null> {
  return quoted(
    context,
    `${instance.name} │ `,
    async (watch) => trafficFailure(instance, 'left', await traffic.leave(instance, seen, watch)),
    signal,
  )
}

function enter({ context, traffic, instance, seen, signal }: InstanceWork): Promise<Failure | null> {
  return quoted(
    context,
    `${instance.name} │ `,
    async (watch) => trafficFailure(instance, 'entered', await traffic.enter(instance, seen, watch)),
    signal,
  )
}

const trafficFailure = (instance: Instance, verb: string, why: string | null): Failure | null =>
  why === null
    ? null
    : { code: 'traffic-stuck', what: `${instance.name} has not ${verb} traffic: ${why}.`, tail: [] }

async function command(work: TrafficWork, name: string, recipe: Command | null): Promise<Failure | null> {
  const { context, fleet, instance, seen, signal } = work
  if (recipe === null) return null
  const run = (watch: Watch) => fleet.run(instance, recipe, seen, watch)
  return failureOf(`${name} of ${instance.name}`, await quoted(context, `${instance.name} │ `, run, signal))
}

/**
 * Runs the self test while the instance is out of traffic. Until an answer comes the instance is still
 * starting; the first answer decides, and so does each further try.
 */
async function selfTest(work: InstanceWork): Promise<Failure | null> {
  const { service, instance, context } = work
  if (service.selfTest === null) return null
  const { probe, timeout, retries } = service.selfTest
  const until = context.ports.clock.now().getTime() + timeout
  let failure: Failure | null = null
  for (let left = retries; left >= 0; left -= 1) {
    const answer = await askUntil(work, probe, until, ({ kind }) => kind !== 'absent')
    if (answer.kind === 'yes') return null
    const text = 'text' in answer ? answer.text : ''
    failure = {
      code: 'self-test-failed',
      what: `The self test of ${instance.name} failed: ${answerInWords(answer)}.`,
      tail: text === '' ? [] : lines(text).slice(0, 20),
    }
  }
  return failure
}

const lines = (text: string): string[] => text.trimEnd().split('\n')
const lastLines = (text: string): string[] => lines(text).slice(-20)

/** A self test can pass on the wrong release: the instance itself must say that it runs the wanted one. */
async function rightVersion(work: InstanceWork): Promise<Failure | null> {
  const { service, instance, wanted, context } = work
  if (service.version === null) return null
  const until = context.ports.clock.now().getTime() + (service.healthCheck?.healthyDeadline ?? 0)
  const answer = await askUntil(work, service.version, until, ({ kind }) => kind === 'yes')
  const said = answer.kind === 'yes' ? saidVersion(answer.text) : null
  if (said !== null && isRelease(said, wanted)) return null
  const found = answer.kind === 'yes' ? `it says ${said ?? 'nothing'}` : answerInWords(answer)
  const tail = answer.kind === 'yes' && answer.said !== undefined ? lastLines(answer.said) : []
  return { code: 'version-wrong', what: `${instance.name} does not run ${wanted.tag}: ${found}.`, tail }
}

/** Asks again and again, until the answer is good enough or it is too late. Answers the last one. */
async function askUntil(
  work: InstanceWork,
  probe: Probe,
  until: number,
  goodEnough: (answer: Answer) => boolean,
): Promise<Answer> {
  const { signal } = work
  const { clock } = work.context.ports
  let answer = await ask(work, probe)
  for (const pause of pauses()) {
    if (goodEnough(answer) || clock.now().getTime() >= until || signal.aborted) break
    await clock.sleep(pause, signal)
    answer = await ask(work, probe)
  }
  return answer
}

/** Healthy without a break for `min-healthy-time`, before `healthy-deadline`. */
async function becomeHealthy(work: InstanceWork): Promise<Failure | null> {
  const { service, instance, signal, context } = work
  const { clock } = context.ports
  if (service.healthCheck === null) return null
  const { probe, interval, minHealthyTime, healthyDeadline } = service.healthCheck
  const started = clock.now().getTime()
  let healthySince: number | null = null
  for (;;) {
    const answer = await ask(work, probe)
    const now = clock.now().getTime()
    healthySince = answer.kind === 'yes' ? (healthySince ?? now) : null
    if (healthySince !== null && now - healthySince >= minHealthyTime) return null
    if (now - started >= healthyDeadline || signal.aborted) {
      const why = answer.kind === 'yes' ? 'it was not healthy for long enough' : answerInWords(answer)
      const what = `${instance.name} did not become healthy within ${inSeconds(healthyDeadline)}: ${why}.`
      return { code: 'instance-unhealthy', what, tail: [] }
    }
    const missing = healthySince === null ? interval : healthySince + minHealthyTime - now
    await clock.sleep(Math.min(interval, missing), signal)
  }
}

/** A failed instance stays up for inspection, but must get no traffic, for every answer of its own. */
export async function keepOut(work: TrafficWork): Promise<Failure | null> {
  const stuck = await leave(work)
  const { service, instance } = work
  if (service.traffic.kind !== 'is-alive') return stuck
  const alive = await healthy(work)
  if (alive === false) return null
  if (service.fleet.stop !== null) return command(work, 'stop', service.fleet.stop)
  const says = alive === null ? 'it has no health check' : 'it says that it is healthy'
  return { code: 'traffic-stuck', what: `${says}, and ${instance.name} has no stop.`, tail: [] }
}

/** Reads if requests reach an instance: with a balancer that asks the instance itself, its health is the answer. */
export async function getsRequests(work: Sight): Promise<Reading<boolean>> {
  if (work.service.traffic.kind !== 'is-alive') return served(work)
  return readingOf(await healthy(work))
}

/** The first line of an answer, or `version` or `release` where it is JSON. */
export function saidVersion(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) {
    try {
      const said: { version?: unknown; release?: unknown } = JSON.parse(trimmed)
      const version = said.version ?? said.release
      return typeof version === 'string' ? version : null
    } catch {
      return null
    }
  }
  return trimmed.split('\n', 1)[0]?.trim() || null
}
