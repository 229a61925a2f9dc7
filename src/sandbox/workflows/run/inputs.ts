import type { InForce } from '../../rules/in-force.ts'
import type { CallFile, InputFile } from '../workflow-file.ts'

/** GitHub takes no run of this form: the answer that it gives instead. */
export class FormRefused extends Error {}

type FormValues = Readonly<Record<string, unknown>>

/** The most inputs that a form has, and the most characters that they have together. */
export const mostInputs = 25
const mostCharacters = 65_535

/** Checks what was put into a form of `workflow_dispatch`, and returns the context `inputs`. */
export function formInputs(
  { inputs: known = {} }: CallFile,
  given: FormValues,
  inForce: InForce,
): FormValues {
  const refuse = (why: string): never => {
    throw new FormRefused(why)
  }
  const unknown = Object.keys(given).filter((name) => known[name] === undefined)
  if (unknown.length > 0 && inForce('form-inputs-known'))
    refuse(`Unexpected inputs provided: ${JSON.stringify(unknown)}`)
  if (JSON.stringify(given).length > mostCharacters && inForce('form-65535-characters'))
    refuse(`inputs are too large: at most ${mostCharacters} characters`)
  return Object.fromEntries(
    Object.entries(known).map(([name, input]) => {
      const value = given[name] ?? input.default ?? ''
      if (input.required === true && value === '' && inForce('form-inputs-required'))
        refuse(`Required input '${name}' not provided`)
      const wrong = typeMistake(input, String(value))
      if (wrong && inForce('form-input-types'))
        refuse(`Provided value '${value}' for input '${name}' ${wrong}`)
      return [name, typed(input.type, value)]
    }),
  )
}

function typeMistake({ type, options = [] }: InputFile, value: string): string | undefined {
  if (value === '') return undefined
  if (type === 'choice' && !options.map(String).includes(value)) return 'not in the list of allowed values'
  if (type === 'boolean' && !/^(true|false)$/i.test(value)) return 'is no boolean'
  if (type === 'number' && Number.isNaN(Number(value))) return 'is no number'
  return undefined
}

/** Values of a form are texts; the context has booleans and numbers. */
function typed(type: string | undefined, value: unknown): unknown {
  if (type === 'boolean') return String(value).toLowerCase() === 'true'
  if (type === 'number') return value === '' ? '' : Number(value)
  return String(value)
}

/** The mistakes of a job that calls a workflow, in the names of the inputs that it passes. */
export function callMistakes(
  { inputs: known = {} }: CallFile,
  given: Readonly<Record<string, unknown>>,
  inForce: InForce,
): string[] {
  if (!inForce('called-inputs-declared')) return []
  const unknown = Object.keys(given).filter((name) => known[name] === undefined)
  const missing = Object.entries(known).filter(
    ([name, { required }]) => required === true && given[name] === undefined,
  )
  return [
    ...unknown.map((name) => `Invalid input, ${name} is not defined in the referenced workflow.`),
    ...missing.map(([name]) => `Input ${name} is required, but not provided while calling.`),
  ]
}

const emptyOf: Readonly<Record<string, unknown>> = { boolean: false, number: 0, string: '' }

/** The context `inputs` of a called workflow; throws for a value of another type. */
export function calledInputs(
  { inputs: known = {} }: CallFile,
  given: FormValues,
  inForce: InForce,
): FormValues {
  return Object.fromEntries(
    Object.entries(known).map(([name, { type = 'string', default: fallback }]) => {
      const value = given[name] ?? fallback ?? emptyOf[type]
      // A string takes numbers and booleans as their text, as an expression that is one does.
      const fits = type === 'string' ? typeof value !== 'object' : typeof value === type
      if (!fits && inForce('called-input-types'))
        throw new FormRefused(
          `The template is not valid: unexpected value ${JSON.stringify(value)} for the ${type} ${name}`,
        )
      return [name, type === 'string' ? String(value) : value]
    }),
  )
}
