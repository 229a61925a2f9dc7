import type { EngineService } from '../../domain/config/engine-recipe.ts'
import { wants } from '../../domain/engine/images.ts'
import { isComplete } from '../../domain/engine/verdict.ts'
import { replicasInWords } from '../../domain/engine/verdict-words.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { EngineControl, EngineOrder, HandedOver, Variables } from '../ports.ts'
import { type Context, quoted } from '../run/context.ts'
import { neverHalted } from './halt.ts'
import { type EngineLook, isFailure, look, lookEvery, stopped } from './look.ts'
import { watchRollout } from './watch.ts'

/** The images and replicas that a side is to run while a detour is opened or closed: no step of the plan hands them over. */
interface SideOrder extends EngineOrder {
  readonly replicas: number
}

/** A service on its engine, with the variables that name it. */
interface EngineThere {
  readonly engine: EngineControl
  readonly known: Variables
  look(): Promise<EngineLook>
}

/** Returns the means to read and change a service beside the steps of a plan. */
export function engineAt(context: Context, service: EngineService, seen: Variables): EngineThere {
  const engine = context.ports.engine(service)
  const known = { ...seen, ROLLGATE_SERVICE: service.name }
  return {
    engine,
    known,
    look: () => look(context, service.name, (signal) => engine.state(known, signal)),
  }
}

/** Brings a side up, and watches it until it serves. An engine that shows all of it already is left alone. */
export async function bringUp(
  context: Context,
  service: EngineService,
  seen: Variables,
  { replicas, ...order }: SideOrder,
): Promise<Failure | null> {
  const there = engineAt(context, service, seen)
  const { engine, known } = there
  const now = await there.look()
  if (isFailure(now)) return now
  if (now !== null && isComplete(now, order.images) && now.replicas.ready >= replicas) return null
  const isUnderWay = now !== null && now.replicas.wanted > 0 && ['rolling', 'settled'].includes(now.phase)
  const handed =
    isUnderWay && wants(now.wanted, order.images)
      ? { rollout: now.rollout }
      : await quoted(context, '  │ ', (watch) => engine.handOver(order, known, watch))
  if (isFailure(handed)) return handed
  const short = await quoted(
    context,
    '  │ ',
    async (watch) => (await engine.scale?.(replicas, known, watch)) ?? null,
  )
  return short ?? watched(context, service, there, { ...order, before: now?.rollout ?? null, handed })
}

interface HandedToSide extends EngineOrder {
  readonly before: string | null
  readonly handed: HandedOver
}

function watched(
  context: Context,
  { name, minHealthyTime, deadline }: EngineService,
  { engine, known }: EngineThere,
  { images, before, handed: { rollout } }: HandedToSide,
): Promise<Failure | null> {
  const { clock, voice } = context.ports
  return watchRollout(context, {
    service: name,
    awaited: { images, rollout, before, minHealthyTime, deadline },
    handedAt: clock.now().getTime(),
    state: (signal) => engine.state(known, signal),
    news: (seen) => voice.line(`${name}: ${replicasInWords(seen)}`),
    halted: neverHalted,
  })
}

/** Has a side run no replica, and sees the last one gone: until then it may work on. One that is not there is left alone. */
export async function leaveEmpty(
  context: Context,
  service: EngineService,
  seen: Variables,
): Promise<Failure | null> {
  const { clock } = context.ports
  const { engine, known, look } = engineAt(context, service, seen)
  const begun = clock.now().getTime()
  const first = await look()
  if (first === null || isFailure(first)) return first
  if (engine.empty === undefined) return neverEmpty(service.name)
  const failure = await quoted(context, '  │ ', async (watch) => (await engine.empty?.(known, watch)) ?? null)
  if (failure !== null) return failure
  for (;;) {
    const now = await look()
    if (now === null || isFailure(now)) return now
    const { wanted, updated, old } = now.replicas
    if (wanted === 0 && updated === 0 && old === 0) return null
    if (clock.now().getTime() - begun > service.deadline) return stillThere(service.name, updated + old)
    if (context.stop.asked.aborted) return stopped
    await clock.sleep(lookEvery, context.stop.asked)
  }
}

const neverEmpty = (service: string): Failure => ({
  code: 'engine-refused',
  what: `The engine of ${service} has no way to run no replica of it.`,
  tail: [],
})

const stillThere = (service: string, left: number): Failure => ({
  code: 'engine-late',
  what: `${service} was to run no replica, and ${left} are left after its deadline.`,
  tail: [],
  next: 'Look what keeps them, and try again.',
})
