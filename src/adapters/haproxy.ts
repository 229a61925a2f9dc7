import type { Instance } from '../domain/config/fleet.ts'
import { pauses } from '../domain/config/pace.ts'
import type { HaproxyTraffic } from '../domain/config/service.ts'
import { unseen } from '../domain/config/traffic-unseen.ts'
import { found, unknown } from '../domain/reading.ts'
import type { Clock, TrafficControl, Variables, Watch } from '../pipeline/ports.ts'
import { fill } from './filling.ts'
import { type Balancer, balancerAt } from './haproxy/balancer.ts'
import { BalancerTrouble, NoSuchServer } from './haproxy/connections.ts'
import { isSeenUp, isUp, type ServerStatistics, statusInWords } from './haproxy/statistics.ts'

/** The longest wait for sessions that were cut. */
const CUT_MS = 5000

/**
 * Moves instances out of the backend of one HAProxy or several, and back; a move is done when all of them
 * have done it.
 */
export function createHaproxyTraffic(recipe: HaproxyTraffic, clock: Clock): TrafficControl {
  const { backend, drainTimeout, upTimeout } = recipe
  const balancers = recipe.sockets.map(balancerAt)

  async function leaveOne(balancer: Balancer, server: string, watch: Watch): Promise<void> {
    const until = later(drainTimeout)
    const draining = await balancer.set(backend, server, 'drain')
    await sessionsEnd(balancer, server, draining, until, watch.signal)
    // `drain` still accepts sticky sessions; `maint` accepts none.
    const closed = await balancer.set(backend, server, 'maint')
    const left = await sessionsEnd(balancer, server, closed, until, watch.signal)
    if (left > 0) await cut(balancer, server, left, watch)
  }

  async function cut(balancer: Balancer, server: string, left: number, watch: Watch): Promise<void> {
    watch.line(`${counted(left)} at ${balancer.address} after ${drainTimeout / 1000} s: cut`)
    await balancer.cut(backend, server)
    const state = await balancer.look(backend, server)
    const still = await sessionsEnd(balancer, server, state, later(CUT_MS), watch.signal)
    if (still > 0) throw new BalancerTrouble(`${counted(still)} at ${balancer.address} though they were cut`)
  }

  /** Answers how many are left when it is too late. */
  async function sessionsEnd(
    balancer: Balancer,
    server: string,
    state: ServerStatistics,
    until: number,
    signal: AbortSignal,
  ): Promise<number> {
    const isIdle = ({ sessions }: ServerStatistics) => sessions === 0
    const { sessions } = await lookUntil(balancer, server, state, until, signal, isIdle)
    if (sessions > 0 && signal.aborted) throw new BalancerTrouble('was stopped before its sessions had ended')
    return sessions
  }

  async function enterOne(balancer: Balancer, server: string, { signal }: Watch): Promise<void> {
    const ready = await balancer.set(backend, server, 'ready')
    const last = await lookUntil(balancer, server, ready, later(upTimeout), signal, isSeenUp)
    if (isSeenUp(last)) return
    if (signal.aborted) throw new BalancerTrouble('was stopped before the balancer saw it up')
    throw new BalancerTrouble(
      `the balancer at ${balancer.address} has not seen ${backend}/${server} up within ${upTimeout / 1000} s: ${statusInWords(last)}`,
    )
  }

  /** Looks again and again from a first state on, until the state is good enough or it is too late. Answers the last one. */
  async function lookUntil(
    balancer: Balancer,
    server: string,
    first: ServerStatistics,
    until: number,
    signal: AbortSignal,
    goodEnough: (state: ServerStatistics) => boolean,
  ): Promise<ServerStatistics> {
    let state = first
    for (const pause of pauses()) {
      const left = until - clock.now().getTime()
      if (goodEnough(state) || left <= 0 || signal.aborted) break
      await clock.sleep(Math.min(pause, left), signal)
      state = await balancer.look(backend, server)
    }
    return state
  }

  /** Does the same at every balancer. One that fails holds none of the others up. */
  async function everywhere(
    instance: Instance,
    variables: Variables,
    work: (balancer: Balancer, server: string) => Promise<void>,
  ): Promise<string | null> {
    const server = serverOf(recipe, instance, variables)
    if (server.kind === 'unusable') return server.why
    const done = await Promise.allSettled(balancers.map((balancer) => work(balancer, server.name)))
    const whys = done.flatMap((one) => (one.status === 'rejected' ? [troubleOf(one.reason)] : []))
    return whys.length === 0 ? null : [...new Set(whys)].join('; ')
  }

  const later = (ms: number): number => clock.now().getTime() + ms

  return {
    leave: (instance, variables, watch) =>
      everywhere(instance, variables, (balancer, server) => leaveOne(balancer, server, watch)),
    enter: (instance, variables, watch) =>
      everywhere(instance, variables, (balancer, server) => enterOne(balancer, server, watch)),
    async serves(instance, variables) {
      const server = serverOf(recipe, instance, variables)
      if (server.kind === 'unusable') return unknown(unseen(instance.name, server.why))
      const looks = balancers.map((balancer) => balancer.look(backend, server.name))
      const states = await Promise.allSettled(looks)
      if (states.some((state) => state.status === 'fulfilled' && !isUp(state.value))) return found(false)
      const whys = states.flatMap((state) => (state.status === 'rejected' ? [troubleOf(state.reason)] : []))
      return whys.length === 0 ? found(true) : unknown(unseen(instance.name, [...new Set(whys)].join('; ')))
    },
    async knows(instance, variables) {
      const server = serverOf(recipe, instance, variables)
      if (server.kind === 'unusable') return unknown(unseen(instance.name, server.why))
      const looks = await Promise.allSettled(balancers.map((balancer) => balancer.look(backend, server.name)))
      if (looks.some((look) => look.status === 'rejected' && look.reason instanceof NoSuchServer))
        return found(false)
      const whys = looks.flatMap((look) => (look.status === 'rejected' ? [troubleOf(look.reason)] : []))
      return whys.length === 0 ? found(true) : unknown(unseen(instance.name, [...new Set(whys)].join('; ')))
    },
  }
}

type ServerName =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'unusable'; readonly why: string }

/** Returns the server's name in the backend, without characters that the runtime API would interpret. */
function serverOf({ server, backend }: HaproxyTraffic, instance: Instance, variables: Variables): ServerName {
  const { text, missing } = fill(server, { ...instance.env, ROLLGATE_INSTANCE: instance.name, ...variables })
  if (missing.length > 0)
    return { kind: 'unusable', why: `the server's name ${server} needs ${missing.join(', ')}` }
  for (const name of [backend, text])
    if (!/^[\w.:-]+$/.test(name))
      return { kind: 'unusable', why: `${JSON.stringify(name)} is no name in haproxy` }
  return { kind: 'named', name: text }
}

function troubleOf(reason: unknown): string {
  if (reason instanceof BalancerTrouble) return reason.message
  throw reason
}

const counted = (sessions: number): string =>
  sessions === 1 ? '1 session is under way' : `${sessions} sessions are under way`
