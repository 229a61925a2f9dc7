/**
 * Cuts the sandbox's part out of GitHub's OpenAPI description:
 *
 *     node scripts/openapi-subset.ts <path to api.github.com.json>
 *
 * The full description comes with the package @octokit/openapi (385 MB unpacked, so it is no dependency).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { operations } from '../src/sandbox/github/operations.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Node = { [key: string]: Json }

const target = new URL('../src/sandbox/github/openapi.json', import.meta.url)

function main(source: string | undefined): void {
  if (source === undefined)
    throw new Error('usage: node scripts/openapi-subset.ts <path to api.github.com.json>')
  const full = JSON.parse(readFileSync(source, 'utf8')) as Node
  writeFileSync(target, `${JSON.stringify(sorted(subset(full)), null, 1)}\n`)
}

function subset(full: Node): Node {
  const paths = keptPaths(full)
  return {
    openapi: at(full, 'openapi'),
    info: {
      title: 'The part of the GitHub REST API description that the sandbox answers',
      version: at(full, 'info', 'version'),
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT' },
      description:
        'Cut by scripts/openapi-subset.ts from @octokit/openapi (MIT, Copyright GitHub and contributors), prose removed.',
    },
    paths,
    components: { schemas: reachableSchemas(full, paths) },
  }
}

function keptPaths(full: Node): Node {
  const wanted = new Set<string>(Object.keys(operations))
  const kept: Node = {}
  for (const [path, item] of Object.entries(node(at(full, 'paths')))) {
    for (const [method, operation] of Object.entries(node(item))) {
      const id = node(operation).operationId
      if (typeof id !== 'string' || !wanted.delete(id)) continue
      kept[path] = { ...node(kept[path] ?? {}), [method]: keptOperation(full, node(operation)) }
    }
  }
  if (wanted.size > 0) throw new Error(`not in the description: ${[...wanted].join(', ')}`)
  return kept
}

/** Inlines parameters and responses: `components` then has schemas alone. */
function keptOperation(full: Node, operation: Node): Node {
  const kept: Node = {
    operationId: at(operation, 'operationId'),
    parameters: list(operation.parameters ?? []).map((parameter) => bare(resolved(full, parameter))),
    responses: Object.fromEntries(
      Object.entries(node(at(operation, 'responses'))).map(([status, response]) => [
        status,
        onlyJson(resolved(full, response)),
      ]),
    ),
  }
  const body = operation.requestBody
  if (body !== undefined)
    kept.requestBody = { required: node(body).required ?? false, ...jsonOrBytes(node(body)) }
  return kept
}

/** A body of bytes is only said to be one: nothing in it can be checked. */
function jsonOrBytes(holder: Node): Node {
  const bytes = 'application/octet-stream'
  return bytes in node(holder.content ?? {}) ? { content: { [bytes]: {} } } : onlyJson(holder)
}

function onlyJson(holder: Node): Node {
  const json = node(holder.content ?? {})['application/json']
  return json === undefined
    ? {}
    : { content: { 'application/json': { schema: bare(at(node(json), 'schema')) } } }
}

function reachableSchemas(full: Node, paths: Node): Node {
  const schemas: Node = {}
  const open = references(paths)
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name in schemas) continue
    const schema = bare(at(full, 'components', 'schemas', name))
    schemas[name] = schema
    open.push(...references(schema))
  }
  return schemas
}

function references(value: Json): string[] {
  const matches = JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)
  return [...matches].map((match) => match[1] ?? '')
}

const prose = new Set([
  'description',
  'summary',
  'title',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'deprecated',
])
const verbatim = new Set(['enum', 'const', 'default', 'required'])
const namesToSchemas = new Set(['properties', 'patternProperties'])

/** Without prose and extensions. Below `properties` the keys are names, so a property `description` stays. */
function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare)
  if (value === null || typeof value !== 'object') return value
  const kept: Node = {}
  for (const [key, child] of Object.entries(value)) {
    if (prose.has(key) || key.startsWith('x-')) continue
    if (verbatim.has(key)) kept[key] = child
    else if (namesToSchemas.has(key)) {
      kept[key] = Object.fromEntries(
        Object.entries(node(child)).map(([name, schema]) => [name, bare(schema)]),
      )
    } else kept[key] = bare(child)
  }
  return withPlainNull(kept)
}

/** ajv refuses `nullable` without `type`, and a nullable enum that does not list null: say both in its words. */
function withPlainNull(schema: Node): Node {
  if (schema.nullable !== true) return schema
  const { nullable, ...rest } = schema
  if (rest.type === undefined) return { anyOf: [rest, { enum: [null] }] }
  const choices = rest.enum
  if (Array.isArray(choices) && !choices.includes(null))
    return { ...rest, nullable, enum: [...choices, null] }
  return schema
}

function resolved(full: Node, value: Json): Node {
  const reference = node(value).$ref
  return typeof reference === 'string' ? node(at(full, ...reference.slice(2).split('/'))) : node(value)
}

function at(value: Json, ...keys: string[]): Json {
  return keys.reduce((current, key) => {
    const child = node(current)[key]
    if (child === undefined) throw new Error(`the description has no ${keys.join('/')}`)
    return child
  }, value)
}

function node(value: Json): Node {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Error('expected an object')
  return value
}

function list(value: Json): Json[] {
  if (!Array.isArray(value)) throw new Error('expected a list')
  return value
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  )
}

main(process.argv[2])
