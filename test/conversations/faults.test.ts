import { beforeAll, describe, expect, test } from 'vitest'
import type { ProblemCode } from '../../src/domain/problem.ts'
import type { FaultEffect } from '../../src/sandbox/github/fault-effect.ts'
import type { Injected, RequestMatch } from '../../src/sandbox/github/faults.ts'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { Job, JobOptions, Stage } from '../../src/sandbox/stage.ts'
import { ledgerOf, sharedStage } from './rig.ts'
import { aStory, lean, type Story, versions } from './story.ts'

/** Backoff passes quickly here; one story below waits as long as a runner would. */
const swift: JobOptions = {
  env: { NODE_OPTIONS: `--import=${new URL('swift-backoff.mjs', import.meta.url)}` },
}

/** The number of tries of a request whose answer may differ a second later: one and three more. */
const tries = 4

/** A critical request of a deployment: the first of its kind, or the first one after a line of the log. */
interface Place {
  readonly on: RequestMatch
  readonly after?: { readonly on: RequestMatch; readonly says: RegExp }
}

const commit: RequestMatch = { operation: 'git/create-commit' }
const move: RequestMatch = { operation: 'git/update-ref' }
const say: RequestMatch = { operation: 'repos/create-deployment-status' }
const places = {
  policy: { on: { operation: 'repos/get-content', path: /rollgate\.yml$/ } },
  ledger: { on: { operation: 'git/get-ref', path: /ref\/rollgate/ } },
  tree: { on: { operation: 'git/create-tree' } },
  commit: { on: commit },
  lock: { on: move, after: { on: commit, says: /opened/ } },
  approvals: { on: { operation: 'actions/get-reviews-for-run' } },
  record: { on: { operation: 'repos/create-deployment' } },
  'first status': { on: say },
  'entry before the migration': { on: move, after: { on: commit, says: /migrate step started/ } },
  'last entry': { on: move, after: { on: commit, says: /ended, / } },
  'last status': { on: say, after: { on: say, says: /"success"/ } },
} as const satisfies Record<string, Place>

const everywhere = Object.keys(places) as (keyof typeof places)[]

/** The statuses with which a GitHub replica that lags behind may answer a write for a moment. */
const fickle: readonly number[] = [404, 409, 422]
const writing: readonly (keyof typeof places)[] = [
  'tree',
  'commit',
  'lock',
  'record',
  'first status',
  'entry before the migration',
  'last entry',
  'last status',
]

const migrate = { run: 'bin/migrate', phase: 'expand' }
const config: ConfigVariation = { steps: { ...lean.steps, migrate } }

const refusal = (
  status: number,
  message = `Injected ${status}`,
  headers: Readonly<Record<string, string>> = {},
): FaultEffect => ({ kind: 'status', status, headers, body: { message } })
const limit = { 'retry-after': '1' }

describe('a passing fault is outlasted, and nothing happens twice', () => {
  const shared = sharedStage({ config })
  let served = 0
  beforeAll(() => serve(shared(), ++served))

  test.each<{ fault: string; effect: FaultEffect }>([
    { fault: 'an answer that takes its time', effect: { kind: 'latency', ms: 200 } },
    { fault: 'a rate limit as 403', effect: refusal(403, 'You have exceeded a secondary rate limit', limit) },
    { fault: 'a rate limit as 429', effect: refusal(429, 'Too many requests', limit) },
    { fault: 'an error of its own', effect: refusal(500) },
    { fault: 'a connection that drops', effect: { kind: 'drop' } },
    { fault: 'an answer that is lost after the effect', effect: { kind: 'lost-response' } },
    { fault: 'an answer that is no JSON', effect: { kind: 'garbage' } },
  ])('$fault, once at every place GH-01 GH-10', async ({ effect }) => {
    await expectOutlasted(effect, everywhere)
  })

  test.each(fickle.map((status) => ({ status })))(
    'a copy that lags behind and answers $status, once at every write GH-01 GH-10 F11',
    async ({ status }) => {
      await expectOutlasted(refusal(status), writing)
    },
  )

  async function expectOutlasted(effect: FaultEffect, at: readonly (keyof typeof places)[]): Promise<void> {
    const stage = shared()
    const release = `v${++served}`
    await stage.release(release)
    const struck = at.map((place) => strike(stage, places[place], effect))
    const { main, post } = await deployed(stage, release)
    expect(struck.map(({ hits }) => hits)).toEqual(struck.map(() => 1))
    expect(main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    expect(post.code).toBe(0)
    await expectServing(stage, release)
    expect(ranFor(stage, release)).toMatchObject({ migrate: 1, install: 2 })
    expect(lastStates(stage)).toEqual([...Array(served - 1).fill('inactive'), 'success'])
  }
})

describe('a lasting fault stops a deployment where that is safe', () => {
  const shared = sharedStage({ config })
  let planned = 1
  beforeAll(() => serve(shared(), planned))

  /** The state after the fault: `nothing` was begun, or the run broke off and was `closed` behind it. */
  interface Row {
    readonly place: keyof typeof places
    readonly fault: number
    readonly code: ProblemCode
    readonly left: 'nothing' | 'closed'
  }

  test.each<Row>([
    { place: 'policy', fault: 403, code: 'permission-missing', left: 'nothing' },
    { place: 'policy', fault: 404, code: 'config-missing', left: 'nothing' },
    { place: 'policy', fault: 502, code: 'github-unavailable', left: 'nothing' },
    { place: 'ledger', fault: 403, code: 'permission-missing', left: 'nothing' },
    { place: 'ledger', fault: 404, code: 'github-unavailable', left: 'nothing' },
    { place: 'ledger', fault: 502, code: 'github-unavailable', left: 'nothing' },
    { place: 'tree', fault: 403, code: 'permission-missing', left: 'nothing' },
    { place: 'commit', fault: 422, code: 'github-refused', left: 'nothing' },
    { place: 'lock', fault: 403, code: 'permission-missing', left: 'nothing' },
    { place: 'lock', fault: 404, code: 'permission-missing', left: 'nothing' },
    { place: 'lock', fault: 409, code: 'environment-locked', left: 'nothing' },
    { place: 'lock', fault: 422, code: 'github-refused', left: 'nothing' },
    { place: 'lock', fault: 502, code: 'github-unavailable', left: 'nothing' },
    { place: 'approvals', fault: 403, code: 'permission-missing', left: 'nothing' },
    { place: 'approvals', fault: 404, code: 'permission-missing', left: 'nothing' },
    { place: 'approvals', fault: 502, code: 'github-unavailable', left: 'nothing' },
    { place: 'record', fault: 202, code: 'github-unavailable', left: 'closed' },
    { place: 'record', fault: 403, code: 'permission-missing', left: 'closed' },
    { place: 'record', fault: 409, code: 'github-refused', left: 'closed' },
    { place: 'record', fault: 502, code: 'github-unavailable', left: 'closed' },
    { place: 'entry before the migration', fault: 403, code: 'permission-missing', left: 'closed' },
    { place: 'entry before the migration', fault: 409, code: 'lock-lost', left: 'closed' },
    { place: 'entry before the migration', fault: 422, code: 'github-refused', left: 'closed' },
  ])('$fault at the $place ($code) GH-04 GH-09', async ({ place, fault, code, left }) => {
    const stage = shared()
    const release = `v${++planned}`
    await stage.release(release)
    const before = await ledgerOf(stage)
    const times = lasting(place, fault)
    const struck = strike(stage, places[place], refusal(fault), times)
    const { main, post } = await deployed(stage, release)
    struck.remove()
    if (Number.isFinite(times)) expect(struck.hits).toBe(times)
    const words = { nothing: 'refused', closed: 'interrupted' } as const
    expect(main).toMatchObject({ code: 1, outputs: { outcome: words[left], 'reason-code': code } })
    expect(main.log.filter((line) => line.startsWith('::error'))).toHaveLength(1)
    expect(post.code).toBe(0)

    await expectServing(stage, 'v1')
    expect(ranFor(stage, release)).toEqual({})
    expect(lastStates(stage)[0]).toBe('success')
    expect(new Set(lastStates(stage).slice(1))).not.toContain('in_progress')
    const after = await ledgerOf(stage)
    if (left === 'nothing') expect(after).toEqual(before)
    else expect(after.history[0]?.outcome.kind).toBe('cancelled')
  })

  test('and when it is over, the same release goes through GH-10', async () => {
    const stage = shared()
    const { main } = await deployed(stage, `v${planned}`)
    expect(main.outputs.outcome).toBe('succeeded')
    await expectServing(stage, `v${planned}`)
  })
})

test('GitHub is down from the entry before the migration on: nothing is migrated, and a later run goes on GH-09 GH-10', async () => {
  const stage = await aStory({ config })
  await servingBy(stage)
  await stage.release('v2')
  const outage = strike(
    stage,
    { ...places['entry before the migration'], on: {} },
    refusal(502),
    Number.POSITIVE_INFINITY,
  )
  const down = await deployed(stage, 'v2')
  expect(down.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'github-unavailable' } })
  expect(ranFor(stage, 'v2')).toEqual({})
  await expectConsistent(stage, 'v1')
  outage.remove()
  stage.aside('GitHub is back')
  expect((await deployed(stage, 'v2')).main.outputs.outcome).toBe('succeeded')
  await expectServing(stage, 'v2')
  expect(ranFor(stage, 'v2')).toMatchObject({ migrate: 1, install: 2 })
  expect(lastStates(stage)).toEqual(['inactive', 'success'])
  await stage.tells('github-down-before-the-migration')
})

test('GitHub is down from the last entry on: what is not written is told, and a later run only writes GH-09 GH-10', async () => {
  const stage = await aStory({ config })
  await servingBy(stage)
  await stage.release('v2')
  const outage = strike(stage, { ...places['last entry'], on: {} }, refusal(502), Number.POSITIVE_INFINITY)
  const down = await deployed(stage, 'v2')
  expect(down.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'interrupted', 'reason-code': 'github-unavailable' },
  })
  expect(down.main.log.at(-1)).toContain('What the ledger does not know yet: ')
  await expectConsistent(stage, 'v2')
  const journal = stage.shop.journal()
  outage.remove()
  stage.aside('GitHub is back')
  expect((await deployed(stage, 'v2')).main.outputs.outcome).toBe('succeeded')
  await expectServing(stage, 'v2')
  expect(stage.shop.journal()).toEqual(journal)
  expect(lastStates(stage)).toEqual(['inactive', 'success'])
  stage.asksAtMost(85)
})

test('a record that cannot be told stops nothing; it is told when the job ends, or says so GH-02 GH-03', async () => {
  const stage = await aStory({ config })
  await servingBy(stage)
  for (const release of ['v2', 'v3', 'v4']) await stage.release(release)
  strike(stage, places['last status'], refusal(403))
  const late = await deployed(stage, 'v2')
  expect(late.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(late.post.log).toContain('the record 2 says by now: succeeded')
  expect(lastStates(stage)).toEqual(['inactive', 'success'])

  const outage = stage.github.inject({ on: say, with: refusal(502), times: Number.POSITIVE_INFINITY })
  const never = await deployed(stage, 'v3')
  expect(never.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(never.post.log.filter((line) => line.includes('The record is behind'))).toHaveLength(2)
  await expectServing(stage, 'v3')
  outage.remove()
  await stage.quietly(() => deployed(stage, 'v4'))
  expect(lastStates(stage).slice(-2)).toEqual(['inactive', 'success'])
  stage.asksAtMost(95)
})

test('GitHub is asked again when it said so, and an answer that there is nothing is an answer', async () => {
  const stage = await aStory({ config })
  await stage.release('v1')
  stage.github.inject({ ...places.policy, with: refusal(429, 'Too many requests', limit) })
  const began = performance.now()
  const { main } = await stage.run('dora').job({ command: 'plan', mode: 'deploy', release: 'v1' })
  expect(performance.now() - began).toBeGreaterThan(1000)
  expect(main.outputs.outcome).toBe('planned')
  const nothing = stage.github.requests.flatMap(({ path, status }) => (status === 404 ? [path] : []))
  expect(nothing).toEqual([
    '/repos/acme/shop/git/ref/rollgate/shop/production',
    '/repos/acme/shop/git/ref/heads/v1',
    '/repos/acme/shop/releases/tags/v1',
  ])
})

/**
 * Returns how often a fault must strike until a run gives up. A refusal is not retried, except three times
 * where a replica of GitHub may lag behind; a passing fault is retried until patience ends.
 */
function lasting(place: keyof typeof places, fault: number): number {
  if (fault === 502 || fault === 202) return Number.POSITIVE_INFINITY
  return fickle.includes(fault) && writing.includes(place) ? tries : 1
}

/** Strikes the request at a place, so many times. */
function strike(stage: Stage, { on, after }: Place, effect: FaultEffect, times = 1): Injected {
  if (after === undefined) return stage.github.inject({ on, with: effect, times })
  let armed: Injected | undefined
  const watch = stage.github.before(
    after.on,
    ({ body }) => {
      if (armed === undefined && after.says.test(JSON.stringify(body)))
        armed = stage.github.inject({ on, with: effect, times })
    },
    { times: Number.POSITIVE_INFINITY },
  )
  return {
    get hits() {
      return armed?.hits ?? 0
    },
    remove() {
      watch.remove()
      armed?.remove()
    },
  }
}

async function servingBy(story: Story): Promise<void> {
  await story.quietly(() => serve(story, 1))
  story.aside('v1 serves')
}

async function serve(stage: Stage, nth: number): Promise<void> {
  await stage.release(`v${nth}`)
  expect((await deployed(stage, `v${nth}`)).main.outputs.outcome).toBe('succeeded')
}

/** Runs one deploy job in a run that a reviewer approves. */
async function deployed(stage: Stage, release: string, options: JobOptions = swift): Promise<Job> {
  const run = stage.run('dora')
  run.approve('rhea')
  const job = await run.job({ command: 'deploy', release }, options)
  run.end(job.main.code === 0 ? 'success' : 'failure')
  return job
}

const lastStates = ({ github }: Stage): (string | undefined)[] =>
  github.deployments.map(({ statuses }) => statuses.at(-1)?.state)

/** Counts how often each script of the shop has run for a release. */
function ranFor({ shop }: Stage, release: string): Record<string, number> {
  const scripts = shop
    .journal()
    .flatMap((line) => (line.split(' ')[1] === release ? [line.split(' ')[0] ?? ''] : []))
  return Object.fromEntries(
    [...new Set(scripts)].map((name) => [name, scripts.filter((each) => each === name).length]),
  )
}

async function expectServing(stage: Stage, release: string): Promise<void> {
  expect(await ledgerOf(stage)).toMatchObject({ serving: { release: { tag: release } }, deployment: null })
  await expectConsistent(stage, release)
}

/** The shop serves, and the same release everywhere. */
async function expectConsistent(stage: Stage, release: string): Promise<void> {
  expect(await versions(stage)).toEqual([release, release])
  expect((await fetch(stage.shop.frontDoor.url)).status).toBe(200)
}
