import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { schemaText } from '../../scripts/schema.ts'
import { onFleets } from '../../src/domain/config/declared-service.ts'
import { describeConfig } from '../../src/inputs/config/describe.ts'
import { everything, readBoth } from './config.fixture.ts'

const root = new URL('../../', import.meta.url)
const written = readFileSync(new URL('rollgate.schema.json', root), 'utf8')
const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(JSON.parse(written))

const examples = readdirSync(new URL('examples', root))
  .map((name) => ({ name, file: new URL(`examples/${name}/.github/rollgate.yml`, root) }))
  .filter(({ file }) => existsSync(file))
  .map(({ name, file }) => {
    const text = readFileSync(file, 'utf8')
    return { name, text, config: parse(text) as { environments: Record<string, unknown> } }
  })

test('the schema in the repository is the one that the code makes', () => {
  expect(written).toBe(schemaText())
})

test('the schema has a name, a title and a description for every key', () => {
  const schema = JSON.parse(written) as Record<string, unknown>
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:rollgate:config:1',
    title: 'Rollgate config',
  })
  expect(keysWithoutDescription(schema)).toEqual([])
})

test('every mapping of the schema is closed', () => {
  expect(openMappings(JSON.parse(written))).toEqual([])
})

test('the config that uses every key passes', () => {
  validate(parse(everything))
  expect(validate.errors).toBeNull()
})

describe.each(examples)('the example $name', ({ text, config }) => {
  test('passes the schema', () => {
    validate(config)
    expect(validate.errors).toBeNull()
  })

  test.each(Object.keys(config.environments))(
    'is read for %s, with instances in every service',
    (environment) => {
      const { policy, recipe } = readBoth(text, environment)
      expect(policy.name).toBe(environment)
      expect(recipe.services.length).toBeGreaterThan(0)
      expect(onFleets(recipe.services).every(({ fleet }) => fleet.instances.length > 0)).toBe(true)
    },
  )
})

test.each([
  ['an unknown key', { version: 1, services: { web: { 'heath-check': {} } } }],
  ['a bare number for a duration', { version: 1, steps: { 'pre-deploy': { run: 'x', timeout: 90 } } }],
  ['a migration without a phase', { version: 1, steps: { migrate: { run: 'x' } } }],
  ['a file without a version', { services: {} }],
  ['a reserved variable', { version: 1, steps: { 'pre-deploy': { run: 'x', env: { ROLLGATE_SHA: 'x' } } } }],
])('the schema refuses %s', (_what, config) => {
  expect(validate(config)).toBe(false)
})

test('every key is described, with words for what may be written', () => {
  const keys = describeConfig().flatMap(({ keys }) => keys)
  const bare = keys.filter(({ type, description }) => type === '' || description === '')
  expect(bare).toEqual([])
  expect(keys).toContainEqual({
    path: 'steps.scheduler.drain-timeout',
    type: 'a duration like 90s',
    required: false,
    default: '15m',
    description: 'The longest time for running jobs to end.',
  })
})

test('shapes that stand in several places are described once', () => {
  expect(describeConfig().map(({ name }) => name)).toEqual([
    'file',
    'service',
    'command',
    'hook',
    'step-command',
    'probe',
    'migration',
    'on-or-job',
    'whole-service',
    'on',
    'instance-command',
  ])
})

function keysWithoutDescription(schema: unknown): string[] {
  return walk(schema).flatMap((part) =>
    Object.entries(part.properties ?? {})
      .filter(([, value]) => typeof value.description !== 'string' || value.description === '')
      .map(([key]) => key),
  )
}

function openMappings(schema: unknown): unknown[] {
  return walk(schema).filter((part) => part.properties !== undefined && part.additionalProperties !== false)
}

interface Part {
  readonly properties?: Record<string, { readonly description?: unknown }>
  readonly additionalProperties?: unknown
}

function walk(value: unknown): Part[] {
  if (typeof value !== 'object' || value === null) return []
  return [value, ...Object.values(value).flatMap(walk)]
}
