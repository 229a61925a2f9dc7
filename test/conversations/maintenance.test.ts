import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ledgerOf } from './rig.ts'
import { aStory, decides, deploys, does, lean, versions } from './story.ts'

const steps = {
  ...lean.steps,
  maintenance: {
    open: 'touch "$SHOP_HOME/page"',
    close: 'rm -f "$SHOP_HOME/page"',
    shown: { run: 'test -e "$SHOP_HOME/page"' },
    when: 'contract',
  },
  migrate: {
    run: 'test -e "$SHOP_HOME/page" && test ! -e "$SHOP_HOME/broken" && bin/migrate',
    phase: 'contract',
  },
}

test('a failed migration keeps the page up until a retry succeeds; a run of its own shows it as well SP-45 SD-46', async () => {
  const stage = await aStory({ instances: 1, config: { ...lean, steps } })
  const home = stage.shop.env.SHOP_HOME ?? ''
  const isShown = () => existsSync(join(home, 'page'))
  await stage.release('v1.0.0')
  await stage.release('v1.1.0')
  expect((await deploys(stage, 'v1.0.0')).main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(isShown()).toBe(false)

  writeFileSync(join(home, 'broken'), '')
  const failed = await deploys(stage, 'v1.1.0')
  expect(failed.main.outputs).toMatchObject({ outcome: 'waiting', 'reason-code': 'decision-needed' })
  expect(failed.main.summary).toContain('**The maintenance page is still shown**')
  expect(isShown()).toBe(true)
  const status = await does(stage, { command: 'status', observe: 'false' })
  expect(status.main.summary).toMatch(/\| maintenance page \| \*\*shown\*\* since .* by deployment 2/)

  rmSync(join(home, 'broken'))
  const answer = {
    pause: failed.main.outputs.pause ?? '',
    decision: 'retry',
    reason: 'the disk has space again',
  }
  const retried = await decides(stage, 'v1.1.0', answer)
  expect(retried.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect([isShown(), await versions(stage)]).toEqual([false, ['v1.1.0']])

  const on = await does(stage, { command: 'deploy', only: 'maintenance-on' })
  expect(on.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'maintenance-on', release: 'v1.1.0' })
  expect([isShown(), await versions(stage)]).toEqual([true, ['v1.1.0']])
  expect(await ledgerOf(stage)).toMatchObject({ schema: 2, leases: [{ kind: 'maintenance', deployment: 3 }] })
  const off = await does(stage, { command: 'deploy', only: 'maintenance-off' })
  expect(off.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'maintenance-off' })
  expect([isShown(), (await ledgerOf(stage)).leases]).toEqual([false, undefined])
  stage.asksAtMost(200)
})
