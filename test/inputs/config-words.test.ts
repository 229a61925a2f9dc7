import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Problem } from '../../src/domain/problem.ts'
import { check } from '../../src/inputs/config/check.ts'
import type { Finding } from '../../src/inputs/config/finding.ts'
import { checkRecipe, readPolicy, readRecipe } from '../../src/inputs/config/read.ts'
import { policyFile } from '../../src/inputs/config/schema/file.ts'
import type { Path } from '../../src/inputs/config/yaml/source.ts'
import type { Tree } from '../../src/inputs/config/yaml/tree.ts'
import { everything, source } from './config.fixture.ts'

type Mapping = Record<string, unknown>

const odd = [null, -1, 1.5, true, '', 'x y', '90', [[]], ['a', 'a'], {}, { 'a b': null }]

const notForPeople =
  /invalid input|undefined|\bNaN\b|\[object|expected (?:string|number|object|array|record|nonoptional)\b|zod/i

const whole = parse(everything) as Mapping
const paths = pathsOf(whole)
const at = source('')

const schema = new URL('../../rollgate.schema.json', import.meta.url)
const isOfSchema = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')))

test('only these odd values are accepted at every path, and none that the schema refuses F23', async () => {
  const accepted = paths.flatMap((path) => {
    const values = odd.filter((value) => {
      const config = changed(path, (parent, key) => Object.assign(parent, { [key]: value }))
      const findings = findingsOf(config, path)
      for (const { words } of findings) expect(words).not.toMatch(notForPeople)
      if (findings.length > 0) return false
      expect(isOfSchema(config), `${path.join('.')}: ${JSON.stringify(value)}`).toBe(true)
      return true
    })
    return values.length === 0
      ? []
      : [`${path.join('.')}: ${values.map((value) => JSON.stringify(value)).join(' ')}`]
  })
  await expect(`${accepted.join('\n')}\n`).toMatchFileSnapshot('fixtures/odd-and-accepted.txt')
})

test('a key that is misspelt is refused at every path, and one that is left out only where it is needed F23', async () => {
  const needed = paths.filter((path) => {
    const misspelt = changed(path, (parent, key) => {
      Object.assign(parent, { [`${key}x y`]: parent[key] })
      Reflect.deleteProperty(parent, key)
    })
    expect(findingsOf(misspelt, path), path.join('.')).not.toEqual([])
    const findings = findingsOf(
      changed(path, (parent, key) => Reflect.deleteProperty(parent, key)),
      path,
    )
    for (const { words } of findings) expect(words).not.toMatch(notForPeople)
    return findings.length > 0
  })
  await expect(`${needed.map((path) => path.join('.')).join('\n')}\n`).toMatchFileSnapshot(
    'fixtures/needed.txt',
  )
})

describe('an overlay of an environment', () => {
  const recipe = (rollout: unknown) => ({
    ...whole,
    services: { web: { ...(whole.services as Record<string, Mapping>).web, rollout } },
  })
  const policy = {
    version: 1,
    environments: {
      production: { class: 'production', services: { web: { rollout: { 'max-parallel': 1 } } } },
    },
  }

  test.each(odd.filter((value) => JSON.stringify(value) !== '{}'))(
    'hides no odd value beneath it: %j F23',
    (value) => {
      const { findings } = checkRecipe(treeOf(recipe(value)), treeOf(policy), 'production', at)
      expect(findings.map(({ place }) => place.path.slice(0, 3).join('.'))).toContain('services.web.rollout')
    },
  )

  test('hides no odd value of a key that it takes the place of F23', () => {
    const written = { ...recipe({}), services: { web: { fleet: { local: true, version: 1 } } } }
    const laid = { production: { services: { web: { fleet: { ssh: { hosts: ['a', 'b'] } } } } } }
    const { findings } = checkRecipe(treeOf(written), treeOf({ environments: laid }), 'production', at)
    expect(findings.map(({ place }) => place.path.join('.'))).toContain('services.web.fleet.local')
  })

  test('is itself checked before it is laid F23', () => {
    const laid = {
      production: { services: { web: { rollout: true, fleet: { local: { instances: 3, start: 1 } } } } },
    }
    const { findings } = checkRecipe(treeOf(recipe({})), treeOf({ environments: laid }), 'production', at)
    expect(findings.map(({ place }) => place.path.join('.'))).toContain(
      'environments.production.services.web.rollout',
    )
  })
})

describe('whatever is broken in a file, a person reads words and a place', () => {
  test.each([
    ['app'],
    ['environments', 'production', 'class'],
    ['environments', 'production', 'services', 'web', 'fleet'],
    ['steps', 'migrate', 'run'],
    ['services', 'web', 'health-check'],
    ['services', 'web', 'rollout', 'max-parallel'],
  ])('%s %s %s %s %s', (...path) => {
    const text = JSON.stringify(
      changed(path, (parent, key) => Object.assign(parent, { [key]: [[]] })),
      null,
      2,
    )
    const lines = text.split('\n')
    for (const line of findingLines(text)) {
      const [, row, column] =
        /^\.github\/rollgate\.yml:(\d+):(\d+) {2}\S.*[^\s:]$/.exec(line) ?? expect.fail(line)
      expect(Number(column)).toBeLessThanOrEqual((lines[Number(row) - 1] ?? '').length + 1)
    }
  })
})

/** Returns the findings for the file of a path: the policy's part and the recipe's have different readers. */
function findingsOf(config: Mapping, [room, name = '']: readonly string[]): readonly Finding[] {
  const tree = treeOf(config)
  const ofPolicy = room === 'app' || room === 'environments' || room === 'version'
  const policy = ofPolicy ? check(policyFile, tree).findings : []
  if (policy.length > 0 || room === 'app') return policy
  const environment = room === 'environments' ? name : 'production'
  if (tree.kind === 'mapping' && room === 'environments' && !hasEnvironment(config, environment))
    return [{ place: tree.place, words: 'gone' }]
  return checkRecipe(tree, tree, environment, at).findings
}

const hasEnvironment = ({ environments }: Mapping, name: string): boolean =>
  name === '' ||
  (typeof environments === 'object' && environments !== null && Object.hasOwn(environments, name))

function findingLines(text: string): string[] {
  const read = source(text)
  try {
    readPolicy(read, 'production')
    readRecipe(read, { source: read, environment: 'production' })
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    expect(thrown.message).not.toMatch(notForPeople)
    return thrown.what.split('\n').filter((line) => !/mistakes?:$/.test(line))
  }
  return expect.fail('it was accepted')
}

/** Returns every path of the config with all keys, so that each of them can be broken. */
function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, below]) => [
    [key],
    ...pathsOf(below).map((path) => [key, ...path]),
  ])
}

function changed(path: readonly string[], change: (parent: Mapping, key: string) => void): Mapping {
  const config = structuredClone(whole)
  const parent = path.slice(0, -1).reduce((node, key) => node[key] as Mapping, config)
  change(parent, path.at(-1) ?? '')
  return config
}

/** Returns the tree of this value in YAML, without the YAML: each item on a line of its own. */
function treeOf(value: unknown): Tree {
  let line = 0
  const place = (path: Path) => ({ source: at, line: ++line, column: 1, path })
  const node = (inner: unknown, path: Path): Tree => {
    if (Array.isArray(inner))
      return {
        kind: 'list',
        place: place(path),
        items: inner.map((item, index) => node(item, [...path, index])),
      }
    if (typeof inner !== 'object' || inner === null)
      return { kind: 'scalar', place: place(path), value: inner as string | number | boolean | null }
    const own = place(path)
    const entries = new Map(
      Object.entries(inner).map(([key, below]) => {
        const under = [...path, key]
        return [key, { key: place(under), value: node(below, under) }]
      }),
    )
    return { kind: 'mapping', place: own, entries }
  }
  return node(value, [])
}
