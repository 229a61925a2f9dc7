import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoadApart } from '../../src/sandbox/fleet/load-apart.ts'
import { brokenPage } from '../../src/sandbox/fleet/releases.ts'
import { startWriter } from '../../src/sandbox/fleet/writers.ts'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { Job } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import { aStory, deploys, does, type Story, unguarded } from './story.ts'

const quiet = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }

const config = (steps: Readonly<Record<string, unknown>> = {}): ConfigVariation => ({
  steps: { ...quiet, ...steps },
  migrate: { phase: 'contract', repeatable: true },
  detour: { 'smoke-test': { delay: '0s', attempts: 1 } },
})

/** A shop of two sides with a database each, which serves v1.0.0 at home. */
async function twoSides(): Promise<Story> {
  const stage = await aStory({
    ...{ instances: 2, standIn: 2, blueGreen: true, ownDatabases: true },
    config: { production: unguarded },
  })
  await stage.release('v1.0.0', { config: config() })
  ended(await stage.quietly(() => deploys(stage, 'v1.0.0')), 'succeeded')
  return stage
}

async function withVisitors<T>(stage: Story, work: () => Promise<T>): Promise<T> {
  const load = await startLoadApart({ url: stage.shop.frontDoor.url, perSecond: 50, longest: 180_000 })
  const done = await work()
  expect(await load.stop()).toMatchObject({ failures: 0, reasons: [] })
  return done
}

async function visitorsSee({ shop }: Story): Promise<string> {
  const { headers } = await fetch(shop.frontDoor.url)
  return `${headers.get('x-release')} at ${headers.get('x-side')}`
}

/** The wishes in the database of a side, in order. */
function wishesAt({ shop }: Story, side: 'home' | 'stand-in'): string[] {
  const database = new DatabaseSync(shop.databases[side], { readOnly: true })
  try {
    const tables = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'wishes'").all()
    if (tables.length === 0) return []
    return database
      .prepare('SELECT text FROM wishes ORDER BY 1')
      .all()
      .map(({ text }) => String(text))
  } finally {
    database.close()
  }
}

const wish = async ({ shop }: Story, text: string): Promise<number> =>
  (await fetch(`${shop.frontDoor.url}/wishes`, { method: 'POST', body: text })).status

const ended = (job: Job, outcome: string): void =>
  void expect(job.main.outputs, job.main.log.join('\n')).toMatchObject({ outcome })

test('visitors move with a copy of their database, and no row is lost or doubled MM-11', async () => {
  const stage = await twoSides()
  await withVisitors(stage, async () => {
    const writer = startWriter(stage.shop.frontDoor.url)
    await stage.release('v1.1.0', { migrations: 2, config: config() })
    ended(await deploys(stage, 'v1.1.0'), 'succeeded')
    const written = await writer.stop()
    expect(await visitorsSee(stage)).toBe('v1.1.0 at stand-in')
    expect(written.failures).toEqual([])
    expect(written.comeAgain).toBeGreaterThan(0)
    expect(wishesAt(stage, 'stand-in')).toEqual([...written.kept].sort())
    console.log(`${written.kept.length} rows; writes waited for ${written.longestGap} ms`)
  })
})

test('going back before a write loses nothing, and the next release gets a copy of its own', async () => {
  const stage = await twoSides()
  await withVisitors(stage, async () => {
    expect(await wish(stage, 'before')).toBe(201)
    await stage.release('v1.1.0', { migrations: 2, config: config() })
    ended(await deploys(stage, 'v1.1.0'), 'succeeded')
    const from = stage.shop.journal().length
    ended(await does(stage, { command: 'rollback', release: 'v1.0.0' }), 'succeeded')
    expect(await visitorsSee(stage)).toBe('v1.0.0 at home')
    const changes = stage.shop.journal().slice(from)
    expect(changes.filter((entry) => /^(?:stop|install|start) /.test(entry))).toEqual([])
    expect(await wish(stage, 'after')).toBe(201)
    expect((await ledgerOf(stage)).pair).toMatchObject({ phase: 'back', copied: 'stand-in' })

    await stage.release('v1.2.0', { migrations: 2, config: config() })
    ended(await deploys(stage, 'v1.2.0'), 'succeeded')
    expect([await visitorsSee(stage), wishesAt(stage, 'stand-in')]).toEqual([
      'v1.2.0 at stand-in',
      ['after', 'before'],
    ])
    await stage.release('v1.3.0', { migrations: 2, config: config() })
    ended(await deploys(stage, 'v1.3.0'), 'succeeded')
    expect([await visitorsSee(stage), wishesAt(stage, 'home')]).toEqual([
      'v1.3.0 at home',
      ['after', 'before'],
    ])
  })
})

test('going back after a write is refused with the count, and loses that many rows where it is accepted', async () => {
  const stage = await twoSides()
  await withVisitors(stage, async () => {
    await stage.release('v1.1.0', { migrations: 2, config: config() })
    ended(await deploys(stage, 'v1.1.0'), 'succeeded')
    expect([await wish(stage, 'one'), await wish(stage, 'two')]).toEqual([201, 201])
    const refused = await does(stage, { command: 'rollback', release: 'v1.0.0' })
    ended(refused, 'waiting')
    expect(refused.main.log.join('\n')).toContain('2 rows, wishes 2')
    expect([await visitorsSee(stage), await wish(stage, 'three')]).toEqual(['v1.1.0 at stand-in', 201])
    const abandon = { pause: refused.main.outputs.pause ?? '', decision: 'abandon', reason: 'rows first' }
    ended(await does(stage, { command: 'decide', environment: 'production', ...abandon }), 'abandoned')

    const lost = await does(stage, {
      ...{ command: 'rollback', release: 'v1.0.0', 'acknowledge-data-loss': 'true' },
    })
    ended(lost, 'succeeded')
    expect(lost.main.log.join('\n')).toContain('wishes 3')
    expect([await visitorsSee(stage), wishesAt(stage, 'home')]).toEqual(['v1.0.0 at home', []])
  })
})

test('a release that fails before the switch is taken back unasked, and writers go on where they were', async () => {
  const stage = await twoSides()
  await withVisitors(stage, async () => {
    await stage.release('v1.1.0', { migrations: 2, config: config(), files: brokenPage })
    ended(await deploys(stage, 'v1.1.0'), 'rolled-back')
    expect([await visitorsSee(stage), await wish(stage, 'still')]).toEqual(['v1.0.0 at home', 201])
    expect(existsSync(stage.shop.databases['stand-in'])).toBe(false)
  })
})

/** A command that waits while a file is there, before or after what it does. */
const waiting = (script: string, when: string): string =>
  [
    '#!/bin/sh',
    'set -eu',
    'root=$' + '{0%/*}/..',
    script,
    `if [ "\${1:-}" = "${when}" ]; then`,
    '  touch "$SHOP_HOME/reached"',
    '  while [ -e "$SHOP_HOME/hold" ]; do sleep 0.05; done',
    'fi',
    '',
  ].join('\n')

const door = 'node "$root/operations/door.mjs" "$1"'

test.each<[string, Record<string, string>]>([
  ['writes are shut', { 'bin/door': waiting(door, 'shut') }],
  ['the migration has run', { 'bin/migrate': waiting('node "$root/operations/migrate.mjs"', '') }],
  ['visitors are sent', { 'bin/door': waiting(door, 'point') }],
  ['writes are open again', { 'bin/door': waiting(door, 'open') }],
])('a run that is killed when %s is resumed to the same end, with every row', async (_, files) => {
  const stage = await twoSides()
  const { home } = stage.shop
  const [hold, reached] = [join(home, 'hold'), join(home, 'reached')]
  onTestFinished(() => rmSync(hold, { force: true }))
  expect(await wish(stage, 'before')).toBe(201)
  await withVisitors(stage, async () => {
    await stage.release('v1.1.0', { migrations: 2, config: config(), files })
    writeFileSync(hold, '')
    const run = stage.run('dora')
    const started = await run.start({ command: 'deploy', release: 'v1.1.0' })
    await eventually('it is reached', () => existsSync(reached) || started.child.exitCode !== null)
    started.child.kill('SIGKILL')
    await started.ended
    rmSync(hold, { force: true })
    run.end('failure')

    ended(await deploys(stage, 'v1.1.0'), 'succeeded')
    expect([await visitorsSee(stage), await wish(stage, 'after')]).toEqual(['v1.1.0 at stand-in', 201])
    expect(wishesAt(stage, 'stand-in')).toEqual(['after', 'before'])
    expect((await ledgerOf(stage)).pair).toMatchObject({ phase: 'moved', copied: 'stand-in' })
  })
})
