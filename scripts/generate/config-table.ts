import { type ConfigSection, describeConfig } from '../../src/inputs/config/describe.ts'
import { code, markdownTable } from './markdown-table.ts'

/** Every key of the config, one table for the file and one for each shape that several places share. */
export function configTables(): string {
  return describeConfig().map(sectionText).join('\n\n')
}

function sectionText({ name, description, keys }: ConfigSection): string {
  const rows = keys.map((key) => [
    key.required ? `**${code(key.path)}**` : code(key.path),
    key.type,
    key.default === null ? '' : defaultText(key.default),
    key.description,
  ])
  const heading = name === 'file' ? '### The whole file' : `### Shape: ${name}`
  const said = description === '' ? '' : `${description}\n\n`
  return `${heading}\n\n${said}${markdownTable(['key', 'value', 'default', 'meaning'], rows)}`
}

/** An empty mapping says only that the key may be left out. */
const defaultText = (value: unknown): string =>
  typeof value === 'object' && !Array.isArray(value)
    ? ''
    : code(typeof value === 'string' ? value : JSON.stringify(value))
