import { type Approach, approach, type EngineAim, hasTaken } from '../../domain/engine/approach.ts'
import { imagesInWords } from '../../domain/engine/images.ts'
import { approachFailure } from '../../domain/engine/verdict-words.ts'
import { backInCode, onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { seeVisitorsElsewhere } from '../detour/visitors.ts'
import type { HandedOver } from '../ports.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import type { StepEnd } from '../run/step-end.ts'
import { halting, neverHalted } from './halt.ts'
import type { Hand } from './hand.ts'
import { isFailure, look } from './look.ts'
import { compare } from './manifests.ts'
import { bringingBack, bringingForward, engineOf } from './order.ts'
import { bringToScale } from './other-side.ts'
import { closeTestBed, tryOut } from './test-bed.ts'
import { notedBy, watchRollout } from './watch.ts'

/** Hands a service over to its engine, and watches until every replica was seen to serve. */
export async function handOver(context: Context, step: HandOverStep): Promise<StepEnd> {
  const seen = { ...(await variables(context, onward)), ROLLGATE_SERVICE: step.service.name }
  const bringing = bringingForward(step, seen)
  if (isFailure(bringing)) return { kind: 'failed', failure: bringing }
  const hand = { step, engine: context.ports.engine(step.service), seen }
  const failure = await bring(context, hand, bringing)
  if (failure !== null) return { kind: 'failed', failure }
  return { kind: 'succeeded', note: doneInWords(context, step, bringing) }
}

/** Hands the images from before over, by their digests. */
export async function handBack(context: Context, step: HandOverStep): Promise<Failure | null> {
  const seen = { ...(await variables(context, backInCode)), ROLLGATE_SERVICE: step.service.name }
  const bringing = bringingBack(step, engineOf(context, step))
  if (isFailure(bringing)) return bringing
  const hand = { step, engine: context.ports.engine(step.service), seen }
  return (await closeTestBed(context, hand)) ?? bring(context, hand, bringing)
}

/** Brings images to an engine. The engine is read first: what it wants already is watched, and not handed over again. */
async function bring(context: Context, hand: Hand, bringing: EngineAim): Promise<Failure | null> {
  const { step, engine, seen: known } = hand
  if (step.unvisited) await seeVisitorsElsewhere(context)
  const seen = await look(context, step.service.name, (signal) => engine.state(known, signal))
  if (isFailure(seen)) return seen
  const chosen: Approach =
    seen === null ? { kind: 'hand-over' } : approach(seen, engineOf(context, step), bringing)
  if (seen !== null) notedBy(context, step.id, 'service')(seen)
  if (chosen.kind === 'ask') return seen === null ? null : approachFailure(chosen, step.service.name, seen)
  const handed =
    chosen.kind === 'watch' ? chosen : await give(context, hand, bringing, seen?.phase === 'held')
  if (isFailure(handed)) return handed
  if (chosen.kind !== 'watch' || !isNoted(context, step, bringing, handed))
    await noteHanded(context, step, bringing, handed)
  const failure = (await bringToScale(context, hand)) ?? (await watch(context, hand, bringing))
  if (failure === null) await rest(context, hand)
  return failure
}

/** The service serves already: settings that could not be given back are told, and hold nothing up. */
async function rest(context: Context, { step, engine, seen }: Hand): Promise<void> {
  const failure = await quoted(context, '  │ ', async (watch) => (await engine.rest?.(seen, watch)) ?? null)
  if (failure !== null) context.ports.voice.warning(`${step.service.name} on its engine`, failure.what)
}

/**
 * The look is saved first: a run that finds another rollout later can tell that it is newer. A rollout that was held goes on
 * without another test bed.
 */
async function give(
  context: Context,
  hand: Hand,
  bringing: EngineAim,
  wasHeld: boolean,
): Promise<HandedOver | Failure> {
  const { step, engine, seen } = hand
  const refusal = await refusalOf(context, { step, engine, seen })
  if (refusal !== null) return refusal
  const isTried = bringing.to === 'new' && !wasHeld
  const bed = isTried ? await tryOut(context, { step, engine, seen }, bringing.images) : null
  if (bed !== null) return bed
  const compared =
    bringing.to === 'new' && !bringing.restart ? await compare(context, hand, bringing.images) : null
  if (compared !== null) return compared
  await context.session.save()
  const handed = await quoted(context, '  │ ', (watch) =>
    bringing.restart ? engine.restart(seen, watch) : engine.handOver(bringing, seen, watch),
  )
  return isFailure(handed) ? takenAnyway(context, hand, bringing, handed) : handed
}

/**
 * Looks whether an engine has taken an order that failed: a command that is ended by its time limit may have given it. The
 * rollout is noted then, so that no decision takes it for that of another author.
 */
async function takenAnyway(
  context: Context,
  hand: Hand,
  bringing: EngineAim,
  failure: Failure,
): Promise<Failure> {
  const { step, engine, seen: known } = hand
  if (context.stop.asked.aborted) return failure
  const seen = await look(context, step.service.name, (signal) => engine.state(known, signal))
  if (seen === null || isFailure(seen) || !hasTaken(seen, engineOf(context, step), bringing)) return failure
  await noteHanded(context, step, bringing, seen)
  return {
    ...failure,
    what: `${failure.what} The engine has taken the order: rollout ${seen.rollout} is ${seen.phase}.`,
    next: 'Decide retry to watch that rollout, or roll-back to hand over what served before.',
  }
}

/** Returns why nothing may be handed over; null if all is as the config means it. */
async function refusalOf(context: Context, { step, engine, seen }: Hand): Promise<Failure | null> {
  const able = await quoted(context, '  │ ', (watch) => engine.able(seen, watch))
  const { name } = step.service
  switch (able.kind) {
    case 'absent':
      return null
    case 'unknown':
      return {
        code: able.why.code,
        what: `The engine of ${name} cannot be used: ${able.why.what}`,
        tail: [],
        next: able.why.next,
      }
    case 'found':
      for (const warning of able.value.warnings) context.ports.voice.warning(`${name} on its engine`, warning)
      return able.value.refusals.length === 0 ? null : refused(name, able.value.refusals)
  }
}

const refused = (service: string, refusals: readonly string[]): Failure => ({
  code: 'engine-refused',
  what: `${service} may not be handed over: ${refusals.join(' ')}`,
  tail: [],
  next: 'Mend it on the engine or in the config, then decide retry. Nothing was handed over.',
})

const isNoted = (
  { session }: Context,
  { id }: HandOverStep,
  { to }: EngineAim,
  { rollout }: HandedOver,
): boolean => {
  const { handed } = session.standing.engines.get(id) ?? {}
  return handed?.rollout === rollout && handed.to === to
}

/** Saved at once, so that the next run watches this rollout and hands nothing over. The deadline counts from it. */
async function noteHanded(
  { session }: Context,
  step: HandOverStep,
  { to, images }: EngineAim,
  { rollout }: HandedOver,
): Promise<void> {
  session.note({ kind: 'handed-over', step: step.id, to, rollout, images })
  await session.save()
}

function watch(context: Context, hand: Hand, { images, to }: EngineAim): Promise<Failure | null> {
  const { step, engine, seen } = hand
  const { handed, before } = engineOf(context, step)
  if (handed === null) throw new Error(`${step.id} has nothing to watch`)
  const { minHealthyTime, deadline, name } = step.service
  return watchRollout(context, {
    service: name,
    awaited: { images, rollout: handed.rollout, before: before?.rollout ?? null, minHealthyTime, deadline },
    handedAt: Date.parse(handed.at),
    state: (signal) => engine.state(seen, signal),
    news: notedBy(context, step.id, 'service'),
    halted: to === 'new' ? halting(context, hand) : neverHalted,
  })
}

function doneInWords(context: Context, step: HandOverStep, { images }: EngineAim): string {
  const { seen } = engineOf(context, step)
  const { ready = 0, wanted = 0 } = seen?.replicas ?? {}
  return `${ready} of ${wanted} replicas were seen ready with ${imagesInWords(images)}`
}
