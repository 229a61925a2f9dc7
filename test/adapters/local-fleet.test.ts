import { expect, test } from 'vitest'
import { createLocalFleet } from '../../src/adapters/local-fleet.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { createFakeProber } from '../fakes/fake-prober.ts'
import { realShell } from './real-shell.ts'

const web1 = { name: 'web-1', env: { PORT: '8081', ROLLGATE_RELEASE: 'of the instance' } }

test("a command sees its instance's variables, and those of the deployment win", async () => {
  const { shell } = realShell()
  const watch = listener()
  const asked = command('echo "$PORT $ROLLGATE_RELEASE"')
  await createLocalFleet(
    { prepare: null },
    { shell, prober: createFakeProber(createFakeClock()), home: '/' },
  ).run(web1, asked, { ROLLGATE_RELEASE: '2026.1.4' }, watch)
  expect(watch.lines).toEqual(['8081 2026.1.4'])
})

test('a child of a command does not carry the mark by which the runner ends leftovers', async () => {
  const { shell } = realShell({ RUNNER_TRACKING_ID: 'github_1234' })
  const watch = listener()
  await createLocalFleet(
    { prepare: null },
    { shell, prober: createFakeProber(createFakeClock()), home: '/' },
  ).run(web1, command('echo "<$RUNNER_TRACKING_ID>"'), {}, watch)
  expect(watch.lines).toEqual(['<>'])
})
