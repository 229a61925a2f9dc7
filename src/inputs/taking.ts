import { Problem } from '../domain/problem.ts'
import { type ActionName, type CommandName, type InputName, inputs, isRequired } from './definitions.ts'

/** Takes the inputs of one command from the environment of the process. */
export interface Taking {
  readonly command: CommandName
  /** The text of an input, or its default; the default where the command does not take the input. */
  text(name: InputName): string
  /** The same, and throws where the command cannot do without. */
  own(name: InputName): string
  required(name: InputName): string
  flag(name: InputName): boolean
  lines(name: InputName): string[]
  /** Names that are divided by blanks or commas. */
  names(name: InputName): string[]
  oneOf<const T extends string>(name: InputName, allowed: readonly T[]): T
  /** True if an input was given, and differs from its default. */
  isGiven(name: InputName): boolean
}

export function takeFrom(env: NodeJS.ProcessEnv, command: CommandName): Taking {
  const given = (name: InputName): string => textOf(env, name) || defaultOf(name)
  const text = (name: InputName): string => (takes(command, name) ? given(name) : defaultOf(name))
  const required = (name: InputName): string => {
    const value = text(name)
    if (value !== '') return value
    throw invalidInput(name, 'is empty', `Give ${name}: ${inputs[name].description}`)
  }
  const split = (name: InputName, by: RegExp): string[] =>
    text(name)
      .split(by)
      .map((one) => one.trim())
      .filter((one) => one !== '')
  return {
    command,
    text,
    required,
    own: (name) => (isRequired(inputs[name], command) ? required(name) : text(name)),
    flag: (name) => choose(name, text(name), ['true', 'false']) === 'true',
    lines: (name) => split(name, /\n/),
    names: (name) => split(name, /[\s,]+/),
    oneOf: (name, allowed) => choose(name, text(name), allowed),
    isGiven: (name) => given(name) !== defaultOf(name),
  }
}

/** A restart and a task are told the release that serves, so that another one is refused. */
const alsoRelease: readonly CommandName[] = ['restart', 'task']

/** True if a command reads an input. */
export const takes = (command: CommandName, name: InputName): boolean =>
  (inputs[name].of as readonly ActionName[]).includes(command) ||
  (name === 'release' && alsoRelease.includes(command))

/** The runner upper-cases the name and turns blanks, not dashes, into underscores. */
export const textOf = (env: NodeJS.ProcessEnv, name: string): string =>
  (env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim()

/** Defaults that are expressions are filled in by the runner alone. */
function defaultOf(name: InputName): string {
  const definition = inputs[name]
  const value = 'default' in definition ? definition.default : ''
  return value.startsWith('${{') ? '' : value
}

export function choose<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((choice) => choice === value)
  if (found !== undefined) return found
  throw invalidInput(name, `is ${JSON.stringify(value)}`, `Use one of ${allowed.join(', ')}.`)
}

export const invalidInput = (name: string, what: string, next: string): Problem =>
  new Problem('input-invalid', {
    what: `The input ${name} ${what}.`,
    why: 'It was left out, misspelt, or an expression in the workflow gave nothing.',
    next,
  })
