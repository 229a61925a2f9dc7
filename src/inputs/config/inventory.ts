import type { SshFleet } from '../../domain/config/fleet.ts'
import { Problem } from '../../domain/problem.ts'
import { check } from './check.ts'
import type { Finding } from './finding.ts'
import { toHosts } from './fleet.ts'
import { hosts } from './schema/ssh.ts'
import { code } from './wording.ts'
import type { YamlReading } from './yaml/reading.ts'
import { type Source, showPath } from './yaml/source.ts'
import type { Tree } from './yaml/tree.ts'
import { readYaml } from './yaml/yaml.ts'

/** The service whose inventory was asked, and the command that answered. */
interface InventoryAsked {
  readonly service: string
  readonly command: string
}

/** The most mistakes to report; the output of a broken command may be long. */
const mostFindings = 10

/**
 * Returns the fleet with the hosts of its inventory: one name a line, or YAML or JSON as `fleet.ssh.hosts`
 * takes it. Throws `inventory-invalid` for an empty output, or one without valid hosts.
 */
export function readInventory(text: string, fleet: SshFleet, of: InventoryAsked): SshFleet {
  const { tree, findings } = readPrinted({ path: of.command, text, commit: of.service })
  if (tree === null) throw inventoryInvalid(of, findings)
  const checked = check(hosts, tree)
  if (checked.kind === 'bad' || findings.length > 0) {
    throw inventoryInvalid(of, [...findings, ...checked.findings])
  }
  const instances = toHosts(checked.value, tree)
  if (instances.length === 0) throw inventoryInvalid(of, [])
  return { ...fleet, instances }
}

/**
 * Hosts stand in the plan and in the ledger, which many may read. Throws `inventory-invalid` if a host's own
 * variables contain a secret; names and addresses stay as they are, since they must be reached.
 */
export function refuseSecrets(
  fleet: SshFleet,
  of: InventoryAsked,
  isSecret: (text: string) => boolean,
): SshFleet {
  const holders = fleet.instances.filter(({ env }) => Object.values(env).some(isSecret))
  if (holders.length === 0) return fleet
  throw new Problem('inventory-invalid', {
    what: `The inventory of ${of.service}, ${code(of.command)}, printed a secret in \`env\` of ${holders.map(({ name }) => name).join(', ')}.`,
    why: 'Hosts and their variables stand in the plan and in the ledger, where a secret must not be.',
    next: 'Leave it out of what the inventory prints: commands on hosts get what `send-env` names.',
  })
}

/** The first line with content decides: it begins a list or a mapping, or it is a name. */
function readPrinted(source: Source): YamlReading {
  const lines = source.text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const first = lines.find((line) => !/^\s*(?:#.*|---\s*)?$/.test(line))
  if (first === undefined) return { tree: null, findings: [] }
  const structured = /^\s*(?:[[{]|-(?:\s|$))|:(?:\s|$)/.test(first)
  return structured ? readYaml(source) : { tree: listOf(lines, source), findings: [] }
}

function listOf(lines: readonly string[], source: Source): Tree {
  const items = lines
    .map((line, index) => ({ value: line.trim(), line: index + 1, column: line.search(/\S/) + 1 }))
    .filter(({ value }) => !/^(?:#.*|---)?$/.test(value))
    .map(({ value, line, column }, index) => {
      const place = { source, line, column, path: [index] }
      return { kind: 'scalar', place, value } as const
    })
  return { kind: 'list', place: { source, line: 1, column: 1, path: [] }, items }
}

function inventoryInvalid({ service, command }: InventoryAsked, findings: readonly Finding[]): Problem {
  const subject = `The inventory of ${service}, ${code(command)},`
  const lines = findings.toSorted((a, b) => a.place.line - b.place.line).map(showFinding)
  const rest = lines.length - mostFindings
  const shown = rest > 0 ? [...lines.slice(0, mostFindings), `and ${rest} more`] : lines
  return new Problem('inventory-invalid', {
    what:
      findings.length === 0
        ? `${subject} printed no host.`
        : [`${subject} printed what cannot be read as hosts:`, ...shown].join('\n'),
    why: 'It prints one name a line, or YAML or JSON in the form that `fleet.ssh.hosts` takes, and nothing else.',
    next: 'Run the command by hand, correct what it prints, and run again.',
  })
}

/** `line 3, hosts.web-1.port: words` */
function showFinding({ place: { line, path }, words }: Finding): string {
  return `line ${line}, ${showPath(['hosts', ...path])}: ${words}`
}
