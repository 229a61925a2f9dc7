import { type DeclaredService, isOnEngine } from '../../config/declared-service.ts'
import { labelOf, type StepAside } from '../../config/detour-recipe.ts'
import { madeLike } from '../../config/engine-recipe.ts'

/**
 * Returns the services of a stand-in as they are brought up. One on an engine runs what its service at home serves, under the
 * same names of images; its workload is made like that of home where the door tells the two apart by a label.
 */
export function standInServices(
  { services, door, env }: StepAside,
  home: readonly DeclaredService[],
): DeclaredService[] {
  const mark = labelOf(door, 'stand-in')
  return services.map((service) => {
    const other = home.find(({ name }) => name === service.name)
    if (!isOnEngine(service) || other === undefined || !isOnEngine(other)) return service
    const engine = { ...service.engine, images: other.engine.images }
    return {
      ...service,
      engine: mark === null ? engine : madeLike(engine, other.engine, { ...mark, standsIn: env }),
    }
  })
}
