import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoadApart } from '../../src/sandbox/fleet/load-apart.ts'
import { brokenPage } from '../../src/sandbox/fleet/releases.ts'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { Job } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import { aStory, decides, deploys, does, resultOf, type Story, unguarded, versions } from './story.ts'

const quiet = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }

const config = (steps: Readonly<Record<string, unknown>> = {}): ConfigVariation => ({
  steps: { ...quiet, ...steps },
  detour: { 'smoke-test': { delay: '0s', attempts: 1 } },
})

/** A shop of two sides that serves v1.0.0 at home, with visitors. */
async function twoSides(): Promise<Story> {
  const stage = await aStory({ instances: 2, standIn: 2, blueGreen: true, config: { production: unguarded } })
  await stage.release('v1.0.0', { config: config() })
  const first = await stage.quietly(() => deploys(stage, 'v1.0.0'))
  expect(first.main.outputs, first.main.log.join('\n')).toMatchObject({ outcome: 'succeeded' })
  return stage
}

/** Has visitors come throughout: no request of theirs may fail. */
async function withVisitors(stage: Story, work: () => Promise<void>): Promise<void> {
  const load = await startLoadApart({ url: stage.shop.frontDoor.url, perSecond: 50, longest: 120_000 })
  await work()
  expect(await load.stop()).toMatchObject({ failures: 0, reasons: [] })
}

async function visitorsSee({ shop }: Story): Promise<string> {
  const { headers } = await fetch(shop.frontDoor.url)
  return `${headers.get('x-release')} at ${headers.get('x-side')}`
}

const standInVersions = ({ shop }: Story): Promise<(string | undefined)[]> =>
  Promise.all(shop.standIn.map(({ name }) => shop.instanceVersion(name)))

/** The scripts that changed an instance since, and the switches of the door. */
const changesSince = ({ shop }: Story, from: number): string[] =>
  shop
    .journal()
    .slice(from)
    .filter((entry) => /^(stop|install|start|door-point) /.test(entry))

const ended = (job: Job, outcome: string): void =>
  void expect(job.main.outputs, job.main.log.join('\n')).toMatchObject({ outcome })

test('visitors are moved in one switch, never to a broken release, and going back later changes no instance SP-31', async () => {
  const stage = await twoSides()
  await withVisitors(stage, async () => {
    await stage.release('v1.1.0', { migrations: 2, config: config() })
    ended(await deploys(stage, 'v1.1.0'), 'succeeded')
    expect(await visitorsSee(stage)).toBe('v1.1.0 at stand-in')
    expect([await versions(stage), await standInVersions(stage)]).toEqual([
      ['v1.0.0', 'v1.0.0'],
      ['v1.1.0', 'v1.1.0'],
    ])
    expect((await ledgerOf(stage)).side).toBe('stand-in')

    let from = stage.shop.journal().length
    ended(await does(stage, { command: 'rollback', release: 'v1.0.0' }), 'succeeded')
    expect(await visitorsSee(stage)).toBe('v1.0.0 at home')
    expect(changesSince(stage, from)).toEqual(['door-point v1.0.0 -'])
    expect((await ledgerOf(stage)).side).toBe('home')

    from = stage.shop.journal().length
    await stage.release('v1.2.0', { migrations: 2, config: config(), files: brokenPage })
    const asked = await deploys(stage, 'v1.2.0')
    ended(asked, 'waiting')
    expect(asked.main.log.join('\n')).toContain('The smoke test did not pass')
    expect(await visitorsSee(stage)).toBe('v1.0.0 at home')
    const answer = { pause: asked.main.outputs.pause ?? '', decision: 'roll-back', reason: 'broken' }
    ended(await decides(stage, 'v1.2.0', answer), 'rolled-back')
    expect(changesSince(stage, from).filter((entry) => /door-point|web-\d$/.test(entry))).toEqual([])
  })
})

test('a bake that turns worse sends visitors back unasked, and the side that they left never stopped', async () => {
  const stage = await twoSides()
  await withVisitors(stage, async () => {
    const bake = { for: '20s', on: 'run', interval: '100ms' }
    const verify = {
      ...{ http: '$ROLLGATE_URL/version', 'on-failure': 'roll-back', bake },
      ...{ figures: { run: 'cat "$SHOP_HOME/figures"' }, 'at-most': { errors: 5 } },
    }
    writeFileSync(join(stage.shop.home, 'figures'), '{"errors": 0}\n')
    await stage.release('v1.1.0', { config: config({ verify }) })
    const from = stage.shop.journal().length
    const deploying = deploys(stage, 'v1.1.0')
    await eventually('visitors are over', async () => (await visitorsSee(stage)) === 'v1.1.0 at stand-in')
    writeFileSync(join(stage.shop.home, 'figures'), '{"errors": 9}\n')
    const back = await deploying
    ended(back, 'rolled-back')
    expect(resultOf(back)).toMatchObject({ outcome: 'rolled-back' })
    expect(await visitorsSee(stage)).toBe('v1.0.0 at home')
    const atHome = changesSince(stage, from).filter((entry) => /web-\d$/.test(entry))
    expect([atHome, changesSince(stage, from).at(-1)]).toEqual([[], 'door-point v1.0.0 -'])
  })
})

/** The door of a release that waits once it has sent visitors to a side, while a file is there. */
const waitingDoor = [
  '#!/bin/sh',
  'set -eu',
  'root=$' + '{0%/*}/..',
  'node "$root/operations/door.mjs" "$1"',
  'if [ "$1" = point ]; then',
  '  touch "$SHOP_HOME/pointed"',
  '  while [ -e "$SHOP_HOME/hold-the-door" ]; do sleep 0.05; done',
  'fi',
  '',
].join('\n')

test('a run that is killed between the switch and its note is resumed: visitors stay where they are', async () => {
  const stage = await twoSides()
  const { home } = stage.shop
  const [hold, pointed] = [join(home, 'hold-the-door'), join(home, 'pointed')]
  onTestFinished(() => rmSync(hold, { force: true }))
  await withVisitors(stage, async () => {
    await stage.release('v1.1.0', { config: config(), files: { 'bin/door': waitingDoor } })
    writeFileSync(hold, '')
    const run = stage.run('dora')
    const started = await run.start({ command: 'deploy', release: 'v1.1.0' })
    await eventually('visitors are sent', () => existsSync(pointed) || started.child.exitCode !== null)
    started.child.kill('SIGKILL')
    await started.ended
    rmSync(hold, { force: true })
    run.end('failure')
    expect(await visitorsSee(stage)).toBe('v1.1.0 at stand-in')
    expect((await ledgerOf(stage)).side ?? null).not.toBe('stand-in')

    const from = stage.shop.journal().length
    ended(await deploys(stage, 'v1.1.0'), 'succeeded')
    expect([await visitorsSee(stage), changesSince(stage, from)]).toEqual(['v1.1.0 at stand-in', []])
    expect((await ledgerOf(stage)).side).toBe('stand-in')
  })
})
