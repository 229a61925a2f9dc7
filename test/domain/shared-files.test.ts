import { expect, test } from 'vitest'
import type { Service, SshFleet } from '../../src/domain/config/config.ts'
import { aCommand, anSshFleet, aPlan, aRecipe, aService } from './a-plan.ts'

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

test('a version by a command is warned of where nothing stops the process before its install F10', () => {
  const words = 'that must ask the running process'
  const inPlace = (change: Partial<Service>) => onHosts('web', ['app-1', 'app-2'], { stop: null }, change)
  expect(warnings(inPlace({}))).toContain(words)
  expect(
    warnings(inPlace({ version: { kind: 'http', url: 'http://h/version', timeout: 1_000 } })),
  ).not.toContain(words)
  expect(warnings(restarts(['app-1', 'app-2']))).not.toContain(words)
})
