import type { Finding } from './finding.ts'
import { mappingAt, nodeAt, type Tree } from './yaml/tree.ts'

/** Returns the services without an instance in environment and recipe, if their settings can be read at all. */
export function withoutInstances(tree: Tree, environment: string): Finding[] {
  const services = mappingAt(tree, ['services'])
  return [...(services?.entries ?? [])].flatMap(([name, { key, value }]) => {
    const missing = missingFrom(value)
    if (missing === null) return []
    const remedy = `add environments.${environment}.services.${name}.${missing.remedy}`
    return [{ place: key, words: `has no ${missing.what} in ${environment}: ${remedy}` }]
  })
}

interface Missing {
  readonly what: string
  /** A path inside of the service. */
  readonly remedy: string
}

/** Null as well after another mistake, which has its own finding. */
function missingFrom(service: Tree): Missing | null {
  if (nodeAt(service, ['engine']) !== undefined) return null
  const [local, ssh] = [nodeAt(service, ['fleet', 'local']), nodeAt(service, ['fleet', 'ssh'])]
  const written = [service, nodeAt(service, ['fleet']), local, ssh].filter((node) => node !== undefined)
  if (written.some(({ kind }) => kind !== 'mapping') || (local && ssh)) return null
  if (ssh !== undefined) {
    const named = !isEmpty(nodeAt(ssh, ['hosts'])) || nodeAt(ssh, ['inventory']) !== undefined
    return named ? null : { what: 'hosts', remedy: 'fleet.ssh.hosts, or an inventory' }
  }
  if (local === undefined) return { what: 'instances', remedy: 'fleet, with local.instances or ssh.hosts' }
  return isEmpty(nodeAt(local, ['instances'])) ? { what: 'instances', remedy: 'fleet.local.instances' } : null
}

function isEmpty(node: Tree | undefined): boolean {
  if (node === undefined) return true
  if (node.kind === 'mapping') return node.entries.size === 0
  return node.kind === 'list' && node.items.length === 0
}
