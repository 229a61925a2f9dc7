import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'

export type Contexts = Readonly<Record<string, unknown>>

/** The state of a job or of its steps so far, as the status functions tell it. */
export type StatusSoFar = 'success' | 'skipped' | 'failure' | 'cancelled'

/** The surroundings of an expression besides its contexts. */
export interface Surroundings {
  /** How everything before it ended: the needs of a job, or the earlier steps of it. */
  readonly status: StatusSoFar
  /** The digest of the matching files of the workspace; empty if no file matches. */
  readonly hashFiles: (patterns: readonly string[]) => string
}

const statusFunctions = /\b(?:success|failure|always|cancelled)\s*\(/

/** The condition of a job or a step: without a status function in it, it also wants success. */
export function condition(
  text: string | boolean | undefined,
  contexts: Contexts,
  around: Surroundings,
): boolean {
  const bare = String(text ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1')
  const whole = statusFunctions.test(bare) ? bare : `success() && (${bare})`
  return Boolean(evaluate(whole, contexts, around))
}

/** A value of a workflow with its expressions filled in. One that is an expression as a whole keeps its type. */
export function fill(value: unknown, contexts: Contexts, around: Surroundings): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, contexts, around))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, contexts, around)]))
  if (typeof value !== 'string') return value
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(value.trim())
  if (whole?.[1] !== undefined) return evaluate(whole[1], contexts, around)
  return value.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => asText(evaluate(inner, contexts, around)))
}

export function fillAll(
  values: unknown,
  contexts: Contexts,
  around: Surroundings,
): Readonly<Record<string, string>> {
  const entries = Object.entries((values ?? {}) as Record<string, unknown>)
  return Object.fromEntries(entries.map(([name, value]) => [name, asText(fill(value, contexts, around))]))
}

export const asText = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

function evaluate(expression: string, contexts: Contexts, around: Surroundings): unknown {
  const functions = ownFunctions(around)
  const { tokens } = new Lexer(expression.trim()).lex()
  const tree = new Parser(tokens, Object.keys(contexts), [...functions.values()]).parse()
  const given = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  const result = new Evaluator(tree, given, functions).evaluate()
  return JSON.parse(JSON.stringify(result, data.replacer)) as unknown
}

function ownFunctions({ status, hashFiles }: Surroundings): Map<string, FunctionDefinition> {
  const telling = (name: string, holds: boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(holds),
  })
  const hash: FunctionDefinition = {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) => new data.StringData(hashFiles(patterns.map((pattern) => pattern.coerceString()))),
  }
  return new Map([
    ['success', telling('success', status === 'success')],
    ['failure', telling('failure', status === 'failure')],
    ['always', telling('always', true)],
    ['cancelled', telling('cancelled', status === 'cancelled')],
    ['hashfiles', hash],
  ])
}
