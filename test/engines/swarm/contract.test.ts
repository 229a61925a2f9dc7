import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { engineContract } from '../../contracts/engine.contract.ts'
import { command } from '../../contracts/shell.contract.ts'
import { missingForEngines } from '../needs.ts'
import { type Daemon, startDaemon } from './bed/daemon.ts'
import { controlOf, recipeOf, swarmNeeds } from './bed/services.ts'

describe.skipIf(missingForEngines(...swarmNeeds) !== null)('Docker Swarm', () => {
  let daemon: Daemon
  let count = 0
  beforeAll(async () => {
    daemon = await startDaemon()
  })
  afterAll(() => daemon?.close())

  engineContract('a service of a swarm', async () => {
    count += 1
    const service = `web-${count}`
    const socket = join(daemon.folder, 'docker.sock')
    onTestFinished(async () => {
      // Most tests make it; one has no service, and needs none.
      await daemon.docker('service', 'rm', service).catch(() => {})
    })
    return {
      control: controlOf(daemon, recipeOf(service, 2)),
      clock: createClock(),
      variables: { ROLLGATE_SERVICE: 'web' },
      exists: false,
      first: { web: daemon.image('v1') },
      second: { web: daemon.image('v2') },
      broken: { web: daemon.image('crash') },
      commands: {
        good: command('app exit 0', { shell: 'sh', timeout: 60_000 }),
        three: command('app exit 3', { shell: 'sh', timeout: 60_000 }),
      },
      async silence() {
        renameSync(socket, `${socket}.away`)
        onTestFinished(() => renameSync(`${socket}.away`, socket))
      },
      patience: 90_000,
    }
  })
})
