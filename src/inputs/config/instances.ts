import type { Finding } from './finding.ts'
import { mappingAt, nodeAt, type Tree } from './tree.ts'

/** Services that no environment and no recipe gave an instance, where what they wrote can be read at all. */
export function withoutInstances(tree: Tree, environment: string): Finding[] {
  const services = mappingAt(tree, ['services'])
  return [...(services?.entries ?? [])].flatMap(([name, { key, value }]) => {
    const local = ['fleet', 'local']
    const readable = [[], ['fleet'], local].every(
      (path) => (nodeAt(value, path)?.kind ?? 'mapping') === 'mapping',
    )
    const instances = nodeAt(value, [...local, 'instances'])
    const none =
      instances === undefined ||
      (instances.kind === 'mapping' && instances.entries.size === 0) ||
      (instances.kind === 'list' && instances.items.length === 0)
    if (!readable || !none) return []
    const words = `has no instances in ${environment}: add environments.${environment}.services.${name}.fleet.local.instances`
    return [{ place: key, words }]
  })
}
