import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createDepot } from '../../src/adapters/depot.ts'
import { found } from '../../src/domain/reading.ts'
import type { Ports } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { openSession } from '../../src/pipeline/run/session.ts'
import { resumed } from '../domain/a-journal.ts'
import {
  aCommand,
  aLedgerServing,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import { type InMemory, inMemory, opened } from '../pipeline/in-memory.ts'
import { openControlSide } from '../real/bed/ssh-control.ts'
import { scratch } from './real-shell.ts'

const install = 'test ! -e broken && cp "$ROLLGATE_ARTIFACT" installed && echo "$ROLLGATE_RELEASE" >RELEASE'
const fleet = anSshFleet(['web-1', 'web-2'], { upload: 'build/shop.tar', install: aCommand(install) })
const service = aService(
  'web',
  2,
  {},
  {
    fleet,
    version: { kind: 'run', command: aCommand('cat RELEASE') },
    healthCheck: null,
    selfTest: null,
  },
)
const plan = aPlan({
  policy: aPolicy({ approval: { kind: 'none' } }),
  recipe: aRecipe({
    steps: { ...noSteps, build: { command: aCommand('build'), unless: null } },
    services: [service],
  }),
  ledger: { ...aLedgerServing(older), serving: null },
})

/** Hosts that are folders here: each login has the shell of this machine, with the folder of that name as home. */
function someHosts() {
  const hosts = scratch()
  for (const name of ['bin', 'web-1', 'web-2']) mkdirSync(join(hosts, name))
  const ssh = join(hosts, 'bin', 'ssh')
  writeFileSync(
    ssh,
    `#!/bin/sh\nfor last; do :; done\nhost=$(echo "$*" | grep -o 'web-[12]' | head -n 1)\ncd ${hosts}/$host\nHOME=$PWD exec sh -c "$last"\n`,
  )
  chmodSync(ssh, 0o755)
  const file = (host: string, name: string) => join(hosts, host, name)
  return {
    path: `${join(hosts, 'bin')}:${process.env.PATH}`,
    file,
    read: (host: string, name: string) => readFileSync(file(host, name), 'utf8'),
  }
}

/** The ports of a run with a checkout of its own, in which `build` writes this. */
function aRunIn(memory: InMemory, path: string, builds: string): Ports {
  const control = openControlSide({ env: { PATH: path } })
  onTestFinished(() => control.close())
  memory.shell.play('build', () => {
    mkdirSync(join(control.checkout, 'build'), { recursive: true })
    writeFileSync(join(control.checkout, 'build', 'shop.tar'), builds)
    return {}
  })
  return {
    ...memory.ports,
    clock: createClock(),
    fleet: () => control.fleets.fleet(fleet),
    depot: createDepot({ cwd: control.checkout, temp: scratch() }),
    workspace: { ...memory.ports.workspace, checkout: async () => found('.') },
  }
}

test('a decision in a fresh checkout brings the bytes that the first host got, though the build gives others F17', async () => {
  const memory = inMemory()
  const hosts = someHosts()
  writeFileSync(hosts.file('web-2', 'broken'), '')
  const first = aRunIn(memory, hosts.path, 'built at noon')
  const asked = await execute({ ...(await opened(memory, plan, { serving: null })), ports: first })
  expect(asked).toMatchObject({ kind: 'waiting', pause: { instances: ['web-2'] } })
  expect(hosts.read('web-1', 'installed')).toBe('built at noon')

  const later = aRunIn(memory, hosts.path, 'built at one')
  const kept = await memory.ledgers.read('shop', 'production')
  const session = openSession(kept, later)
  const answer = { pause: '7.1', decision: 'retry', instances: [], by: 'rhea', reason: '' } as const
  session.note({ kind: 'decided', ...answer })
  session.note(resumed)
  rmSync(hosts.file('web-2', 'broken'))
  rmSync(hosts.file('web-2', '.rollgate'), { recursive: true })
  expect(await execute({ ports: later, plan, session, stop: memory.stop })).toMatchObject({
    outcome: { kind: 'succeeded' },
  })
  expect(hosts.read('web-2', 'installed')).toBe('built at noon')
})
