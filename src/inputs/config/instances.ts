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
  const [local, ssh, pull] = (['local', 'ssh', 'pull'] as const).map((kind) =>
    nodeAt(service, ['fleet', kind]),
  )
  const kinds = [local, ssh, pull].filter((node) => node !== undefined)
  const written = [service, nodeAt(service, ['fleet']), ...kinds].filter((node) => node !== undefined)
  if (written.some(({ kind }) => kind !== 'mapping') || kinds.length > 1) return null
  if (ssh !== undefined) {
    const named = !isEmpty(nodeAt(ssh, ['hosts'])) || nodeAt(ssh, ['inventory']) !== undefined
    return named ? null : { what: 'hosts', remedy: 'fleet.ssh.hosts, or an inventory' }
  }
  const [named] = [local, pull].filter((node) => node !== undefined)
  if (named === undefined)
    return { what: 'instances', remedy: 'fleet, with local.instances, ssh.hosts or pull.instances' }
  const key = `fleet.${named === local ? 'local' : 'pull'}.instances`
  return isEmpty(nodeAt(named, ['instances'])) ? { what: 'instances', remedy: key } : null
}

function isEmpty(node: Tree | undefined): boolean {
  if (node === undefined) return true
  if (node.kind === 'mapping') return node.entries.size === 0
  return node.kind === 'list' && node.items.length === 0
}
