import type { Command } from '../config/command.ts'
import type { DeclaredService } from '../config/declared-service.ts'
import { isOverSsh } from '../config/fleet.ts'
import type { BuildRecipe, Recipe } from '../config/recipe.ts'
import type { Service } from '../config/service.ts'
import { modes } from '../plan/modes.ts'
import { type Mode, servicesOf, type Undertaking } from '../plan/undertaking.ts'
import type { Release } from '../release/release.ts'
import { plannedBatches, takingOf } from '../rolling/batches.ts'
import { pacesOf } from '../rolling/pace.ts'
import { orderOf } from '../rolling/rollout-order.ts'
import { testBedOf } from '../rolling/test-bed.ts'
import { isHandOver, isRoll, type RollStep, rollId, type Step } from './step.ts'

/** Returns the roll of a service, with its batches. */
export function rollOf(
  declared: Service,
  mode: Mode,
  from: Release | null,
  build: BuildRecipe | null,
  unfinished: readonly string[] = [],
  check: Command | null = null,
  undesired: readonly string[] = [],
): RollStep {
  const restarts = modes[mode].rolls === 'restart'
  const service = restarts ? withoutInstalling(declared) : declared
  const testBed = testBedOf(service, mode, from)
  const names = service.fleet.instances.map(({ name }) => name)
  const paces = pacesOf(service.rollout, names.length, modes[mode].goesBack)
  const { provesInTraffic } = orderOf(service.rollout.order)
  const instanceCheck = provesInTraffic ? null : check
  return {
    kind: 'roll-services',
    id: rollId(service.name),
    service,
    ...paces,
    testBed,
    batches: plannedBatches(names, paces, testBed, takingOf(service), instanceCheck !== null),
    build: uploads(service) ? build : null,
    unfinished,
    undesired,
    restart: restarts,
    unvisited: false,
    instanceCheck,
  }
}

/** The side of visitors while a side is changed: on the stand-in, or on the one that stays as it is. */
interface Elsewhere {
  readonly aside: boolean
  readonly over: boolean
}

/** Returns a change that needs no care for visitors where they are on another side. */
export const paced = <S extends Step>(change: S, { aside, over }: Elsewhere): S =>
  over ? unvisited(change) : aside ? allAtOnce(change) : change

/**
 * Returns a change that takes all instances at once, because visitors are elsewhere. Going back keeps its pace. One replica
 * beside the others tells nothing there.
 */
function allAtOnce<S extends Step>(step: S): S {
  if (isHandOver(step)) return { ...step, testBed: null }
  if (!isRoll(step)) return step
  const { service, instanceCheck, width, sizes, floor } = step
  const names = service.fleet.instances.map(({ name }) => name)
  const pace = { width: Math.max(1, names.length), sizes: [], floor: 0 }
  return {
    ...step,
    ...pace,
    back: step.back ?? { width, sizes, floor },
    testBed: [],
    batches: plannedBatches(names, pace, [], takingOf(service), instanceCheck !== null),
  }
}

/**
 * Returns the change of a side that visitors are not on: all instances at once, and nothing of it is taken back. The ledger
 * has the images of the side that serves.
 */
function unvisited<S extends Step>(step: S): S {
  const once = allAtOnce(step)
  if (isHandOver(once)) return { ...once, before: null, unvisited: true }
  return isRoll(once) ? { ...once, back: null, unvisited: true } : once
}

/** True if a service brings a file of the checkout to its hosts. */
export const uploads = ({ fleet }: Service): boolean => isOverSsh(fleet) && fleet.upload !== null

/** A restarted service keeps its release: nothing is installed, unless it starts in a place that may hold another one. */
function withoutInstalling(service: Service): Service {
  const { fleet, rollout } = service
  if (orderOf(rollout.order).startsElsewhere) return service
  const nothing = { prepare: null, install: null }
  return {
    ...service,
    fleet: isOverSsh(fleet) ? { ...fleet, ...nothing, upload: null } : { ...fleet, ...nothing },
  }
}

/** Returns the services to change, of those that the release has. */
export function rolledServices(undertaking: Undertaking, { services }: Recipe): readonly DeclaredService[] {
  const named = servicesOf(undertaking)
  if (modes[undertaking.mode].rolls === null) return []
  return named.length === 0 ? services : services.filter(({ name }) => named.includes(name))
}
