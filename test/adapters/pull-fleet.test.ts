import { expect, test } from 'vitest'
import { createPullFleet } from '../../src/adapters/pull-fleet.ts'
import type { PullFleet } from '../../src/domain/config/fleet.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { createFakeProber } from '../fakes/fake-prober.ts'
import { realShell } from './real-shell.ts'

const web1 = { name: 'web-1', host: '10.0.0.1', env: { PORT: '8081' } }

const recipe: PullFleet = {
  kind: 'pull',
  instances: [web1],
  interval: 60_000,
  intervals: 3,
  status: null,
  prepare: null,
  stop: null,
  install: null,
  start: null,
}

const variables = { ROLLGATE_INSTANCE: 'web-1', ROLLGATE_RELEASE: 'v1' }

test('a command about an instance that pulls runs on the runner, with the variables of that instance', async () => {
  const { shell } = realShell()
  const prober = createFakeProber(createFakeClock())
  const watch = listener()
  const asked = command('echo "$ROLLGATE_HOST $PORT $ROLLGATE_RELEASE"')
  const fleet = createPullFleet(recipe, { shell, prober })
  expect(await fleet.run(web1, asked, variables, watch)).toMatchObject({ kind: 'exited', code: 0 })
  expect(watch.lines).toEqual(['10.0.0.1 8081 v1'])
})

test('no folder can be made on an instance that pulls, and the failure says so', async () => {
  const { shell } = realShell()
  const fleet = createPullFleet(recipe, { shell, prober: createFakeProber(createFakeClock()) })
  const watch = listener()
  expect(await fleet.folders.begin(web1, variables, watch)).toMatchObject({ code: 'host-unreachable' })
  expect(await fleet.folders.finish(web1, variables, null, watch)).toMatchObject({ code: 'host-unreachable' })
  expect(await fleet.folders.clear(web1, variables, [], watch)).toMatchObject({ code: 'host-unreachable' })
})
