import type { Standing } from '../journal/deployment-standing.ts'
import type { Event } from '../journal/journal.ts'
import { type EngineStanding, engineAtRest } from './engine-standing.ts'

type EngineEvent = Extract<Event, { kind: 'handed-over' | 'engine-observed' }>

/** Returns the standing after an event of a service on an engine. */
export function engineAfter(now: Standing, event: EngineEvent): Standing {
  const engine = now.engines.get(event.step) ?? engineAtRest
  return withEngine(now, event.step, { ...engine, ...changeBy(engine, event) })
}

function changeBy(engine: EngineStanding, event: EngineEvent): Partial<EngineStanding> {
  if (event.kind === 'handed-over') {
    const { to, rollout, images, at } = event
    return { handed: { to, rollout, images, at } }
  }
  if (event.of === 'test-bed') return {}
  return { seen: event.seen, before: engine.before ?? event.seen }
}

/** A person wants the step tried again: the next look decides if anything is handed over. */
export function handedAnew(now: Standing, step: string): Standing {
  const engine = now.engines.get(step)
  return engine === undefined ? now : withEngine(now, step, { ...engine, handed: null })
}

const withEngine = (now: Standing, step: string, engine: EngineStanding): Standing => ({
  ...now,
  engines: new Map(now.engines).set(step, engine),
})
