import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { sealPlan } from '../../src/domain/plan/seal.ts'
import type { RecordState, RecordStore, Status } from '../../src/pipeline/ports.ts'

/** A record as GitHub shows it. */
export interface ShownRecord {
  readonly id: number
  readonly sha: string
  readonly task: string
  readonly environment: string
  readonly production: boolean
  readonly payload: unknown
  readonly description: string
  /** Oldest first; an address that was not given is empty. */
  readonly statuses: readonly {
    readonly state: string
    readonly description: string
    readonly environmentUrl: string
    readonly logUrl: string
  }[]
}

export interface RecordSetting {
  readonly records: RecordStore
  /** A commit that a plan may name. */
  readonly sha: string
  /** Oldest first. */
  shown(): readonly ShownRecord[]
  close(): Promise<void>
}

const run = 'https://github.com/acme/shop/actions/runs/77'

const anew = { mayExist: false } as const

const says = (state: RecordState, description: string): Status => ({
  state,
  description,
  run,
  url: 'https://stage.example.com',
})

const staging = {
  name: 'staging',
  class: 'staging',
  url: null,
  logs: null,
  unanswered: null,
  issues: null,
  halt: null,
  env: {},
  notify: [],
  waves: [],
} as const

/** A small plan that deploys v1.2.0 over v1.1.0. */
export function contractPlan(sha: string, change: Partial<Omit<Plan, 'digest'>> = {}): Plan {
  const release = { tag: 'v1.2.0', sha, baseVersion: '2026.1', schemaVersion: '7' }
  return sealPlan({
    schema: 1,
    app: 'shop',
    environment: {
      name: 'production',
      class: 'production',
      url: 'https://shop.example.com',
      logs: null,
      unanswered: null,
      issues: null,
      halt: null,
      env: {},
      notify: [],
      waves: [],
    },
    mode: 'deploy',
    release,
    snapshot: null,
    from: { ...release, tag: 'v1.1.0', sha: 'b'.repeat(40) },
    relation: 'ahead',
    commits: 3,
    steps: [{ kind: 'record-version', id: 'record-version' }],
    omitted: [],
    warnings: [],
    refusals: [],
    wayBack: null,
    unsafe: null,
    older: null,
    baseChange: null,
    guard: null,
    overridden: null,
    overriddenHalt: null,
    verification: null,
    rehearsal: null,
    supersedes: null,
    pinned: [],
    schedule: null,
    files: null,
    manifests: [],
    requiresVariables: [],
    vars: [],
    fleets: [],
    engines: [],
    slowAfter: 1_800_000,
    shownAs: null,
    ...change,
  })
}

export function recordContract(name: string, open: () => Promise<RecordSetting>): void {
  describe(`the record contract, by ${name}`, () => {
    let setting: RecordSetting
    beforeAll(async () => {
      setting = await open()
    })
    afterAll(() => setting.close())

    const shown = (id: number) => setting.shown().find((record) => record.id === id)
    const planFor = (environment: string, change: Partial<Omit<Plan, 'digest'>> = {}) =>
      contractPlan(setting.sha, {
        environment: { ...staging, name: environment },
        ...change,
      })

    test('a record names the commit, the environment and where it came from', async () => {
      const plan = contractPlan(setting.sha)
      const id = await setting.records.open(plan, 12, run, anew)
      expect(shown(id)).toEqual({
        id,
        sha: setting.sha,
        task: 'deploy',
        environment: 'production',
        production: true,
        description: 'deploy v1.2.0',
        payload: {
          schema: 1,
          app: 'shop',
          deployment: 12,
          release: 'v1.2.0',
          mode: 'deploy',
          previous: 'v1.1.0',
          'plan-digest': plan.digest,
          run,
        },
        statuses: [],
      })
    })

    test('warnings stand in the description, and an older release in the payload CC-07 CC-34 F36', async () => {
      const seen: string[] = []
      const warned = { warnings: ['v1.2.0 is older. '.repeat(12), 'Nobody approves.'], older: 'v1.3.0' }
      const id = await setting.records.open(planFor('warned', warned), 1, run, anew)
      seen.push(shown(id)?.description ?? '')
      const plainly = await setting.records.open(planFor('plain'), 1, run, anew)
      seen.push(shown(plainly)?.description ?? '')
      expect(seen).toEqual([
        expect.stringMatching(/^deploy v1\.2\.0, 2 warnings: v1\.2\.0 is older\. .*…$/),
        'deploy v1.2.0',
      ])
      expect(seen[0]).toHaveLength(140)
      expect(shown(id)?.payload).toMatchObject({ older: 'v1.3.0', warnings: warned.warnings })
      expect(shown(plainly)?.payload).not.toHaveProperty('warnings')
    })

    test('the record of a scheduled deployment says when it should have begun, when it did, and how late CC-16', async () => {
      const at = { at: '2026-12-01T08:00:00.000Z', local: '2026-12-01 09:00 Europe/Berlin' }
      const schedule = { id: 's3', at, by: 'rhea', reason: 'the campaign begins' }
      const startedAt = '2026-12-01T08:03:20.000Z'
      const id = await setting.records.open(planFor('scheduled', { schedule }), 1, run, {
        ...anew,
        startedAt,
      })
      expect(shown(id)?.payload).toMatchObject({
        schedule: { id: 's3', planned: at.at, started: startedAt, late: 200 },
      })
    })

    test('the record says where the logs of the environment are, where that is known MM-16', async () => {
      const environment = { ...staging, name: 'logged' } as const
      const logs = 'https://logs.example.com/shop'
      const id = await setting.records.open(
        planFor('', { environment: { ...environment, logs } }),
        1,
        run,
        anew,
      )
      expect(shown(id)?.payload).toMatchObject({ logs })
    })

    test('only the class makes an environment a production one, not its name', async () => {
      const environment = { ...staging, name: 'production-like', class: 'production' } as const
      const ids = [
        await setting.records.open(planFor('x', { environment }), 1, run, anew),
        await setting.records.open(planFor('production', { mode: 'rollback' }), 2, run, anew),
      ]
      expect(ids.map((id) => shown(id)?.production)).toEqual([true, false])
    })

    test('opening the record of a deployment again finds it, from another run too', async () => {
      const plan = planFor('again')
      expect(await setting.records.find(plan, 3)).toBeNull()
      const first = await setting.records.open(plan, 3, run, anew)
      expect(await setting.records.find(plan, 3)).toBe(first)
      expect(await setting.records.find(plan, 4)).toBeNull()
      const second = await setting.records.open(plan, 3, `${run}8`, { mayExist: true })
      expect(second).toBe(first)
      expect(setting.shown().filter(({ environment }) => environment === 'again')).toHaveLength(1)
    })

    test('the newest records of an app are shown with what they say, and those of nobody else', async () => {
      const ids: number[] = []
      for (const deployment of [1, 2, 3, 4, 5, 6, 7])
        ids.push(await setting.records.open(planFor('watched'), deployment, run, anew))
      await setting.records.open(planFor('watched', { app: 'till' }), 8, run, anew)
      const [, , , , before = 0, last = 0] = ids.slice(1)
      await setting.records.say(before, says('in_progress', 'rolling'))
      await setting.records.say(before, says('success', 'succeeded'))
      await setting.records.say(last, says('pending', 'waiting'))
      expect(await setting.records.recent('shop', 'watched')).toEqual([
        { record: last, deployment: 7, state: 'pending' },
        { record: before, deployment: 6, state: 'success' },
        ...[5, 4, 3].map((deployment) => ({ record: ids[deployment - 1], deployment, state: null })),
      ])
      expect(await setting.records.recent('shop', 'nowhere')).toEqual([])
    })

    test('a record is found with its present state, and a record that is gone is absent F49', async () => {
      const id = await setting.records.open(planFor('said'), 1, run, anew)
      expect(await setting.records.state(id)).toEqual({ kind: 'found', value: null })
      await setting.records.say(id, says('in_progress', 'rolling'))
      await setting.records.say(id, says('failure', 'failed'))
      expect(await setting.records.state(id)).toEqual({ kind: 'found', value: 'failure' })
      expect(await setting.records.state(999_999)).toEqual({ kind: 'absent' })
    })

    test('another deployment of the same release has a record of its own', async () => {
      const first = await setting.records.open(planFor('twice'), 4, run, anew)
      const second = await setting.records.open(planFor('twice'), 5, run, anew)
      const other = await setting.records.open(planFor('twice', { app: 'till' }), 5, run, anew)
      expect(new Set([first, second, other]).size).toBe(3)
    })

    test('states follow each other, and success alone says where it serves', async () => {
      const plan = planFor('states', {
        environment: { ...staging, name: 'states', url: 'https://stage.example.com' },
      })
      const id = await setting.records.open(plan, 6, run, anew)
      await setting.records.say(id, says('in_progress', 'rolling web'))
      await setting.records.say(id, says('success', 'v1.2.0 serves'))
      expect(shown(id)?.statuses).toEqual([
        { state: 'in_progress', description: 'rolling web', environmentUrl: '', logUrl: run },
        {
          state: 'success',
          description: 'v1.2.0 serves',
          environmentUrl: 'https://stage.example.com',
          logUrl: run,
        },
      ])
    })

    test('a success leaves the older record as it is, until that is ended by name', async () => {
      const older = await setting.records.open(planFor('older'), 7, run, anew)
      await setting.records.say(older, says('success', 'serves'))
      const newer = await setting.records.open(planFor('older'), 8, run, anew)
      await setting.records.say(newer, says('success', 'serves'))
      expect(shown(older)?.statuses.map(({ state }) => state)).toEqual(['success'])
      await setting.records.say(older, says('inactive', 'superseded by v1.2.0'))
      expect(shown(older)?.statuses.map(({ state }) => state)).toEqual(['success', 'inactive'])
      expect(shown(newer)?.statuses.map(({ state }) => state)).toEqual(['success'])
    })

    test('a long description is cut at 140 characters, and none of them is cut in two', async () => {
      const id = await setting.records.open(planFor('long'), 9, run, anew)
      await setting.records.say(id, says('pending', '🚀'.repeat(140)))
      await setting.records.say(id, says('pending', '🚀'.repeat(141)))
      expect(shown(id)?.statuses.map(({ description }) => description)).toEqual([
        '🚀'.repeat(140),
        `${'🚀'.repeat(139)}…`,
      ])
    })
  })
}
