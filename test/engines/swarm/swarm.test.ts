import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingForEngines } from '../needs.ts'
import { look, roll } from '../rolling.ts'
import { type Daemon, startDaemon } from './bed/daemon.ts'
import { controlOf, recipeOf, swarmNeeds } from './bed/services.ts'

describe.skipIf(missingForEngines(...swarmNeeds) !== null)('a paused update of a real swarm', () => {
  let daemon: Daemon

  beforeAll(async () => {
    daemon = await startDaemon()
  })
  afterAll(() => daemon?.close())

  test('is tried once more without an old replica taken away, and can be taken back', async () => {
    const web = controlOf(daemon, recipeOf('web', 4))
    const [good, bad] = [{ web: daemon.image('v1') }, { web: daemon.image('crash') }]
    expect((await roll(web, good)).verdict).toEqual({ kind: 'done' })
    for (const _try of ['first', 'second']) {
      const { verdict, last } = await roll(web, bad)
      expect(['failed', 'stuck']).toContain(verdict.kind)
      expect(last.troubles[0]?.tail).toContain('no setting DATABASE_URL: giving up')
      expect((await look(web)).replicas.old).toBe(4)
    }
    expect((await roll(web, good, 'old')).verdict).toEqual({ kind: 'done' })
  })
})
