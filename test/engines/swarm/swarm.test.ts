import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineControl } from '../../../src/pipeline/ports.ts'
import { listener } from '../../contracts/shell.contract.ts'
import type { AppKind } from '../images/images.ts'
import { missingForEngines } from '../needs.ts'
import { look, roll } from '../rolling.ts'
import { type Daemon, startDaemon } from './bed/daemon.ts'
import { controlOf, recipeOf, swarmNeeds } from './bed/services.ts'
import { openDoor } from './bed/shop.ts'

const missing = missingForEngines(...swarmNeeds)

describe.skipIf(missing !== null)('a service of a real swarm', () => {
  let daemon: Daemon

  beforeAll(async () => {
    daemon = await startDaemon()
  })
  afterAll(() => daemon?.close())

  const control = (service: string): EngineControl => controlOf(daemon, recipeOf(service, 6))

  const image = (kind: AppKind) => ({ web: daemon.image(kind) })

  const setting = (service: string, format: string) =>
    daemon.docker('service', 'inspect', '--format', format, service)

  test('is made, updated start-first under load, and goes back twice without a toggle', async () => {
    const web = control('web')
    expect((await web.state({}, new AbortController().signal)).kind).toBe('absent')
    expect((await roll(web, image('v1'))).verdict).toEqual({ kind: 'done' })

    const door = await openDoor(daemon, 'web')
    const load = door.load()
    const rolled = await roll(web, image('v2'))
    const told = await load.stop()
    await door.close()
    expect(rolled.verdict).toEqual({ kind: 'done' })
    expect(rolled.last.replicas).toEqual({ wanted: 6, updated: 6, ready: 6, old: 0 })
    console.log('swarm v1 -> v2 under load', told)
    expect(told.failed).toBe(0)
    expect(Object.keys(told.versions).sort()).toEqual(['v1', 'v2'])

    expect(await setting('web', '{{.Spec.UpdateConfig.FailureAction}}')).toBe('pause')
    expect(await web.rest?.({}, listener())).toBeNull()
    expect(await setting('web', '{{.Spec.UpdateConfig.FailureAction}} {{.Spec.Labels}}')).toBe(
      'rollback map[]',
    )
    expect((await look(web)).phase).toBe('settled')

    for (const _ of ['once', 'twice']) {
      expect((await roll(web, image('v1'), 'old')).verdict).toEqual({ kind: 'done' })
      expect(await setting('web', '{{.Spec.TaskTemplate.ContainerSpec.Image}}')).toBe(daemon.image('v1'))
    }
  })

  test.each([
    ['never gets ready', 'neverReady', 'health check'],
    ['crashes', 'crash', 'exit (1)'],
  ] as const)(
    'that %s is paused with the reason, keeps its old replicas, and can be taken back',
    async (_, kind, reason) => {
      const name = `bad-${kind.toLowerCase()}`
      const web = control(name)
      expect((await roll(web, image('v1'))).verdict).toEqual({ kind: 'done' })
      const rolled = await roll(web, image(kind))
      expect(['failed', 'stuck']).toContain(rolled.verdict.kind)
      const seen = await look(web)
      console.log(kind, JSON.stringify(rolled, null, 1))
      expect(seen.replicas.old).toBe(6)
      expect(rolled.last.troubles[0]?.message).toContain(reason)
      if (kind === 'crash')
        expect(rolled.last.troubles[0]?.tail).toContain('no setting DATABASE_URL: giving up')

      const retried = await roll(web, image(kind))
      expect(['failed', 'stuck']).toContain(retried.verdict.kind)
      expect((await look(web)).replicas.old).toBe(6)

      expect((await roll(web, image('v1'), 'old')).verdict).toEqual({ kind: 'done' })
      await web.rest?.({}, listener())
      expect((await look(web)).phase).toBe('settled')
    },
  )
})
