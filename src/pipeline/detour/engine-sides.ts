import { onEngines } from '../../domain/config/declared-service.ts'
import type { EngineService } from '../../domain/config/engine-recipe.ts'
import type { DetourDeed, DetourEvidence } from '../../domain/detour/deed.ts'
import { keepReplicas, replicasKept } from '../../domain/detour/stand-in/replicas-kept.ts'
import type { EngineSeen } from '../../domain/engine/engine-seen.ts'
import { imagesInWords } from '../../domain/engine/images.ts'
import { isComplete } from '../../domain/engine/verdict.ts'
import { replicasInWords } from '../../domain/engine/verdict-words.ts'
import { backInCode, type Direction } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { bringUp, engineAt, leaveEmpty } from '../engine/bring-up.ts'
import { isFailure } from '../engine/look.ts'
import { bringingBack, bringingForward, engineOf } from '../engine/order.ts'
import { failureOfAll } from './each-end.ts'
import type { DetourWork } from './work.ts'

/** The services on engines of both sides. Each deed reads the engine first, so that a resumed run hands nothing over twice. */

/** Has the stand-in run the images that home serves, at the scale of home, which is kept: home comes back to it. */
export const startOnStandIn = (work: DetourWork): Promise<DetourDeed> =>
  onEach(work.engines, async (step) => {
    const home = await seenThere(work, step.service, backInCode)
    if (isFailure(home)) return home
    const aim = bringingBack(step, { before: home, seen: home, handed: null })
    if (isFailure(aim)) return { ...aim, next: deployBefore }
    const { wanted: replicas } = home.replicas
    const there = standIn(work).find(({ name }) => name === step.service.name)
    const order = { images: aim.images, replicas, to: 'new' } as const
    const failure = there === undefined ? null : await bringUp(work.context, there, work.seen, order)
    return failure ?? keepReplicas(step.service.name, replicas)
  })

const deployBefore =
  'Deploy once without the detour, so that the ledger knows the images that serve. Then step aside.'

export const stopOnStandIn = (work: DetourWork): Promise<DetourDeed> =>
  onEach(standIn(work), (service) => emptied(work, service))

export const stopAtHome = (work: DetourWork): Promise<DetourDeed> =>
  onEach(work.engines, ({ service }) => emptied(work, service))

/** Has home run what served there before, at the scale of then. */
export const startAtHome = (work: DetourWork): Promise<DetourDeed> =>
  onEach(work.engines, async (step) => {
    const { service, before } = step
    const now = await seenThere(work, service, backInCode)
    if (isFailure(now)) return now
    const replicas = keptOf(work, service)
    if (replicas === 0 && now.replicas.wanted === 0) return {}
    const order = { images: before ?? now.wanted, replicas, to: 'old' } as const
    return (await bringUp(work.context, service, work.seen, order)) ?? {}
  })

/** Has every service at home show all replicas ready with its images, and no fewer than serve visitors now. */
export const warmAtHome = (work: DetourWork): Promise<DetourDeed> =>
  onEach(work.engines, async (step) => {
    const { service } = step
    const now = await seenThere(work, service, work.direction)
    if (isFailure(now)) return now
    const ill = whyNotWarm(work, step, now)
    if (ill !== null) return ill
    const there = standIn(work).find(({ name }) => name === service.name)
    const serving = there === undefined ? null : await seenThere(work, there, backInCode)
    if (serving !== null && isFailure(serving)) return serving
    const { ready } = now.replicas
    if (ready < (serving?.replicas.ready ?? 0))
      return tooFew(service.name, ready, serving?.replicas.ready ?? 0)
    return { [`ready replicas of ${service.name}`]: `${ready}` }
  })

function whyNotWarm(work: DetourWork, step: HandOverStep, now: EngineSeen): Failure | null {
  const isBack = work.direction.to === 'old'
  const aim = isBack ? bringingBack(step, engineOf(work.context, step)) : bringingForward(step, work.seen)
  // Nothing was handed over to a service whose images from before are not known.
  if (isFailure(aim) && !isBack) return aim
  const images = isFailure(aim) ? now.wanted : aim.images
  const isMeantEmpty = now.replicas.wanted === 0 && keptOf(work, step.service) === 0
  if (isMeantEmpty || isComplete(now, images)) return null
  return {
    code: 'detour-short',
    what: `${step.service.name} is not well at home: it is to run ${imagesInWords(images)}, and its engine wants ${imagesInWords(now.wanted)}. ${replicasInWords(now)}`,
    tail: [],
    next: 'Look at the service on its engine, then try again.',
  }
}

const tooFew = (service: string, warm: number, serving: number): Failure => ({
  code: 'detour-short',
  what: `${warm} replicas of ${service} are ready at home, and ${serving} serve visitors on the stand-in.`,
  tail: [],
  next: 'Scale home to as many as serve now, then try again.',
})

const keptOf = ({ notes }: DetourWork, { name }: EngineService): number => replicasKept(notes(), name)

const standIn = ({ standIn: services }: DetourWork): EngineService[] => onEngines(services)

const emptied = async (work: DetourWork, service: EngineService): Promise<Failure | DetourEvidence> =>
  (await leaveEmpty(work.context, service, work.seen)) ?? { [`replicas left of ${service.name}`]: '0' }

async function seenThere(
  { context, seen }: DetourWork,
  service: EngineService,
  direction: Direction,
): Promise<EngineSeen | Failure> {
  const found = await engineAt(context, service, seen).look()
  return found ?? missing(service.name, direction)
}

const missing = (service: string, { to }: Direction): Failure => ({
  code: 'engine-failed',
  what: `The engine has no ${service} any more, which ${to === 'old' ? 'served' : 'was handed over'} there.`,
  tail: [],
  next: 'Look who removed it, and try again.',
})

/** All services at once. Each answers with the evidence of its deed. */
async function onEach<S extends EngineService | HandOverStep>(
  services: readonly S[],
  deed: (service: S) => Promise<Failure | DetourEvidence>,
): Promise<DetourDeed> {
  const ends = await Promise.all(
    services.map(async (service) => ({
      name: 'service' in service ? service.service.name : service.name,
      end: await deed(service),
    })),
  )
  const failure = failureOfAll(ends.map(({ name, end }) => ({ name, failure: isFailure(end) ? end : null })))
  return failure === null
    ? { kind: 'done', evidence: Object.assign({}, ...ends.map(({ end }) => end)) }
    : { kind: 'failed', failure }
}
