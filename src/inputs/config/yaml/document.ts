import { notAt, startOf } from '../finding.ts'
import { formatVersion } from '../schema/file.ts'
import { found } from '../wording.ts'
import type { YamlReading } from './reading.ts'
import type { Source } from './source.ts'
import { plain, type Tree } from './tree.ts'
import { readYaml } from './yaml.ts'

/** A config of a thousand hosts takes a second to parse, and a job asks for its policy, its recipe and its schedules. */
const readAlready = new WeakMap<Source, YamlReading>()

/** Reads a config, each source once. */
export function readDocument(source: Source): YamlReading {
  const reading = readAlready.get(source) ?? documentIn(source)
  readAlready.set(source, reading)
  return reading
}

/** A file of another version only gets that finding: its keys may have another meaning. */
function documentIn(source: Source): YamlReading {
  const reading = readYaml(source)
  if (reading.tree === null) return reading
  const { tree, findings } = reading
  if (tree.kind !== 'mapping') {
    const words = `expected a mapping that begins with \`version: ${formatVersion}\`, found ${found(plain(tree))}`
    return { tree: null, findings: [{ place: startOf(source), words }] }
  }
  const version = tree.entries.get('version')
  if (version === undefined) {
    const words = `\`version\` is missing: begin the file with \`version: ${formatVersion}\`, which is what this Rollgate reads`
    return { tree: null, findings: [...findings, { place: tree.place, words }] }
  }
  if (version.value.kind === 'scalar' && version.value.value === formatVersion) return reading
  const other = [{ place: version.value.place, words: otherVersion(version.value) }]
  return { tree: null, findings: [...findings, ...notAt(findings, other)] }
}

function otherVersion(version: Tree): string {
  const value = version.kind === 'scalar' ? version.value : version.kind
  const quoted = value === String(formatVersion) ? ': remove the quotation marks' : ''
  return `this Rollgate reads version ${formatVersion}, found ${found(value)}${quoted}`
}
