import type { Recipe } from '../../domain/config/recipe.ts'
import { unseen } from '../../domain/config/traffic-unseen.ts'
import { standing } from '../../domain/journal/standing.ts'
import type { Serving } from '../../domain/ledger/ledger.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import { keptOut, keptOutBy } from '../../domain/rolling/out-of-traffic.ts'
import type { Doer } from '../lock/doer.ts'
import { type EnvironmentPlace, sightOf } from '../look/looking.ts'
import type { Kept, Ports } from '../ports.ts'
import type { Context, Stop } from '../run/context.ts'
import { openSession } from '../run/session.ts'
import { checkCheckout } from '../run/source.ts'
import { isBack } from './back-in-traffic.ts'
import { provesItself, provesRight } from './instance-observed.ts'
import { slotsOf } from './instance-slots.ts'
import { keepOut } from './instance-traffic.ts'
import { type InstanceWork, workOn } from './instance-work.ts'

interface TrafficGuard {
  readonly doer: Doer
  readonly stop: Stop
  /** Called before the environment is locked. */
  beforeLock(app: string, environment: string): void
}

/** The end of a guard: its corrections in words, and the first problem. A problem with one instance keeps no other one in traffic. */
export interface Guarded {
  readonly words: readonly string[]
  readonly problem: ProblemWords | null
}

/**
 * Takes instances out of traffic that a failed change left out of it, and that came back since. An instance that a lost run
 * may have changed again stays in traffic if it shows that it is right. It is a problem if the traffic of one cannot be seen,
 * or not be stopped.
 */
export async function keepOutOfTraffic(
  ports: Ports,
  kept: Kept,
  underway: Underway,
  { doer, stop, beforeLock }: TrafficGuard,
): Promise<Guarded> {
  await checkCheckout(ports.workspace, underway.plan.release)
  const session = openSession(kept, ports)
  const context = { ports, plan: underway.plan, session, stop }
  const { back, unseen } = await broughtBack(context)
  if (back.length === 0) return { words: [], problem: unseen }
  // Locked first: a decision that changes the same instance must not come between.
  beforeLock(kept.ledger.app, kept.ledger.environment)
  session.note({ kind: 'resumed', ...doer })
  await session.save()
  const words: string[] = []
  let problem = unseen
  for (const { step, work } of back) {
    const { name } = work.instance
    const stuck = await keepOut(work)
    if (stuck === null) {
      session.note({ kind: 'capacity-observed', step, available: { [name]: false } })
      words.push(takenOut(name))
    } else problem ??= stuckWords(name, stuck.what)
  }
  session.note({ kind: 'left' })
  await session.save()
  return { words, problem }
}

/** The recipe of the release that serves, and what is needed to ask its instances. */
export interface Since {
  readonly place: EnvironmentPlace
  readonly serving: Serving
  readonly recipe: Recipe
}

/**
 * Keeps instances out of traffic that an ended deployment left out of it, unless one shows that it was
 * repaired. No deployment is under way, so no run holds the ledger: it is read again before each instance,
 * and the work stops once it has moved. An instance that its balancer asks is not stopped, since nothing
 * would start it again: it is a problem for a person.
 */
export async function keepOutSince(
  ports: Ports,
  { head, ledger }: Kept,
  { place, serving, recipe }: Since,
  stop: Stop,
): Promise<Guarded> {
  await checkCheckout(ports.workspace, serving.release)
  const words: string[] = []
  const answering: string[] = []
  let problem: ProblemWords | null = null
  for (const left of keptOut(ledger)) {
    const sight = await sightOf(ports, place, serving, recipe, left, stop.forced)
    // With slots a failed change leaves the instance in traffic, and stops the slot that failed.
    if (sight === null || slotsOf(sight) !== null) continue
    const { name } = sight.instance
    const reading = await isBack(sight, () => provesItself(sight, serving.release))
    if (reading.kind === 'unknown') problem ??= unseen(name, reading.why.what)
    if (reading.kind !== 'found' || !reading.value) continue
    if (sight.service.traffic.kind === 'is-alive') {
      answering.push(name)
      continue
    }
    if ((await ports.ledgers.tips(ledger.app, ledger.environment)).ledger !== head) return { words, problem }
    const stuck = await keepOut({ ...sight, context: { ports, stop } })
    if (stuck === null) words.push(takenOut(name))
    else problem ??= stuckWords(name, stuck.what)
  }
  if (answering.length > 0) problem ??= answersAgain(answering.join(', '))
  return { words, problem }
}

const takenOut = (name: string) => `${name} had failed, was back in traffic, and was taken out of it again`

const answersAgain = (names: string): ProblemWords => ({
  code: 'traffic-stuck',
  what: `${names} failed in a deployment that has ended, and says now that it is alive: its balancer sends it requests.`,
  why: 'It was started again, or repaired by hand; nothing shows that it is right.',
  next: 'Deploy the release that serves again with redeploy, which changes it anew, or stop it by hand.',
})

interface BroughtBack {
  readonly back: readonly { readonly step: string; readonly work: InstanceWork }[]
  /** The first instance whose traffic is unknown; null without one. */
  readonly unseen: ProblemWords | null
}

async function broughtBack(context: Context): Promise<BroughtBack> {
  const { plan, session, stop } = context
  const { direction } = standing(plan, session.journal)
  const back: { step: string; work: InstanceWork }[] = []
  let problem: ProblemWords | null = null
  for (const { step, instance: name, perhapsBack } of keptOutBy({ plan, journal: session.journal })) {
    const instance = step.service.fleet.instances.find((one) => one.name === name)
    if (instance === undefined) continue
    const work = await workOn(context, step.service, instance, direction, stop.forced)
    const reading = await isBack(work, async () => perhapsBack && provesRight(work, plan, direction))
    if (reading.kind === 'unknown') problem ??= unseen(name, reading.why.what)
    if (reading.kind === 'found' && reading.value) back.push({ step: step.id, work })
  }
  return { back, unseen: problem }
}

const stuckWords = (name: string, what: string): ProblemWords => ({
  code: 'traffic-stuck',
  what: `${name} failed and is in traffic, and could not be taken out of it: ${what}`,
  why: 'Something brought it back: a balancer that was reloaded, a host that was restarted.',
  next: 'Take it out of traffic by hand, or answer the open question, or deploy again. The next watch tries again.',
})
