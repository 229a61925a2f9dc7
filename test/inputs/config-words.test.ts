import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Problem } from '../../src/domain/problem.ts'
import { readPolicy, readRecipe } from '../../src/inputs/config/read.ts'
import { everything, source } from './config.fixture.ts'

type Mapping = Record<string, unknown>

const odd = [null, -1, 1.5, true, '', 'x y', '90', [[]], ['a', 'a'], {}, { 'a b': null }]

const notForPeople =
  /invalid input|undefined|\bNaN\b|\[object|expected (?:string|number|object|array|record|nonoptional)\b|zod/i
const finding = /^\.github\/rollgate\.yml:(\d+):(\d+) {2}\S.*[^\s:]$/

describe('whatever is broken, a person reads words and a place', () => {
  test.each(pathsOf(parse(everything) as Mapping).map((path) => [path.join('.'), path] as const))(
    '%s',
    (_title, path) => {
      const texts = [
        ...odd.map((value) => broken(path, (parent, key) => Object.assign(parent, { [key]: value }))),
        broken(path, (parent, key) => Reflect.deleteProperty(parent, key)),
        broken(path, (parent, key) => {
          Object.assign(parent, { [`${key}x`]: parent[key] })
          Reflect.deleteProperty(parent, key)
        }),
      ]
      const counts = texts.map((text) => findingsIn(text, path))
      expect(Math.max(...counts)).toBeGreaterThan(0)
    },
  )
})

/** Every path of the config that uses every key, so that each of them can be broken. */
function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, below]) => [
    [key],
    ...pathsOf(below).map((path) => [key, ...path]),
  ])
}

/** JSON is YAML too, and every key on a line of its own keeps the places apart. */
function broken(path: readonly string[], change: (parent: Mapping, key: string) => void): string {
  const config = parse(everything) as Mapping
  const parent = path.slice(0, -1).reduce((node, key) => node[key] as Mapping, config)
  change(parent, path.at(-1) ?? '')
  return JSON.stringify(config, null, 2)
}

/** How many findings the reader has, after making sure that all of them are in people's words. */
function findingsIn(text: string, [room, name = 'production']: readonly string[]): number {
  const environment = room === 'environments' ? name : 'production'
  const read = source(text)
  try {
    if (room === 'app' || room === 'environments') readPolicy(read, environment)
    readRecipe(read, { source: read, environment })
    return 0
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    expect(error.message).not.toMatch(notForPeople)
    if (error.code === 'environment-unknown') return 1
    const findings = error.what.split('\n').filter((line) => !/mistakes?:$/.test(line))
    for (const line of findings) {
      const [, row, column] = finding.exec(line) ?? expect.fail(`not a finding: ${line}`)
      expect(Number(column)).toBeLessThanOrEqual((text.split('\n')[Number(row) - 1] ?? '').length + 1)
    }
    return findings.length
  }
}
