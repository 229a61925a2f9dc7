import { expect, test } from 'vitest'
import { recipeDigest } from '../../src/domain/release/manifest.ts'
import { readFrozen } from '../../src/inputs/config/frozen.ts'

const read = (text: string) => readFrozen({ path: '.github/rollgate.yml', text, commit: 'v1' })

const config = `version: 1
release: { base-version: "2026.1", schema: db/schema-version, large-change: 7 }
environments:
  production: { class: production }
steps:
  migrate: { run: bin/migrate, phase: contract }
services:
  web: { fleet: { stop: bin/stop, install: bin/install } }
  2: { fleet: { install: bin/install } }
`

test('steps, ordered services and versions are frozen with a release; environments are not MM-04', () => {
  expect(read(config)).toEqual({
    baseVersion: '2026.1',
    readOnly: false,
    schema: 'db/schema-version',
    largeChange: 7,
    compatible: true,
    migrations: [{ run: 'bin/migrate', phase: 'contract' }],
    content: {
      release: { 'base-version': '2026.1', schema: 'db/schema-version', 'large-change': 7 },
      steps: { migrate: { run: 'bin/migrate', phase: 'contract' } },
      services: [
        { fleet: { stop: 'bin/stop', install: 'bin/install' }, name: 'web' },
        { fleet: { install: 'bin/install' }, name: '2' },
      ],
    },
  })
})

test('an environment changes nothing of it, a step does', () => {
  const digest = (text: string) => recipeDigest(read(text).content)
  expect(digest(config.replace('class: production', 'class: staging'))).toBe(digest(config))
  expect(digest(config.replace('bin/migrate', 'bin/other'))).not.toBe(digest(config))
})

test('a config without most of it has standards', () => {
  expect(read('version: 1')).toMatchObject({
    baseVersion: null,
    schema: null,
    largeChange: 50,
    compatible: true,
    migrations: [],
  })
})

test('a mistake in it is found before it is frozen MM-04', () => {
  expect(() => read(config.replace('bin/migrate,', 'bin/migrate, pase: expand,'))).toThrow(/pase/)
  expect(() => read(config.replace('large-change: 7', 'large-change: 0'))).toThrow(/large-change/)
})
