import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { onFleets } from '../../src/domain/config/declared-service.ts'
import { decisions } from '../../src/domain/question/decision.ts'
import { outputs } from '../../src/inputs/definitions.ts'
import { readBoth } from '../inputs/config.fixture.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const guides = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'examples/README.md',
  ...guides.map((file) => `docs/${file}`),
]

/** The examples in YAML that a document shows. */
const yamlIn = (path: string): string[] =>
  [...read(path).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)

test.each(documents)('every link in %s leads to a file', (path) => {
  const targets = [...read(path).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target)
  const missing = targets
    .map((target) => join(dirname(path), target))
    .filter((target) => !existsSync(join(root, target)))
  expect(missing).toEqual([])
})

describe('README.md', () => {
  const [config = ''] = yamlIn('README.md')

  test('its config is one that Rollgate takes', () => {
    const { policy, recipe } = readBoth(config)
    expect(policy.approval).toEqual({ kind: 'reviewers', allowBypass: false })
    expect(onFleets(recipe.services).map(({ name, fleet }) => [name, fleet.instances.length])).toEqual([
      ['web', 2],
    ])
  })

  test('it links every page', () => {
    const text = read('README.md')
    expect(guides.filter((page) => !text.includes(`(docs/${page}`))).toEqual([])
  })

  test('it has at most 120 lines', () => {
    expect(read('README.md').trim().split('\n').length).toBeLessThanOrEqual(120)
  })
})

test('CHANGELOG.md has a heading for the version of the package, under what is not released', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
  expect(headings.filter((heading) => heading !== 'Unreleased')[0]).toBe(version)
  expect(headings.indexOf('Unreleased')).toBeLessThan(1)
})

test('CHANGELOG.md says nothing twice', () => {
  const lines = [...read('CHANGELOG.md').matchAll(/^\* .+$/gm)].map(([line]) => line)
  expect(lines.filter((line, at) => lines.indexOf(line) !== at)).toEqual([])
})

test('docs/decisions.md explains every decision', () => {
  for (const decision of decisions) expect(read('docs/decisions.md')).toContain(`| \`${decision}\` |`)
})

test('docs/inputs.md explains every outcome that the definitions name', () => {
  const named = [...outputs.outcome.description.matchAll(/`([a-z-]+)`/g)].map(([, outcome]) => outcome)
  expect(named.length).toBeGreaterThan(10)
  for (const outcome of named)
    expect(read('docs/inputs.md')).toMatch(new RegExp(`^\\|.*\`${outcome}\`.*\\| (?:green|red)`, 'm'))
})
