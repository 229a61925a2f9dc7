import { expect, test } from 'vitest'
import { execute } from '../../src/pipeline/run/execute.ts'
import { statusResult } from '../../src/report/status/output.ts'
import { statusSummary } from '../../src/report/status/summary.ts'
import { aCommand, newer, older } from '../domain/a-plan.ts'
import { environment, view } from '../report/status-scenario.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, opened } from './in-memory.ts'
import { answered } from './later-run.ts'

const looked = async ({ memory }: DetourWorld) =>
  statusResult({
    ...view(environment('production', await keptLedger(memory))),
    now: memory.ports.clock.now().toISOString(),
  }).environments[0]

test('status tells of a deployment that waits in a detour all that a person asks of it SD-45', async () => {
  const world = aDetourWorld()
  await execute(await opened(world.memory, steppingAside({ mode: 'read-write', acceptDataLoss: true })))
  expect(await looked(world)).toMatchObject({
    state: 'waiting',
    pause: { gate: 'inspect', options: ['complete', 'revert', 'revert-code', 'abandon'] },
    detour: { id: 'shop-production-7', state: 'open', mode: 'read-write' },
    deployment: {
      ...{ number: 7, release: { tag: newer.tag }, asked: ['detour'] },
      ...{ by: ['alice'], started: expect.stringMatching(/^2026-/) },
      progress: { direction: 'forward', percent: expect.any(Number), step: 'inspect' },
      links: [`https://home.example/?release=${newer.tag}`],
      warnings: expect.arrayContaining([expect.stringContaining('A read-write detour')]),
      failures: [],
    },
  })
})

test('status names the instances that are stuck behind an abandoned detour, and how to close it SD-37', async () => {
  const world = aDetourWorld()
  const { memory } = world
  memory.shell.play('start', ({ variables }) =>
    variables.ROLLGATE_INSTANCE === 'web-2' ? { ends: { kind: 'exited', code: 3 } } : {},
  )
  await execute(await opened(memory, steppingAside()))
  expect((await looked(world))?.deployment?.failures).toMatchObject([
    { step: 'roll-services/web', instance: 'web-2' },
  ])
  await answered(memory, 'abandon')
  expect(await looked(world)).toMatchObject({
    detour: { id: 'shop-production-7' },
    unfinished: [{ service: 'web', instance: 'web-2', deployment: 7, 'out-of-traffic': expect.any(Boolean) }],
  })
  const page = statusSummary(view(environment('production', await keptLedger(memory))))
  expect(page).toMatch(/\| stuck \| web\/web-2 was left unfinished by deployment 7/)
})

test('status lists what has failed of the deployment, and how the last ones ended SD-45', async () => {
  const world = aDetourWorld()
  const { memory } = world
  memory.shell.play('migrate', { ends: { kind: 'exited', code: 3 } })
  await execute(
    await opened(
      memory,
      steppingAside({}, { migrate: { command: aCommand('migrate'), phase: 'contract', repeatable: true } }),
    ),
  )
  expect((await looked(world))?.deployment?.failures).toEqual([
    {
      step: 'migrate',
      instance: null,
      code: 'command-failed',
      what: expect.stringContaining('exited with 3'),
    },
  ])
  await answered(memory, 'revert')
  expect(await looked(world)).toMatchObject({
    ...{ state: 'idle', deployment: null, detour: null },
    serving: { tag: older.tag },
    history: [
      {
        ...{
          number: 7,
          mode: 'deploy',
          outcome: 'rolled-back',
          reason: expect.stringContaining('exited with 3'),
        },
        ...{ started: expect.stringMatching(/^2026-/), ended: expect.stringMatching(/^2026-/) },
      },
    ],
  })
})
