import { allAbsent, isAbsent } from './absent.ts'
import type { Finding } from './finding.ts'
import { layOver } from './merge.ts'
import { code, listed, nearest } from './wording.ts'
import type { Source } from './yaml/source.ts'
import { type Entry, keysAt, type Mapping, mappingAt, nodeAt, type Tree, withEntry } from './yaml/tree.ts'

interface Laid {
  readonly tree: Tree
  /** The services of the recipe that the environment does not have. */
  readonly absent: readonly string[]
  readonly findings: readonly Finding[]
}

/** Lays an environment's services over a recipe's. A service that the recipe does not have is a finding. */
export function layServices(recipe: Tree, over: Tree | undefined, source: Source): Laid {
  if (recipe.kind !== 'mapping' || over === undefined) return { tree: recipe, absent: [], findings: [] }
  const services = recipe.entries.get('services')
  // The value is no mapping of services: in the tree, the schema reports it.
  if (over.kind !== 'mapping') {
    return { tree: withEntry(recipe, 'services', { key: over.place, value: over }), absent: [], findings: [] }
  }
  const known = keysAt(recipe, ['services'])
  const gone = new Map([...over.entries].filter(([, entry]) => isAbsent(entry)))
  const absent = known.filter((name) => gone.has(name))
  const findings = [...unknownServices(over, known, source), ...allAbsent(known, gone)]
  if (services?.value.kind !== 'mapping') return { tree: recipe, absent, findings }
  // Entry by entry: a service may be called `http` or `env`, words that mean something inside of a service.
  const entries = [...services.value.entries]
    .filter(([name]) => !gone.has(name))
    .map(([name, own]): [string, Entry] => {
      const laid = over.entries.get(name)
      return [name, laid === undefined ? own : { ...own, value: layOver(own.value, laid.value) }]
    })
  const value = { ...services.value, entries: new Map(entries) }
  return { tree: withEntry(recipe, 'services', { ...services, value }), absent, findings }
}

function unknownServices(over: Mapping, known: readonly string[], source: Source): Finding[] {
  return [...over.entries]
    .filter(
      ([name, entry]) => !known.includes(name) && !(isAbsent(entry) && isEarlier(name, known, entry, source)),
    )
    .map(([name, { key }]) => ({ place: key, words: unknownService(name, known, source) }))
}

/**
 * True if a release of another commit may just not have a service yet, or any more: it is as absent as the environment
 * wants it. Otherwise going back to before a service came would be refused. A name close to a known one is a slip.
 */
const isEarlier = (name: string, known: readonly string[], { key }: Entry, { commit }: Source): boolean =>
  key.source.commit !== commit && nearest(name, known) === null

function unknownService(name: string, known: readonly string[], { path, commit }: Source): string {
  const near = nearest(name, known)
  const only = near !== null || known.length === 0 ? '' : `, only ${listed(known)}`
  const hint = near === null ? ': ' : `; did you mean ${code(near)}? Otherwise `
  const remedy = `add ${code(`services.${name}`)} to ${path} and release that, or remove it here`
  return `the recipe of ${commit} has no service ${code(name)}${only}${hint}${remedy}`
}

/** Lays an environment's changes of the detour over the recipe's. Changes of a detour that the recipe does not have are a finding. */
export function layDetour(
  recipe: Tree,
  over: Tree | undefined,
): { readonly tree: Tree; readonly findings: readonly Finding[] } {
  // The word `absent` takes the detour away, and anything else is a finding of the policy.
  if (over?.kind !== 'mapping') return { tree: recipe, findings: [] }
  const steps = mappingAt(recipe, ['steps'])
  const own = nodeAt(steps, ['detour'])
  if (steps === undefined || own === undefined)
    return {
      tree: recipe,
      findings: [{ place: over.place, words: 'the recipe has no `steps.detour` that could be changed here' }],
    }
  const value = withEntry(steps, 'detour', { key: own.place, value: layOver(own, over) })
  return { tree: withEntry(recipe, 'steps', { key: steps.place, value }), findings: [] }
}
