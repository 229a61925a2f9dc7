import { stringify } from 'yaml'

/** Returns a value on one line, quoted wherever YAML asks for it. */
export const inline = (value: unknown): string =>
  stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    blockQuote: false,
    flowCollectionPadding: true,
  }).trimEnd()

/** Returns lines further to the right. */
export const indented = (depth: number, lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : `${'  '.repeat(depth)}${line}`))

/** Returns a command of several lines as a block. */
export const block = (key: string, lines: readonly string[]): string[] => [`${key}: |`, ...indented(1, lines)]
