import { describe, expect, test } from 'vitest'
import { readBoth } from './config.fixture.ts'

/** A config whose services, or whose containers, have the names of keys. */
const config = (parts: { detour?: string; services?: string; over: string }) => `version: 1
app: shop
environments: { production: { class: production, ${parts.over} } }
services:
  run: { fleet: { local: { instances: [run-1] }, install: bin/install }, rollout: { accept-downtime: true } }
  http: { fleet: { local: { instances: [http-1] }, install: bin/install }, rollout: { accept-downtime: true } }
${parts.services ?? ''}
steps:
  migrate: { run: bin/migrate, phase: expand }
${parts.detour ?? ''}`

const one = (name: string) =>
  `${name}: { fleet: { local: { instances: [${name}-2] }, install: bin/install } }`

describe('a name that a team chose is none of the keys that exclude each other', () => {
  test('an environment that changes the service `http` of a stand-in keeps `run`', () => {
    const detour = `  detour:
    clone:
      database: { sqlite: { home: /srv/shop.db, stand-in: /srv/aside.db } }
      door: { command: { observe: bin/door, point: bin/point } }
      services: { ${one('run')}, ${one('http')} }`
    const over = 'detour: { clone: { services: { http: { fleet: { start: bin/other } } } } }'
    expect(readBoth(config({ detour, over })).recipe.steps.detour).toMatchObject({
      services: [
        { name: 'run', fleet: { start: null } },
        { name: 'http', fleet: { start: { run: 'bin/other' }, instances: [{ name: 'http-2' }] } },
      ],
    })
  })

  test('an environment that changes the container `statefulset` keeps `deployment`', () => {
    const image = (tag: string) => `"ghcr.io/acme/${tag}@$DIGEST"`
    const services = `  api: { engine: { kubernetes: { deployment: api, namespace: shop, images: { deployment: ${image('a')}, statefulset: ${image('b')} } } } }`
    const over = `services: { api: { engine: { kubernetes: { images: { statefulset: ${image('c')} } } } } }`
    expect(readBoth(config({ services, over })).recipe.services.at(-1)).toMatchObject({
      engine: { images: { deployment: 'ghcr.io/acme/a@$DIGEST', statefulset: 'ghcr.io/acme/c@$DIGEST' } },
    })
  })

  test('an environment that changes the variable `run` of a slot keeps `http`', () => {
    const services = `  web: { fleet: { local: { instances: [web-1] }, install: bin/install, start: bin/start, stop: bin/stop, slots: { a: { http: "1", run: "2" }, b: {} } }, version: { run: bin/version }, traffic: { command: { leave: bin/leave, enter: bin/enter, serving: { run: bin/serving } } }, rollout: { order: start-first } }`
    const over = 'services: { web: { fleet: { slots: { a: { run: "3" } } } } }'
    expect(readBoth(config({ services, over })).recipe.services.at(-1)).toMatchObject({
      rollout: { order: { slots: { a: { http: '1', run: '3' } } } },
    })
  })
})
