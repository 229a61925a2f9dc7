import { describe, expect, test } from 'vitest'
import { describeConfig } from '../../src/inputs/config/describe.ts'
import { placesOfKeys } from '../../src/inputs/config/wording.ts'
import { findingsOf, readBoth } from './config.fixture.ts'

const fleet = 'fleet: { local: { instances: [web-1, web-2] }, install: a, start: b, stop: c }'

/** A config with one environment and one service, whose parts are as a newcomer writes them. */
const config = ({ web = fleet, top = '', environment = '' }) =>
  `version: 1
environments:
  production: { class: production${environment} }
${top}services:
  web: { ${web} }
`

const image = 'image: "ghcr.io/acme/shop@$DIGEST"'
const door = 'door: { command: { observe: a, point: b } }'
const detour = (what: string) => ({ top: `steps: { detour: { ${what} } }\n` })
const verify = (what: string) => ({ top: `steps: { verify: { ${what} } }\n` })

describe('a mistake of a newcomer is one finding that says what to do', () => {
  test.each([
    [
      { web: `engine: { kubernets: { deployment: web, ${image} } }` },
      /unknown key `kubernets`; did you mean `kubernetes`/,
    ],
    [
      { web: `engine: { swarm: { service: x, ${image} } }, rollout: { max-parallel: 2 }` },
      /is of a fleet.*keep one/,
    ],
    [
      { web: `engine: { swarm: { service: x, ${image} }, min-healthy-time: 20m }` },
      /must be shorter than `deadline`/,
    ],
    [{ web: 'fleet: { pull: { instances: [web-1] } }' }, /`version` is missing: where hosts pull/],
    [
      { web: 'fleet: { pull: { instances: [web-1], interval: 60 } }, version: { run: v }' },
      /write a unit, like 60s/,
    ],
    [
      { web: 'fleet: { pull: { instances: [web-1], interval: 10m } }, version: { run: v }' },
      /`rollout.progress-deadline` must be longer than `fleet.pull.interval` times/,
    ],
    [{ environment: ', halt: {}' }, /reads nothing: add `issues`, `run` or `http`/],
    [{ environment: ', halt: { issues: { label: [x] } }' }, /unknown key `label`; did you mean `labels`/],
    [verify('bake: 10'), /expected a duration like 10m/],
    [verify('bake: { for: 10m, on: cron }'), /expected `clock` or `run`/],
    [{ top: 'steps: { bake: 10m }\n' }, /unknown key `bake` here: it stands in `steps.verify`/],
    [
      { top: 'steps: { prepare: bin/x }\n' },
      /unknown key `prepare` here: it stands in `services.<name>.fleet`/,
    ],
    [{ top: 'steps: { slack: bin/slack }\n' }, /A step of your own is a hook, in `steps.hooks`/],
    [{ top: 'halt: { run: bin/x }\n' }, /unknown key `halt` here: it stands in `environments.<name>`/],
    [{ web: `${fleet}, batches: [1]` }, /unknown key `batches` here: it stands in `services.<name>.rollout`/],
    [detour(''), /needs `clone` or `blue-green`/],
    [
      detour(`blue-green: { database: none, ${door}, services: {} }`),
      /names no service, so that nothing could serve/,
    ],
    [{ web: 'engine: { kubernetes: { deployment: "web, namespace: shop } }' }, /quot/],
  ])('%o', (written, words) => {
    const findings = findingsOf(() => readBoth(config(written)))
    expect(findings).toEqual([expect.stringMatching(words)])
    expect(findings[0]).toMatch(/^\d+:\d+ /)
  })
})

test('an address with a login in it is shown without the login, which would stand in the log', () => {
  const home = 'home: "postgres://shop:p4ss/w0rd@db/shop"'
  const database = `database: { postgres: { ${home}, stand-in: { data: /d, host: h, port: 5432 } } }`
  const services = 'services: { web: { fleet: { local: { instances: [g-1] } } } }'
  const said = findingsOf(() =>
    readBoth(config(detour(`clone: { ${database}, ${door}, ${services} }`))),
  ).join('\n')
  expect(said).toContain('expected the name of a variable')
  expect(said).not.toMatch(/p4ss|w0rd/)
})

test('every key that is said to stand elsewhere does', () => {
  const known = describeConfig().flatMap(({ name, keys }) =>
    keys.map(({ path }) => (name === 'service' ? `services.<name>.${path}` : path)),
  )
  for (const [key, place] of placesOfKeys) expect(known).toContain(`${place}.${key}`)
})
