import { matchesGlob } from 'node:path'
import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'

export type Contexts = Readonly<Record<string, unknown>>

/** The world of an expression besides its contexts. */
export interface Surroundings {
  /** True if everything before succeeded: the needs of a job, or the steps of it so far. */
  readonly success: boolean
  /** Files of the checkout, for `hashFiles`. */
  readonly files: readonly string[]
}

const statusFunctions = /\b(?:success|failure|always|cancelled)\s*\(/

/** The condition of a job or a step: without a status function in it, it also wants success. */
export function condition(text: string | undefined, contexts: Contexts, world: Surroundings): boolean {
  const bare = (text ?? 'success()').replace(/^\$\{\{(.*)\}\}$/s, '$1')
  const whole = statusFunctions.test(bare) ? bare : `success() && (${bare})`
  return Boolean(evaluate(whole, contexts, world))
}

/** A value of a workflow with its expressions filled in. One that is an expression as a whole keeps its type. */
export function fill(value: unknown, contexts: Contexts, world: Surroundings): unknown {
  if (typeof value !== 'string') return value
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(value.trim())
  if (whole?.[1] !== undefined) return evaluate(whole[1], contexts, world)
  return value.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => asText(evaluate(inner, contexts, world)))
}

export function fillAll(values: unknown, contexts: Contexts, world: Surroundings): Record<string, string> {
  const entries = Object.entries((values ?? {}) as Record<string, unknown>)
  return Object.fromEntries(entries.map(([name, value]) => [name, asText(fill(value, contexts, world))]))
}

export const asText = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

function evaluate(expression: string, contexts: Contexts, world: Surroundings): unknown {
  const functions = ownFunctions(world)
  const { tokens } = new Lexer(expression.trim()).lex()
  const tree = new Parser(tokens, Object.keys(contexts), [...functions.values()]).parse()
  const given = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  const result = new Evaluator(tree, given, functions).evaluate()
  return JSON.parse(JSON.stringify(result, data.replacer)) as unknown
}

function ownFunctions({ success, files }: Surroundings): Map<string, FunctionDefinition> {
  const status = (name: string, holds: boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(holds),
  })
  const hashFiles: FunctionDefinition = {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) => {
      const found = files.some((file) =>
        patterns.some((pattern) => matchesGlob(file, pattern.coerceString())),
      )
      return new data.StringData(found ? 'a hash' : '')
    },
  }
  return new Map([
    ['success', status('success', success)],
    ['failure', status('failure', !success)],
    ['always', status('always', true)],
    ['cancelled', status('cancelled', false)],
    ['hashfiles', hashFiles],
  ])
}
