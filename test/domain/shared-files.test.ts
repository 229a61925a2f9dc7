import { describe, expect, test } from 'vitest'
import type { SshFleet } from '../../src/domain/config/fleet.ts'
import type { Service } from '../../src/domain/config/service.ts'
import { backOrder } from '../../src/domain/config/shared-files.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { next } from '../../src/domain/journal/next.ts'
import { aJournal, answered, broke, changed, seen, started, succeeded, taken, upTo } from './a-journal.ts'
import { aCommand, anSshFleet, aPlan, aRecipe, aService, newer, older } from './a-plan.ts'

const onHosts = (
  name: string,
  hosts: readonly string[],
  fleet: Partial<SshFleet>,
  change: Partial<Service> = {},
) => aService(name, hosts.length, {}, { fleet: anSshFleet(hosts, fleet), ...change })
const bringsFiles = onHosts('fetch', ['app-1', 'app-2'], {}, { healthCheck: null, selfTest: null })
const restarts = (hosts: readonly string[]) =>
  onHosts('web', hosts, { stop: aCommand('stop'), install: null, start: aCommand('start') })
const warnings = (...services: readonly Service[]) =>
  aPlan({ recipe: aRecipe({ services }) }).warnings.join(' ')

const shares = 'web shares hosts with fetch, which only brings files'

test('a service on the hosts of one before it that only brings files is warned of F10', () => {
  expect(warnings(bringsFiles, restarts(['app-1', 'app-2']))).toContain(shares)
})

test.each<[string, Service[]]>([
  ['the other hosts are its own', [bringsFiles, restarts(['app-3', 'app-4'])]],
  ['it comes first', [restarts(['app-1', 'app-2']), bringsFiles]],
  [
    'the one before it starts what it brings',
    [{ ...bringsFiles, fleet: anSshFleet(['app-1'], { start: aCommand('start') }) }, restarts(['app-1'])],
  ],
])('it is not where %s F10', (_title, services) => {
  expect(warnings(...services)).not.toContain(shares)
})

describe('going back', () => {
  const web = restarts(['app-1', 'app-2'])
  const other = onHosts('mail', ['app-9'], { start: aCommand('start') })
  const named = (...services: Service[]) =>
    backOrder(services.map((service) => ({ service }))).map(({ service }) => service.name)

  test('brings the files before the services on their hosts start again, and takes the rest last first F10', () => {
    expect(named(bringsFiles, web, other)).toEqual(['fetch', 'mail', 'web'])
    expect(named(other, bringsFiles, web)).toEqual(['fetch', 'web', 'mail'])
    expect(named(bringsFiles, other)).toEqual(['mail', 'fetch'])
    expect(named(web, bringsFiles)).toEqual(['fetch', 'web'])
  })

  test('a deployment takes the files back first, and then what was started on them F10', () => {
    const plan = aPlan({ recipe: aRecipe({ services: [bringsFiles, web] }) })
    const [fetch, roll] = ['roll-services/fetch', 'roll-services/web']
    const hosts = { 'app-1': older.tag, 'app-2': older.tag }
    const forward = [
      ...upTo(plan, 'roll-services'),
      ...[started(fetch), seen(fetch, hosts), taken(fetch, 'app-1'), changed(fetch, 'app-1')],
      ...[taken(fetch, 'app-2'), changed(fetch, 'app-2'), succeeded(fetch)],
      ...[started(roll), seen(roll, hosts), taken(roll, 'app-1'), broke(roll, 'app-1')],
    ]
    const turned = answered(plan, forward, 'roll-back')
    expect(next(plan, aJournal(...turned))).toMatchObject({ kind: 'observe', step: { id: fetch } })
    const restored: Happening[] = [
      ...turned,
      { kind: 'undo-started', step: fetch },
      seen(fetch, { 'app-1': newer.tag, 'app-2': newer.tag }),
      ...['app-1', 'app-2'].flatMap((name) => [taken(fetch, name), changed(fetch, name)]),
      { kind: 'undo-succeeded', step: fetch },
    ]
    expect(next(plan, aJournal(...restored))).toMatchObject({ kind: 'observe', step: { id: roll } })
  })
})

test('a version by a command is warned of where nothing stops the process before its install F10', () => {
  const words = 'that must ask the running process'
  const inPlace = (change: Partial<Service>) => onHosts('web', ['app-1', 'app-2'], { stop: null }, change)
  expect(warnings(inPlace({}))).toContain(words)
  expect(
    warnings(inPlace({ version: { kind: 'http', url: 'http://h/version', timeout: 1_000 } })),
  ).not.toContain(words)
  expect(warnings(restarts(['app-1', 'app-2']))).not.toContain(words)
})
