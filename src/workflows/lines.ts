import { stringify } from 'yaml'

/** YamlLines of YAML with their comments; a list stands two blanks deeper than the line before it. */
export type YamlLines = readonly (string | YamlLines)[]

/** Returns the text of a file. An empty string is an empty line. */
export const textOfLines = (lines: YamlLines): string => `${flat(lines, '').join('\n')}\n`

const flat = (lines: YamlLines, indent: string): string[] =>
  lines.flatMap((line) =>
    typeof line === 'string' ? [line === '' ? '' : `${indent}${line}`] : flat(line, `${indent}  `),
  )

/** A text as a scalar, quoted only where YAML needs it; within a mapping on one line that is more often. */
export const scalar = (value: string | boolean | number, within: 'block' | 'flow' = 'block'): string =>
  within === 'flow'
    ? stringify([value], { ...plainly, collectionStyle: 'flow' })
        .trim()
        .slice(1, -1)
        .trim()
    : stringify(value, plainly).trimEnd()

const plainly = { lineWidth: 0, singleQuote: true } as const

/** An expression of GitHub's. */
export const expr = (expression: string): string => `\${{ ${expression} }}`

/** A mapping on one line. */
export const inline = (mapping: Readonly<Record<string, unknown>>): string =>
  stringify(mapping, { ...plainly, collectionStyle: 'flow' }).trimEnd()

/** `key: value`, one a line. */
export const entries = (mapping: Readonly<Record<string, string | boolean | number>>): string[] =>
  Object.entries(mapping).map(([key, value]) => `${key}: ${scalar(value)}`)

/** A step of a job: the first line behind a dash, the others below it. */
export function step(...lines: YamlLines): YamlLines {
  const [first = '', ...rest] = lines
  return [`- ${String(first)}`, rest]
}

/** A comment above its line, broken where it would get too long. */
export function comment(text: string, width = 110): string[] {
  const lines: string[] = ['#']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (`${last} ${word}`.length > width) lines.push(`# ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
