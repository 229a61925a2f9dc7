import {
  type ActionName,
  actionNames,
  type InputDefinition,
  inputs,
  isRequired,
  type OutputDefinition,
  outputs,
} from '../../src/inputs/definitions.ts'
import { code, markdownTable } from './markdown-table.ts'

/** The tables of the actions' inputs. */
export function inputsTable(): string {
  const rows = Object.entries<InputDefinition>(inputs).map(([name, input]) => [
    isMostlyRequired(input) ? `**${code(name)}**` : code(name),
    `${input.description}${leaving(input)}${wanting(input)}`,
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

function leaving(input: InputDefinition): string {
  if (input.leftOut === undefined) return ''
  const able = input.of.filter((command) => !isRequired(input, command)).map(code)
  return ` ${listed(able)} may leave it out: ${input.leftOut}.`
}

/** Names the commands that require an input that most commands do not. */
function wanting(input: InputDefinition): string {
  if (isMostlyRequired(input) || !Array.isArray(input.required)) return ''
  return ` Required by ${listed(input.required.map(code))}.`
}

const isMostlyRequired = ({ required = false, leftOut }: InputDefinition): boolean =>
  required === true || (required !== false && leftOut !== undefined)

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

const takers = (of: readonly ActionName[]): string => {
  const others = actionNames.filter((name) => !of.includes(name))
  if (others.length === 0) return 'all'
  return others.length < 3 ? `all but ${listed(others)}` : of.join(', ')
}
