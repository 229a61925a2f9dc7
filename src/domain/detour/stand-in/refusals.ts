import { type DeclaredService, isOnEngine } from '../../config/declared-service.ts'
import type { StepAside } from '../../config/detour-recipe.ts'
import { type EngineRecipe, type EngineService, isScalable, placeOn } from '../../config/engine-recipe.ts'
import { changesByItself } from '../../config/fleet.ts'
import type { Recipe } from '../../config/recipe.ts'
import type { Service } from '../../config/service.ts'
import type { ProblemWords } from '../../problem.ts'

/** Returns the reasons why the services of home cannot be left, or why those of the stand-in cannot be brought up. */
export const sideRefusals = (detour: StepAside, { services }: Pick<Recipe, 'services'>): ProblemWords[] => [
  ...unstoppable(services),
  ...detour.services.filter(isOnEngine).flatMap((service) => standInFaults(service, services, detour)),
]

/** Home must be left by its applications before it is migrated: those that nothing stops would go on at it. */
function unstoppable(services: readonly DeclaredService[]): ProblemWords[] {
  const named = services.map((service) => {
    const why = isOnEngine(service) ? whyNeverEmpty(service.engine) : whyNeverStopped(service)
    return why === null ? [] : [`${service.name} (${why})`]
  })
  if (named.flat().length === 0) return []
  return [
    {
      code: 'detour-refused',
      what: `Services of home cannot be stopped while it is changed: ${named.flat().join(', ')}.`,
      why: 'They would go on working at a database that is migrated under them, without a visitor.',
      next: 'Give their fleets a stop and their engines by commands a scale, or deploy without the detour. Nothing was changed.',
    },
  ]
}

function whyNeverStopped({ fleet }: Service): string | null {
  if (changesByItself(fleet)) return 'its hosts pull'
  return fleet.stop === null ? 'it has no stop' : null
}

const whyNeverEmpty = (engine: EngineRecipe): string | null =>
  isScalable(engine) ? null : 'nothing scales it to zero on its engine'

function standInFaults(
  { name, engine }: EngineService,
  home: readonly DeclaredService[],
  { env }: StepAside,
): ProblemWords[] {
  const other = home.find((one) => one.name === name)
  const isMade = 'like' in engine
  const faults = [
    ...(other === undefined || !isOnEngine(other)
      ? [`home has no ${name} on an engine, so that its images are not known`]
      : placeOn(other.engine) === placeOn(engine)
        ? [`${name} is in the same place of its engine on both sides`]
        : []),
    ...(isScalable(engine) ? [] : [`nothing scales ${name} to zero on its engine`]),
    ...(isMade || Object.keys(env).length === 0
      ? []
      : [`env is for workloads that are made like those of home, and ${name} is not made so`]),
  ]
  return faults.map((what) => ({
    code: 'detour-refused',
    what: `The stand-in cannot serve: ${what}.`,
    why: 'It runs the images that serve at home, at the scale of home, and none once visitors are home again.',
    next: 'Change steps.detour.clone, then make a new release. Nothing was changed.',
  }))
}
