import { type DeclaredService, isOnEngine } from '../config/declared-service.ts'
import type { MoveOver } from '../config/detour-recipe.ts'
import { placeOn } from '../config/engine-recipe.ts'
import { changesByItself } from '../config/fleet.ts'
import { hasTwoPhases } from '../config/recipe.ts'
import { modes } from '../plan/modes.ts'
import { resetsData, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import { bringsOver, moveOverIn, servingSide } from './move-over.ts'
import { ownIn } from './own/own.ts'

/** Returns the reasons why a release may not go to the side that visitors are not on. */
export function moveOverRefusals(
  undertaking: Undertaking,
  world: Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>,
): ProblemWords[] {
  const moving = moveOverIn(world)
  if (moving === null) return leftOnStandIn(undertaking, world)
  if (!bringsOver(undertaking.mode)) return []
  const faults = [
    ...pairFaultsOf(moving, world),
    ...databaseFaults(moving, undertaking, world),
    ...sideFaults(moving, world),
    ...placeFaults(moving, world),
    ...copyFaults(moving, world),
  ]
  return faults.map((what) => ({
    code: 'detour-refused',
    what,
    why: 'Visitors stay on one side while the other changes as a whole, and going back is one switch.',
    next: 'Change steps.detour.blue-green or the release, then make a new release. Nothing was changed.',
  }))
}

/**
 * Without its blue-green a plan changes home. The ledger of an environment would then say that a release serves which no
 * visitor reaches: the last switch has brought them to the stand-in.
 */
function leftOnStandIn(
  { mode }: Undertaking,
  { release, policy, ledger }: Pick<World, 'release' | 'policy' | 'ledger'>,
): ProblemWords[] {
  if (modes[mode].rolls === null || ledger.serving === null || servingSide(ledger) === 'home') return []
  const why =
    policy.detourAbsent === true
      ? `the config says environments.${policy.name}.detour: absent`
      : `the config of ${release.tag} has no steps.detour.blue-green`
  return [
    {
      code: 'detour-missing',
      what: `Visitors of ${policy.name} are on the stand-in since the last switch, and ${why}.`,
      why: 'Instances at home would be changed, and no visitor would be sent to them.',
      next: 'Deploy a release with blue-green, which moves visitors home; without it afterwards. Nothing was changed.',
    },
  ]
}

/** While one side serves the older release, the database must suit both. */
function databaseFaults(
  { database }: MoveOver,
  undertaking: Undertaking,
  { recipe: { steps } }: Pick<World, 'recipe'>,
): string[] {
  const { migrate } = steps
  if (modes[undertaking.mode].omits('migrate') !== null) return []
  const resets = resetsData(undertaking)
  if (migrate === null && !resets) return []
  if (database === 'none') return ['The config migrates a database, and its blue-green says database: none.']
  if (database !== 'shared')
    return migrate !== null && hasTwoPhases(migrate)
      ? ['A migration in two phases is of one database, and each side has one of its own.']
      : []
  return resets || migrate?.phase !== 'expand'
    ? ['Both sides share one database, and the older release does not work on it once it is migrated.']
    : []
}

/** The databases stay where they are when a config changes its mind: visitors would move to one that lacks rows. */
function pairFaultsOf(moving: MoveOver, { ledger }: Pick<World, 'ledger'>): string[] {
  const { pair, serving } = ledger
  if (serving === null) return []
  if (ownIn(moving) === null)
    return pair === null
      ? []
      : [
          `Each side has a database of its own since deployment ${pair.deployment}, and this config has one for both.`,
        ]
  return pair === null && servingSide(ledger) !== 'home'
    ? [
        'Visitors are on the stand-in, and the one database of both sides counts as that of home: move them home first, with the database shared.',
      ]
    : []
}

/** A service without a second place would be changed while it serves. */
function sideFaults({ services }: MoveOver, { recipe }: Pick<World, 'recipe'>): string[] {
  const there = services.map(({ name }) => name)
  const here = recipe.services.map(({ name }) => name)
  const missing = here.filter((name) => !there.includes(name))
  const strangers = there.filter((name) => !here.includes(name))
  return [
    ...missing.map((name) => `${name} has no place on the stand-in: it would be changed while it serves.`),
    ...strangers.map((name) => `The stand-in has a service ${name}, and home has none of that name.`),
  ]
}

/** The database of a side is discarded and copied anew: what works on it is stopped first. */
function copyFaults(moving: MoveOver, { recipe }: Pick<World, 'recipe'>): string[] {
  if (ownIn(moving) === null) return []
  return [...recipe.services, ...moving.services].flatMap((service) => {
    if (isOnEngine(service))
      return [`${service.name} is on an engine, and must stop before its side gets another database.`]
    const { fleet, name } = service
    if (changesByItself(fleet))
      return [`The hosts of ${name} pull, and nothing stops them before their side gets another database.`]
    return fleet.stop === null
      ? [`${name} has no stop, and would work on a database that is replaced under it.`]
      : []
  })
}

/** A service is of one kind on both sides, and in two places. */
const placeFaults = ({ services }: MoveOver, { recipe }: Pick<World, 'recipe'>): string[] =>
  recipe.services.flatMap((here) => {
    const there = services.find(({ name }) => name === here.name)
    return there === undefined ? [] : pairFaults(here, there)
  })

function pairFaults(here: DeclaredService, there: DeclaredService): string[] {
  const { name } = here
  if (isOnEngine(here) && isOnEngine(there))
    return placeOn(here.engine) === placeOn(there.engine)
      ? [`${name} is in the same place of its engine on both sides.`]
      : []
  if (isOnEngine(here) || isOnEngine(there))
    return [`${name} is on an engine on one side, and on a fleet on the other.`]
  // The ledger knows instances by their names.
  const both = here.fleet.instances.filter((one) =>
    there.fleet.instances.some((its) => its.name === one.name),
  )
  return both.map((one) => `${one.name} of ${name} is the name of an instance on both sides.`)
}
