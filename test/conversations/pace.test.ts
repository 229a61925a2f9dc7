import { expect, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { ledgerOf } from './rig.ts'
import { aStory, changed, deploys, does, lean, resultOf, serving, versions } from './story.ts'

const pause = /pause between two batches of web, until (\S+)/
const pausesIn = (log: readonly string[]): string[] => log.flatMap((line) => pause.exec(line)?.[1] ?? [])

test('growing batches with a pause, whose run is killed in it: the next run waits for the rest of the pause alone', async () => {
  const rollout = {
    ...{ batches: [1, '50%'], 'max-parallel': undefined },
    ...{ 'pause-between-batches': '4s', 'min-available': 1 },
  }
  const stage = await aStory({ instances: 4, config: { ...lean, rollout } })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  const before = stage.shop.journal().length

  const log: string[] = []
  const run = stage.run('dora')
  const options = { hear: (line: string) => void log.push(line) }
  const started = await run.start({ command: 'deploy', release: 'v1.1.0' }, options)
  await eventually('the run pauses', () => pausesIn(log).length > 0 || started.child.exitCode !== null)
  started.child.kill('SIGKILL')
  await started.ended
  run.end('failure')
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.0.0', 'v1.0.0', 'v1.0.0'])
  const [until = ''] = pausesIn(log)

  const next = await deploys(stage, 'v1.1.0')
  expect(next.main, next.main.log.join('\n')).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0', 'v1.1.0', 'v1.1.0'])
  const [again, last, ...more] = pausesIn(next.main.log)
  expect([again, more]).toEqual([until, []])
  expect(Date.parse(last ?? '') - Date.parse(until)).toBeGreaterThanOrEqual(4_000)
  const lines = stage.shop.journal().slice(before)
  const each = ['web-1', 'web-2', 'web-3', 'web-4'].flatMap((name) => changed('v1.1.0', name))
  expect(lines.toSorted()).toEqual(each.toSorted())
  expect(lines.slice(0, 4)).toEqual(changed('v1.1.0', 'web-1'))
  expect(lines.slice(-4)).toEqual(changed('v1.1.0', 'web-4'))
  expect(resultOf(next).instances.map(({ version }) => version)).toEqual(Array(4).fill('v1.1.0'))

  const back = await stage.quietly(() =>
    stage.run('dora').job({ command: 'rollback' }, { sha: 'refs/tags/v1.0.0' }),
  )
  expect(back.main, back.main.log.join('\n')).toMatchObject({ code: 0 })
  expect(pausesIn(back.main.log)).toEqual([])
  expect((await ledgerOf(stage)).deployment).toBeNull()
})

test('a plan for hosts of two zones shows batches that mix none', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const hosts = ['a', 'b', 'a', 'b', 'a'].map(
    (zone, at) => `          web-${at + 1}: { host: 127.0.0.1, zone: ${zone} }`,
  )
  const config = [
    'version: 1',
    'app: shop',
    'environments:',
    '  production: { class: production, requires: { approval: false } }',
    'services:',
    '  web:',
    '    fleet:',
    '      install: bin/install',
    '      ssh:',
    '        connect-timeout: 1s',
    '        hosts:',
    ...hosts,
    '    rollout: { max-parallel: 2 }',
    '    version: { run: bin/version }',
    '',
  ].join('\n')
  const files = { '.github/rollgate.yml': config, 'bin/install': 'true\n', 'bin/version': 'true\n' }
  await stage.github.commit('main', files, 'Two zones', { tag: 'v1' })
  const plan = await does(stage, { command: 'plan', release: 'v1' })
  expect(plan.main, plan.main.log.join('\n')).toMatchObject({ code: 0, outputs: { outcome: 'planned' } })
  const shown = plan.main.summary
  for (const batch of ['`web-1`, `web-3` (zone `a`)', '`web-5` (zone `a`)', '`web-2`, `web-4` (zone `b`)'])
    expect(shown).toContain(batch)
})
