import { serviceOfStep } from '../../domain/step/absent.ts'
import type { Finding } from './finding.ts'
import { placesIn } from './schema/on.ts'
import { absentWord } from './schema/services.ts'
import { code, listed } from './wording.ts'
import { type Entry, keysAt, nodeAt, plain, type Tree } from './yaml/tree.ts'

/** True if an environment writes that it does not have a service. */
export const isAbsent = (written: Entry | undefined): boolean =>
  written?.value.kind === 'scalar' && written.value.value === absentWord

/** Returns a finding if an environment leaves out every service of a recipe that has some. */
export function allAbsent(known: readonly string[], absent: ReadonlyMap<string, Entry>): Finding[] {
  const [last] = known.map((name) => absent.get(name)).slice(-1)
  if (last === undefined || known.some((name) => !absent.has(name))) return []
  const words = `leaves the environment without a service: keep one of ${listed(known)}`
  return [{ place: last.key, words }]
}

/** Returns the commands of steps that would run on a service that the environment does not have. */
export function onAbsent(recipe: Tree, absent: readonly string[], environment: string): Finding[] {
  const steps = nodeAt(recipe, ['steps'])
  if (steps === undefined || absent.length === 0) return []
  return placesIn(plain(steps), ['steps']).flatMap(({ path, service }) => {
    const place = nodeAt(recipe, path)?.place
    if (place === undefined || !absent.includes(service) || goesWithIt(recipe, path, service)) return []
    return [{ place, words: `${code(service)} is absent in ${environment}: ${remedy(service, environment)}` }]
  })
}

const remedy = (service: string, environment: string): string =>
  `run it elsewhere, or give environments.${environment}.services.${service} its instances`

/** True for a hook beside a step of the same service, which comes and goes with it. */
function goesWithIt(recipe: Tree, [, hooks, name = '']: readonly string[], service: string): boolean {
  if (hooks !== 'hooks') return false
  return keysAt(recipe, ['steps', 'hooks', name]).some((key) => {
    const step = nodeAt(recipe, ['steps', 'hooks', name, key])
    return (
      ['before', 'after'].includes(key) &&
      step?.kind === 'scalar' &&
      serviceOfStep(String(step.value)) === service
    )
  })
}
