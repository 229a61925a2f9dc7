import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { description, type Operation, type Parameter } from './description.ts'

type Texts = Readonly<Record<string, string>>

/** Faults of a request's path and query, in words. */
export function parametersConform(operation: Operation, params: Texts, query: Texts): string[] {
  return [
    ...unknownParameters(operation, query),
    ...operation.parameters.flatMap((parameter) => parameterFaults(parameter, params, query)),
  ]
}

/** Faults of a request's body for which GitHub would refuse it. */
export function bodyConforms(operation: Operation, body: unknown): string[] {
  if (operation.takesBytes) return []
  if (operation.body === undefined) return body === undefined ? [] : ['takes no body']
  if (body === undefined) return operation.body.required ? ['a body is required'] : []
  return check(operation.body.pointer, body)
}

/** Keys of a body that GitHub would silently ignore. */
export function unknownKeys(operation: Operation, body: unknown): string[] {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return []
  return Object.keys(body)
    .filter((key) => !operation.body?.keys.includes(key))
    .map((key) => `"${key}" is not a key that GitHub knows`)
}

/** Finds faults of an answer; `body` is parsed JSON. */
export function responseConforms(operation: Operation, status: number, body: unknown): string[] {
  const pointer = operation.responses.get(status)
  if (typeof pointer === 'string') return check(pointer, body)
  if (pointer === undefined && !everywhere.has(status)) return [`status ${status} is not described`]
  // Every error has a body, also where the description shows none.
  if (status >= 400) return check('/components/schemas/basic-error', body)
  return body === undefined ? [] : ['has a body where none is described']
}

/** Answers that any operation may give, listed in its description or not. */
const everywhere = new Set([400, 401, 403, 404, 422, 429, 500, 502, 503])

const ajv = githubsAjv()

/** Compiled on demand: all of them together take over a second. */
const compiled = new Map<string, ValidateFunction>()

function check(pointer: string, value: unknown): string[] {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `github#${encodeURI(pointer)}` })
  compiled.set(pointer, validate)
  return validate(value) ? [] : (validate.errors ?? []).map(inWords)
}

function githubsAjv(): Ajv {
  const githubs = new Ajv({ strict: false, allErrors: true, validateSchema: false, addUsedSchema: false })
  addFormats.default(githubs)
  githubs.addFormat('repo.nwo', /^[^/]+\/[^/]+$/)
  githubs.addFormat('timestamp', true)
  // GitHub sends "" for a URL that is not set, and `name[bot]@…` for an address.
  githubs.addFormat('email', /@/)
  githubs.addFormat('uri', (text) => text === '' || URL.canParse(text))
  return githubs.addSchema(description, 'github')
}

function unknownParameters(operation: Operation, query: Texts): string[] {
  const known = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  return Object.keys(query)
    .filter((name) => !known.includes(name))
    .map((name) => `query parameter "${name}" is not one that GitHub knows`)
}

function parameterFaults(parameter: Parameter, params: Texts, query: Texts): string[] {
  const text = (parameter.in === 'path' ? params : query)[parameter.name]
  if (text === undefined) return parameter.required ? [`${parameter.name} is missing`] : []
  return check(parameter.pointer, typedValue(parameter, text)).map((fault) => `${parameter.name}: ${fault}`)
}

function typedValue({ type }: Parameter, text: string): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  return text
}

function inWords(error: ErrorObject): string {
  const where = error.instancePath === '' ? '' : `${error.instancePath.slice(1)} `
  const allowed = 'allowedValues' in error.params ? ` (${String(error.params.allowedValues)})` : ''
  return `${where}${error.message ?? error.keyword}${allowed}`
}
