import { resolveCount } from '../config/command.ts'
import { awaitsHosts } from '../config/fleet.ts'
import { servesMeanwhile } from '../config/in-place.ts'
import type { EnvironmentPolicy } from '../config/policy.ts'
import type { Rollout, Service } from '../config/service.ts'
import type { ProblemWords } from '../problem.ts'
import { rolloutLimits } from '../rolling/batches.ts'
import { goingBack } from '../rolling/pace.ts'
import { orderOf } from '../rolling/rollout-order.ts'
import { absentIn } from '../step/absent.ts'
import { servicesOf, type Undertaking } from './undertaking.ts'
import type { World } from './wish.ts'

/** Services to restart that the release does not have. */
export function strangerRefusals(
  undertaking: Undertaking,
  { recipe, release, policy }: Pick<World, 'recipe' | 'release' | 'policy'>,
): ProblemWords[] {
  const known = recipe.services.map(({ name }) => name)
  const missing = servicesOf(undertaking).filter((name) => !known.includes(name))
  const absent = missing.filter((name) => recipe.absent?.includes(name))
  const strangers = missing.filter((name) => !absent.includes(name))
  const refused = absent.map((name) => absentRefusal(name, policy, known))
  if (strangers.length === 0) return refused
  return [
    ...refused,
    {
      code: 'input-invalid',
      what: `The input services names ${strangers.join(', ')}, which ${release.tag} does not have.`,
      why: 'They are services of the release that serves, by the names that its config gives them.',
      next: `Name any of ${known.join(', ')}, divided by blanks, or leave it empty for all of them.`,
    },
  ]
}

const absentRefusal = (
  name: string,
  policy: Pick<EnvironmentPolicy, 'name'>,
  known: readonly string[],
): ProblemWords => ({
  code: 'input-invalid',
  what: `The input services names ${name}, and ${absentIn(name, policy)}.`,
  why: `The release has the service, and the config says environments.${policy.name}.services.${name}: absent.`,
  next: `Name any of ${known.join(', ')}, divided by blanks, or leave it empty for all of them.`,
})

/**
 * Returns the reasons why services may not be rolled as they are. A service with an inventory cannot be
 * judged yet.
 */
export function serviceRefusals(services: readonly Service[]): ProblemWords[] {
  const known = services.filter(({ fleet }) => !awaitsHosts(fleet))
  return [...known.flatMap(capacityRefusals), ...known.flatMap(testBedRefusals)]
}

function capacityRefusals(service: Service): ProblemWords[] {
  const { name, fleet, rollout } = service
  const total = fleet.instances.length
  if (total === 1 && !rollout.acceptDowntime && !servesMeanwhile(service))
    return [
      {
        code: 'single-instance',
        what: `${name} has one instance, ${fleet.instances[0]?.name ?? ''}: it is down while it is changed.`,
        why: 'With one instance there is nothing left to serve requests.',
        next: `Add an instance, or accept it with services.${name}.rollout.accept-downtime: true.`,
      },
    ]
  if (total === 1 || orderOf(rollout.order).keepsTraffic) return []
  return floorsOf(rollout, total)
    .filter(({ floor }) => floor >= total)
    .map(({ key, floor }) => ({
      code: 'capacity-floor',
      what: `${name} has ${total} instances, and ${key} wants ${floor} of them up: none may be changed.`,
      why: 'Changing an instance takes it out of traffic.',
      next: `Set services.${name}.rollout.${key} below ${total}, or add instances.`,
    }))
}

/** The floor in each direction, by the key that sets it. */
function floorsOf(rollout: Rollout, total: number): { key: string; floor: number }[] {
  const { rollback, minAvailable } = rollout
  const forward = { key: 'min-available', floor: rolloutLimits(rollout, total).floor }
  if (rollback === null || rollback.minAvailable === minAvailable) return [forward]
  const { floor } = rolloutLimits(goingBack(rollout, rollback), total)
  return [forward, { key: 'rollback.min-available', floor }]
}

/** A test bed must exist, and leave other instances to compare it with. */
function testBedRefusals({ name, testBed, fleet }: Service): ProblemWords[] {
  if (testBed === null) return []
  const known = fleet.instances.map((instance) => instance.name)
  const { instances } = testBed
  const chosen = instances.kind === 'chosen'
  const key = chosen ? 'The input test-bed' : `services.${name}.test-bed.instances`
  const strangers = instances.kind === 'named' ? instances.names.filter((one) => !known.includes(one)) : []
  if (strangers.length > 0)
    return [
      {
        code: 'config-invalid',
        what: `${key} names ${strangers.join(', ')}, which ${name} does not have.`,
        why: 'A test bed is some of the instances of its service.',
        next: `Name any of ${known.join(', ')}, or a number of them.`,
      },
    ]
  const size =
    instances.kind === 'first' ? resolveCount(instances.count, known.length) : new Set(instances.names).size
  if (size < known.length) return []
  return [
    {
      code: chosen ? 'input-invalid' : 'config-invalid',
      what: `${key} takes every instance of ${name}: none is left that it could be tried out for.`,
      why: 'A test bed is changed alone, while the others go on serving the release before.',
      next: chosen
        ? 'Name fewer of them, or leave it empty for those of the config.'
        : `Set ${key} below ${known.length}, or remove services.${name}.test-bed.`,
    },
  ]
}
