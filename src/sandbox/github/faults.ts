import type { FaultEffect } from './fault-effect.ts'
import type { RequestRecord } from './log.ts'
import type { OperationId } from './operations.ts'

/** The requests to match; a field that is left out matches all. The path is the decoded one, with its query. */
export interface RequestMatch {
  readonly method?: string
  readonly path?: RegExp
  readonly operation?: OperationId
}

/** The matches that count: pass over the first `after` (0), then take `times` (1; Infinity for always). */
export interface Turns {
  readonly times?: number
  readonly after?: number
}

export interface Fault extends Turns {
  readonly on: RequestMatch
  readonly with: FaultEffect
}

/** Handle of an injected fault or hook. */
export interface Injected {
  /** The number of requests that the fault struck. */
  readonly hits: number
  remove(): void
}

/** Runs right before a matching request is handled; the request waits for the promise. */
export type Hook = (request: RequestRecord) => unknown

export interface Faults {
  inject(fault: Fault): Injected
  before(on: RequestMatch, hook: Hook, turns?: Turns): Injected
  runHooks(request: RequestRecord): Promise<void>
  /** The first fault that strikes this request. */
  strike(request: RequestRecord): FaultEffect | undefined
}

export function faults(): Faults {
  const effects = new Set<Trigger<FaultEffect>>()
  const hooks = new Set<Trigger<Hook>>()
  return {
    inject: (fault) => add(effects, trigger(fault.on, fault, fault.with)),
    before: (on, hook, turns = {}) => add(hooks, trigger(on, turns, hook)),
    async runHooks(request) {
      for (const hook of hooks) if (hook.takes(request)) await hook.load(request)
    },
    strike: (request) => [...effects].find((effect) => effect.takes(request))?.load,
  }
}

interface Trigger<Load> {
  readonly load: Load
  readonly hits: number
  takes(request: RequestRecord): boolean
}

function trigger<Load>(on: RequestMatch, { times = 1, after = 0 }: Turns, load: Load): Trigger<Load> {
  let seen = 0
  let hits = 0
  return {
    load,
    get hits() {
      return hits
    },
    takes(request) {
      if (hits >= times || !matches(on, request) || seen++ < after) return false
      hits++
      return true
    },
  }
}

function add<Load>(triggers: Set<Trigger<Load>>, added: Trigger<Load>): Injected {
  triggers.add(added)
  return {
    get hits() {
      return added.hits
    },
    remove: () => triggers.delete(added),
  }
}

function matches(on: RequestMatch, request: RequestRecord): boolean {
  if (on.method !== undefined && on.method.toUpperCase() !== request.method) return false
  if (on.operation !== undefined && on.operation !== request.operation) return false
  return on.path === undefined || request.path.search(on.path) !== -1
}
