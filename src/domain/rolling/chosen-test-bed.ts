import { type DeclaredService, onFleets } from '../config/declared-service.ts'
import { inventoryOf } from '../config/fleet.ts'
import type { Service } from '../config/service.ts'
import { testBedIn, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'

/** Returns a service whose test bed is the instances that a person names for this deployment, where some are its own. */
export function withChosenBed<S extends DeclaredService>(service: S, undertaking: Undertaking): S {
  if (!('fleet' in service)) return service
  const names = ownOf(service, testBedIn(undertaking))
  if (service.testBed === null || names.length === 0) return service
  return { ...service, testBed: { ...service.testBed, instances: { kind: 'chosen', names } } }
}

/** Instances that are named to try a release out, and are of no service with a test bed. */
export function chosenBedRefusals(
  undertaking: Undertaking,
  { recipe }: Pick<World, 'recipe'>,
): ProblemWords[] {
  const tried = onFleets(recipe.services).filter(({ testBed }) => testBed !== null)
  const strangers = testBedIn(undertaking).filter(
    (name) => !tried.some((one) => ownOf(one, [name]).length > 0),
  )
  if (strangers.length === 0) return []
  const known = tried.flatMap(({ name, fleet }) => fleet.instances.map((one) => `${name}/${one.name}`))
  return [
    {
      code: 'input-invalid',
      what: `The input test-bed names ${strangers.join(', ')}, which no service with a test-bed has.`,
      why: 'A release is tried out on instances of a service whose config says how long they are watched.',
      next:
        known.length === 0
          ? 'Add test-bed to a service in the config, or leave the input empty.'
          : `Name any of ${known.join(', ')}, separated by spaces, or leave it empty for those of the config.`,
    },
  ]
}

/** An inventory prints its hosts behind the gate: until then any name may be one. */
function ownOf({ name: service, fleet }: Service, named: readonly string[]): string[] {
  const plain = named.map((name) => (name.startsWith(`${service}/`) ? name.slice(service.length + 1) : name))
  if (inventoryOf(fleet) !== null) return plain
  return plain.filter((name) => fleet.instances.some((one) => one.name === name))
}
