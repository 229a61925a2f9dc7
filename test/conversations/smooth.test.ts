import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoadApart } from '../../src/sandbox/fleet/load-apart.ts'
import { startWriter } from '../../src/sandbox/fleet/writers.ts'
import type { Job } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import { aStory, decides, deploys, does, type Story, unguarded, versions } from './story.ts'

const visitorsSee = async ({ shop }: Story): Promise<string> => {
  const { headers } = await fetch(shop.frontDoor.url)
  return `${headers.get('x-release')} at ${headers.get('x-side')}`
}

function rowsIn(file: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}

const schemaAt = (file: string): unknown =>
  rowsIn(file, 'SELECT max(version) AS version FROM migrations')[0]?.version

/** A database has the table of wishes from the first one on. */
const wishesAt = (file: string): unknown[] =>
  rowsIn(file, "SELECT name FROM sqlite_master WHERE name = 'wishes'").length === 0
    ? []
    : rowsIn(file, 'SELECT text FROM wishes').map(({ text }) => text)

/** A shop that serves v1.0.0, with a stand-in; v1.1.0 migrates. */
async function besideAStandIn(migrations: 2 | 3 = 2): Promise<Story> {
  const stage = await aStory({ instances: 2, standIn: 2, config: { production: unguarded } })
  await stage.release('v1.0.0')
  await stage.release('v1.1.0', { migrations })
  const first = await stage.quietly(() => deploys(stage, 'v1.0.0'))
  expect(first.main.outputs).toMatchObject({ outcome: 'succeeded' })
  return stage
}

const stepsAside = (stage: Story): Promise<Job> =>
  does(stage, { command: 'deploy', release: 'v1.1.0', detour: 'true' })

async function answers(stage: Story, job: Job, decision: string): Promise<Job> {
  const pause = job.main.outputs.pause ?? ''
  return decides(stage, 'v1.1.0', { pause, decision, reason: 'looked at it' })
}

test('visitors are on the stand-in until people have looked, and no request fails SD-09 SD-11 SD-12', async () => {
  const stage = await besideAStandIn()
  const { databases, frontDoor } = stage.shop
  const load = await startLoadApart({ url: frontDoor.url, perSecond: 50 })
  const writer = startWriter(frontDoor.url)

  const opened = await stepsAside(stage)
  expect(opened.main.outputs, opened.main.log.join('\n')).toMatchObject({ outcome: 'waiting' })
  expect(opened.main.summary).toContain(stage.shop.instances[0]?.url)
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0'])
  expect([schemaAt(databases.home), schemaAt(databases['stand-in'])]).toEqual([2, 1])
  expect(stage.shop.schedulerState().suspended).toBe(true)
  for (let visitor = 1; visitor <= 20; visitor += 1)
    expect(await visitorsSee(stage), `visitor ${visitor}`).toBe('v1.0.0 at stand-in')

  const done = await answers(stage, opened, 'complete')
  expect(done.main.outputs, done.main.log.join('\n')).toMatchObject({ outcome: 'succeeded' })
  expect(await visitorsSee(stage)).toBe('v1.1.0 at home')
  expect([(await ledgerOf(stage)).detour ?? null, existsSync(databases['stand-in'])]).toEqual([null, false])

  const report = await load.stop()
  expect(report).toMatchObject({ failures: 0, reasons: [] })
  const writes = await writer.stop()
  expect(writes.failures).toEqual([])
  expect(writes.comeAgain).toBeGreaterThan(0)
  expect(wishesAt(databases.home).toSorted()).toEqual(writes.kept.toSorted())
})

test('a run that is killed at the migration is resumed: visitors stay, and there is no second copy SD-09', async () => {
  const stage = await besideAStandIn()
  stage.shop.trouble.hold('migrate')
  const run = stage.run('dora')
  const started = await run.start({ command: 'deploy', release: 'v1.1.0', detour: 'true' })
  const held = () => stage.shop.trouble.held().filter(({ script }) => script === 'migrate')
  await eventually('the migration is at work', () => held().length > 0 || started.child.exitCode !== null)
  started.child.kill('SIGKILL')
  await started.ended
  const left = held()
  stage.shop.trouble.clear('migrate')
  await eventually('the migration has ended', () => left.every(({ pid }) => !isRunning(pid)))
  run.end('failure')
  expect(await visitorsSee(stage)).toBe('v1.0.0 at stand-in')
  const before = (await ledgerOf(stage)).detour
  const copy = stage.shop.databases['stand-in']
  const { ino } = statSync(copy)
  const pointed = () => stage.shop.journal().filter((line) => line.startsWith('door-point')).length

  const asked = await stepsAside(stage)
  expect(asked.main.outputs).toMatchObject({ outcome: 'waiting', 'reason-code': 'decision-needed' })
  const repeated = await answers(stage, asked, 'retry')
  expect(repeated.main.outputs, repeated.main.log.join('\n')).toMatchObject({ outcome: 'waiting' })
  expect((await ledgerOf(stage)).detour).toMatchObject({ id: before?.id, deployment: 2 })
  expect([statSync(copy).ino, pointed()]).toEqual([ino, 1])
  const done = await answers(stage, repeated, 'complete')
  expect(done.main.outputs, done.main.log.join('\n')).toMatchObject({ outcome: 'succeeded' })
  expect(await visitorsSee(stage)).toBe('v1.1.0 at home')
})

test('revert → code and database are as they were when visitors left home, and nothing of theirs is lost SD-29', async () => {
  const stage = await besideAStandIn(3)
  const { databases, frontDoor } = stage.shop
  const load = await startLoadApart({ url: frontDoor.url, perSecond: 50 })
  const writer = startWriter(frontDoor.url)
  const opened = await stepsAside(stage)
  expect(schemaAt(databases.home)).toBe(3)
  const reverted = await answers(stage, opened, 'revert')
  expect(reverted.main.outputs, reverted.main.log.join('\n')).toMatchObject({ outcome: 'rolled-back' })
  expect(await visitorsSee(stage)).toBe('v1.0.0 at home')
  expect([schemaAt(databases.home), existsSync(databases['stand-in'])]).toEqual([1, false])
  const failed = `${databases.home}.failed-shop-production-2`
  expect(schemaAt(failed)).toBe(3)
  expect((await ledgerOf(stage)).failedHomes).toMatchObject([{ where: failed, deployment: 2 }])
  const removing = { command: 'deploy', only: 'discard-failed-home', 'open-detour': 'shop-production-2' }
  const removed = await does(stage, removing, { options: { sha: 'refs/tags/v1.0.0' } })
  expect(removed.main.outputs, removed.main.log.join('\n')).toMatchObject({ outcome: 'succeeded' })
  expect([existsSync(failed), (await ledgerOf(stage)).failedHomes ?? []]).toEqual([false, []])
  expect(await load.stop()).toMatchObject({ failures: 0, reasons: [] })
  const writes = await writer.stop()
  expect([writes.failures, wishesAt(databases.home).toSorted()]).toEqual([[], writes.kept.toSorted()])
})

test('revert-code → the older release is on the migrated database SD-30', async () => {
  const stage = await besideAStandIn(2)
  const { databases } = stage.shop
  const opened = await stepsAside(stage)
  const reverted = await answers(stage, opened, 'revert-code')
  expect(reverted.main.outputs, reverted.main.log.join('\n')).toMatchObject({ outcome: 'rolled-back' })
  expect(await visitorsSee(stage)).toBe('v1.0.0 at home')
  expect([schemaAt(databases.home), existsSync(databases['stand-in'])]).toEqual([2, false])
})

test('an inspection that waits refuses everything but a roll forward, which uses the same stand-in SD-15 SD-25 SD-38', async () => {
  const stage = await besideAStandIn()
  await stage.release('v1.2.0', { migrations: 3 })
  const { outputs } = (await stepsAside(stage)).main
  expect(outputs).toMatchObject({ outcome: 'waiting' })
  const before = await ledgerOf(stage)
  const { ino } = statSync(stage.shop.databases['stand-in'])
  const done = stage.shop.journal().length
  const since = () => stage.shop.journal().slice(done)

  const tries = [
    { command: 'deploy', release: 'v1.2.0' },
    { command: 'deploy', release: 'v1.2.0', detour: 'true' },
    { command: 'deploy', release: 'v1.0.0', redeploy: 'true' },
    { command: 'rollback', release: 'v1.0.0' },
    { command: 'restart' },
  ] as const
  for (const asked of tries) {
    const tag = 'release' in asked ? asked.release : 'v1.0.0'
    const job = await does(stage, asked, { options: { sha: `refs/tags/${tag}` } })
    expect([asked, job.main.code, job.main.outputs['reason-code']]).toEqual([asked, 1, 'decision-needed'])
  }
  await does(stage, { command: 'watch' })
  expect(since()).toEqual([])
  expect(await ledgerOf(stage)).toEqual(before)
  expect(await visitorsSee(stage)).toBe('v1.0.0 at stand-in')
  expect(stage.shop.schedulerState().suspended).toBe(true)

  const forward = { command: 'deploy', release: 'v1.2.0', 'roll-forward': 'true', detour: 'true' }
  const rolled = await does(stage, forward, { options: { sha: 'refs/tags/v1.2.0' } })
  expect(rolled.main.outputs, rolled.main.log.join('\n')).toMatchObject({
    outcome: 'waiting',
    release: 'v1.2.0',
  })
  expect([await visitorsSee(stage), await versions(stage)]).toEqual([
    ...['v1.0.0 at stand-in', ['v1.2.0', 'v1.2.0']],
  ])
  expect(statSync(stage.shop.databases['stand-in']).ino).toBe(ino)
  expect([since().some((line) => line.includes('resume')), stage.shop.schedulerState().suspended]).toEqual([
    ...[false, true],
  ])
  const pause = rolled.main.outputs.pause ?? ''
  const completed = await decides(stage, 'v1.2.0', { pause, decision: 'complete', reason: 'looked at it' })
  expect(completed.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect([await visitorsSee(stage), stage.shop.schedulerState().suspended]).toEqual(['v1.2.0 at home', false])
})

const sqlite = (what: string): string =>
  `node --no-warnings -e "const { DatabaseSync } = require('node:sqlite'); ${what}"`

/** Backs the shop's database up beside it, and restores it in its place. */
const backup = {
  create: `${sqlite("new DatabaseSync(process.env.SHOP_HOME + '/shop.db').exec('VACUUM INTO \\'' + process.env.SHOP_HOME + '/shop-' + process.env.ROLLGATE_RELEASE + '.db\\'')")} && echo "shop-$ROLLGATE_RELEASE"`,
  restore:
    'rm -f "$SHOP_HOME/shop.db-wal" "$SHOP_HOME/shop.db-shm" && cp "$SHOP_HOME/$ROLLGATE_BACKUP.db" "$SHOP_HOME/shop.db"',
}

/** A shop whose migration to v1.1.0 has a backup from before it, and a wish of a visitor from after it. */
async function backedUp() {
  const production = { ...unguarded, 'allow-destructive': ['restore'] }
  const stage = await aStory({ instances: 2, standIn: 2, config: { production, steps: { backup } } })
  await stage.release('v1.0.0')
  await stage.release('v1.1.0', { migrations: 2 })
  for (const tag of ['v1.0.0', 'v1.1.0']) {
    const job = await stage.quietly(() => deploys(stage, tag))
    expect(job.main.outputs, job.main.log.join('\n')).toMatchObject({ outcome: 'succeeded' })
  }
  const writer = startWriter(stage.shop.frontDoor.url)
  await eventually('a visitor has wished', () => wishesAt(stage.shop.databases.home).length > 0)
  const { kept } = await writer.stop()
  return { stage, kept: kept.toSorted() }
}

const restores = (stage: Story): Promise<Job> =>
  does(
    stage,
    { command: 'deploy', only: 'restore', detour: 'true', confirm: 'production' },
    { options: { sha: 'refs/tags/v1.0.0' } },
  )

const decidesBack = (stage: Story, job: Job, decision: string): Promise<Job> =>
  decides(stage, 'v1.0.0', { pause: job.main.outputs.pause ?? '', decision, reason: 'looked at it' })

test('a restore behind a detour → visitors read on, people look at the backup, and complete or revert ends it SD-32', async () => {
  const { stage, kept } = await backedUp()
  const { databases, frontDoor } = stage.shop
  const load = await startLoadApart({ url: frontDoor.url, perSecond: 50 })
  const opened = await restores(stage)
  expect(opened.main.outputs, opened.main.log.join('\n')).toMatchObject({
    outcome: 'waiting',
    release: 'v1.0.0',
  })
  expect(opened.main.summary).toContain('everything that was written since is lost')
  expect(opened.main.log.join('\n')).toContain('Everything that was written since shop-v1.1.0 of')
  expect(await visitorsSee(stage)).toBe('v1.1.0 at stand-in')
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])
  expect([schemaAt(databases.home), wishesAt(databases.home)]).toEqual([1, []])
  expect([schemaAt(databases['stand-in']), wishesAt(databases['stand-in']).toSorted()]).toEqual([2, kept])
  const status = await does(stage, { command: 'status', observe: 'false' })
  expect(status.main.summary).toContain('shop-production-3')

  const reverted = await decidesBack(stage, opened, 'revert')
  expect(reverted.main.outputs, reverted.main.log.join('\n')).toMatchObject({ outcome: 'rolled-back' })
  expect(await visitorsSee(stage)).toBe('v1.1.0 at home')
  expect([schemaAt(databases.home), wishesAt(databases.home).toSorted()]).toEqual([2, kept])

  const again = await restores(stage)
  expect(again.main.outputs, again.main.log.join('\n')).toMatchObject({ outcome: 'waiting' })
  const done = await decidesBack(stage, again, 'complete')
  expect(done.main.outputs, done.main.log.join('\n')).toMatchObject({
    outcome: 'succeeded',
    mode: 'restore-aside',
  })
  expect(await visitorsSee(stage)).toBe('v1.0.0 at home')
  expect([schemaAt(databases.home), wishesAt(databases.home)]).toEqual([1, []])
  expect(await ledgerOf(stage)).toMatchObject({ serving: { release: { tag: 'v1.0.0' } } })
  expect((await ledgerOf(stage)).detour ?? null).toBeNull()
  expect(await load.stop()).toMatchObject({ failures: 0, reasons: [] })
})
