import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Fleet } from '../../src/domain/config/fleet.ts'
import type { Chosen } from '../../src/domain/config/place.ts'
import { failureWhere, runWhere } from '../../src/pipeline/run/where.ts'
import { command } from '../contracts/shell.contract.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { createFakeShell } from '../fakes/fake-shell.ts'
import { createFakeVoice } from '../fakes/fake-voice.ts'
import { createMemoryEngines } from '../fakes/memory-engine.ts'
import { missingParts } from './bed/parts.ts'
import { openControlSide } from './bed/ssh-control.ts'
import { fleetOf, hostNamed } from './bed/ssh-recipe.ts'
import { type SshdFarm, startSshd } from './bed/sshd.ts'

describe.skipIf(missingParts('sshd') !== null)('a command of a step on real hosts', () => {
  let farm: SshdFarm
  beforeAll(async () => {
    farm = await startSshd({ hosts: 2 })
  })
  afterAll(() => farm.close())

  function ran(run: string, instances: Chosen) {
    const control = openControlSide()
    onTestFinished(() => control.close())
    const clock = createFakeClock()
    const signal = new AbortController().signal
    const fleet = (recipe: Fleet) => {
      if (recipe.kind !== 'ssh') throw new Error('these hosts are reached over ssh')
      return control.fleets.fleet(recipe)
    }
    const engine = createMemoryEngines(clock).of
    const ports = { shell: createFakeShell(clock), voice: createFakeVoice(), clock, fleet, engine }
    // Two roles whose hosts are the same: the migration runs once, on the first host of one of them.
    const fleets = [
      { service: 'web', fleet: fleetOf(farm) },
      { service: 'worker', fleet: fleetOf(farm, { instances: [hostNamed('web-2')] }) },
    ]
    const on = { kind: 'instances', service: 'web', instances } as const
    const order = { command: { ...command(run), on }, seen: { ROLLGATE_RELEASE: 'v2', REGION: 'EU' } }
    return runWhere({ ports, stop: { asked: signal, forced: signal }, plan: { fleets, engines: [] } }, order)
  }
  const noted = (at: number) => {
    try {
      return readFileSync(join(farm.hosts[at]?.home ?? '', 'noted'), 'utf8').trim()
    } catch {
      return null
    }
  }

  test('runs once on one, and on each of all, with the variables of the deployment', async () => {
    const migrate = 'echo "$ROLLGATE_RELEASE $REGION $ROLLGATE_SERVICE $ROLLGATE_INSTANCE" >noted'
    expect(failureWhere('migrate', await ran(migrate, { kind: 'one' }))).toBeNull()
    expect([noted(0), noted(1)]).toEqual(['v2 EU web web-1', null])
    expect(failureWhere('migrate', await ran(migrate, { kind: 'all' }))).toBeNull()
    expect([noted(0), noted(1)]).toEqual(['v2 EU web web-1', 'v2 EU web web-2'])
  })

  test('names the one host that fails', async () => {
    const end = await ran('[ "$ROLLGATE_INSTANCE" = web-1 ] || exit 7', { kind: 'all' })
    expect(failureWhere('quiet', end)).toMatchObject({ what: 'quiet on web-2 exited with 7.' })
  })
})
