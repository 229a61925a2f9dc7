import {
  type CommandName,
  commands,
  type InputDefinition,
  inputs,
  type OutputDefinition,
  outputs,
} from '../../src/inputs/definitions.ts'
import { code, markdownTable } from './markdown-table.ts'

/** The inputs of the four actions, with what each of them takes. */
export function inputsTable(): string {
  const rows = Object.entries<InputDefinition>(inputs).map(([name, input]) => [
    input.required === true ? `**${code(name)}**` : code(name),
    input.description,
    input.default === undefined ? '' : code(input.default),
    takers(input.of),
  ])
  return markdownTable(['input', 'meaning', 'default', 'taken by'], rows)
}

export function outputsTable(): string {
  const rows = Object.entries<OutputDefinition>(outputs).map(([name, { description, of }]) => [
    code(name),
    description,
    takers(of),
  ])
  return markdownTable(['output', 'meaning', 'given by'], rows)
}

const takers = (of: readonly CommandName[]): string => (of.length === commands.length ? 'all' : of.join(', '))
