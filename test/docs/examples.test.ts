import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { readForm } from '../../src/inputs/form/read-form.ts'
import { readBoth } from '../inputs/config.fixture.ts'

type Mapping = Record<string, unknown>

const root = new URL('../../', import.meta.url)
const pages = ['README.md', ...readdirSync(new URL('docs', root)).map((file) => `docs/${file}`)].filter(
  (path) => path.endsWith('.md'),
)

/** Keys of a config at its top. One is enough, so that a misspelt key beside it is found. A workflow has none of them. */
const keys = 'version app release environments steps services tasks vars requires-variables'.split(' ')

const isConfig = (value: Mapping): boolean => keys.some((key) => Object.hasOwn(value, key))

/** The configs that the pages show. A Compose file has `services`, too: its example begins with its name. */
const examples = pages.flatMap((path) =>
  [...readFileSync(new URL(path, root), 'utf8').matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)]
    .map(([, text = '']) => text)
    .filter((text) => !text.startsWith('# compose.yaml') && isConfig(parse(text) as Mapping))
    .map((text, at) => ({ path, text, example: at + 1 })),
)

const mapping = (value: unknown): Mapping => (value ?? {}) as Mapping
const each = (value: unknown, fill: (value: Mapping) => Mapping): Mapping =>
  Object.fromEntries(Object.entries(mapping(value)).map(([name, one]) => [name, fill(mapping(one))]))

const local = { local: { instances: ['web-1', 'web-2'] }, stop: 'bin/stop', start: 'bin/start' }
const placed = (services: Mapping, name: string): boolean =>
  ['local', 'ssh'].some((place) => place in mapping(mapping(services[name]).fleet))

/** Returns a service with the place and the commands that its example leaves out. */
const service = (one: Mapping, isPlaced: boolean): Mapping => {
  if ('engine' in one) return one
  const { local: instances, ...commands } = local
  const fleet = { ...commands, ...mapping(one.fleet) }
  return {
    ...one,
    fleet: isPlaced || 'local' in fleet || 'ssh' in fleet ? fleet : { local: instances, ...fleet },
  }
}

/** Returns the whole config of a fragment. Only what the fragment leaves out is filled in. */
function whole(fragment: Mapping, environment: string): Mapping {
  const environments = each(fragment.environments ?? { production: {} }, (one) => ({
    class: 'production',
    ...one,
  }))
  const overlay = mapping(mapping(environments[environment]).services)
  const services = mapping(fragment.services ?? { web: {}, worker: {} })
  return {
    ...fragment,
    version: 1,
    environments,
    services: Object.fromEntries(
      Object.entries(services).map(([name, one]) => [name, service(mapping(one), placed(overlay, name))]),
    ),
  }
}

const isWhole = (fragment: Mapping): boolean => 'environments' in fragment && 'services' in fragment
const environmentsOf = (fragment: Mapping): string[] =>
  Object.keys(mapping(fragment.environments ?? { production: {} }))

describe('the examples of the pages', () => {
  test('are found', () => {
    expect(examples.length).toBeGreaterThan(25)
  })

  test.each(examples)('$path, example $example of a config → the reader takes it', ({ text }) => {
    const fragment = parse(text) as Mapping
    for (const environment of environmentsOf(fragment))
      expect(() =>
        readBoth(isWhole(fragment) ? text : stringify(whole(fragment, environment)), environment),
      ).not.toThrow()
  })
})

const commands = pages.flatMap((path) =>
  [...readFileSync(new URL(path, root), 'utf8').matchAll(/gh workflow run rollgate\.yml [^\n`]+/g)].map(
    ([command]) => ({ path, command }),
  ),
)

/** The form of a `gh workflow run`, as GitHub hands it over. */
const formOf = (command: string): Record<string, string> =>
  Object.fromEntries(
    [...command.matchAll(/ -f ([a-z-]+)=(?:"([^"]*)"|([^\s"]\S*))/g)].map(
      ([, field = '', quoted, plain]) => [field, quoted ?? plain ?? ''] as const,
    ),
  )

test.each(commands)('$path, $command → the form takes it, and uses every field', ({ command }) => {
  const form = formOf(command.replace(/\.$/, ''))
  expect(Object.keys(form)).toContain('environment')
  expect(readForm(JSON.stringify(form)).unused).toEqual([])
})
