import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
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

/** A front door that knows the page and the addresses by the files alone that the commands of the release have written. */
async function aDoorBy(home: string) {
  const page = join(home, 'page')
  const door = createServer((asked, response) => {
    const allowed = existsSync(page) ? readFileSync(join(home, 'allowed'), 'utf8').split(/\s+/) : []
    const passes = !existsSync(page) || allowed.includes(asked.socket.remoteAddress ?? '')
    response.writeHead(passes ? 200 : 503).end(passes ? 'the application' : readFileSync(page))
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  onTestFinished(() => void door.close())
  const address = door.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return async (localAddress: string): Promise<string> => {
    const asked = request({ host: '127.0.0.1', port, localAddress, agent: false }).end()
    const [response] = await once(asked, 'response')
    return `${response.statusCode} ${await text(response)}`
  }
}

const shownPage = {
  open: 'cp "$ROLLGATE_MAINTENANCE_PAGE" "$SHOP_HOME/page.new" && echo "$ROLLGATE_MAINTENANCE_ALLOW" > "$SHOP_HOME/allowed" && mv "$SHOP_HOME/page.new" "$SHOP_HOME/page"',
  close: 'rm -f "$SHOP_HOME/page"',
  shown: { run: 'test -e "$SHOP_HOME/page"' },
  when: 'contract',
  pages: [
    'pages/$ROLLGATE_ENVIRONMENT.html',
    'pages/$STORE.html',
    'pages/$CITY.html',
    'pages/$REGION.html',
    'pages/default.html',
  ],
}

test('the first page that the release has is shown, and allowed addresses pass; without one nothing is shown SP-45', async () => {
  const there = () => ({
    production: {
      ...lean.production,
      maintenance: { allow: ['127.0.0.2', '127.0.0.3'] },
      env: { STORE: 'shoes', REGION: 'north' },
    },
    steps: { ...lean.steps, maintenance: shownPage, migrate: { run: 'bin/migrate', phase: 'expand' } },
  })
  const stage = await aStory({ instances: 1, config: there() })
  const visit = await aDoorBy(stage.shop.env.SHOP_HOME ?? '')
  const pages = {
    default: 'back soon',
    north: 'north',
    shoes: 'shoes',
    production: 'production is back soon',
  }
  const files = (...names: readonly (keyof typeof pages)[]) =>
    Object.fromEntries(names.map((name) => [`pages/${name}.html`, pages[name]]))
  const turned = async (to: 'on' | 'off') =>
    (await does(stage, { command: 'deploy', only: `maintenance-${to}` })).main

  await stage.release('v1.0.0')
  const first = await deploys(stage, 'v1.0.0')
  expect(first.main.outputs, first.main.log.join('\n')).toMatchObject({ outcome: 'succeeded' })
  expect((await turned('on')).outputs).toMatchObject({
    ...{ outcome: 'failed', 'reason-code': 'maintenance-page-missing' },
  })
  expect([await visit('127.0.0.1'), (await ledgerOf(stage)).leases]).toEqual([
    '200 the application',
    undefined,
  ])

  const cases = [
    ['v1.1.0', files('default'), pages.default],
    ['v1.2.0', files('default', 'north'), pages.north],
    ['v1.3.0', files('default', 'north', 'shoes'), pages.shoes],
    ['v1.4.0', files('default', 'north', 'shoes', 'production'), pages.production],
  ] as const
  for (const [tag, has, page] of cases) {
    await stage.release(tag, { files: has })
    await stage.quietly(() => deploys(stage, tag))
    expect((await turned('on')).outputs).toMatchObject({ outcome: 'succeeded', mode: 'maintenance-on' })
    expect(await Promise.all(['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'].map(visit))).toEqual([
      ...[`503 ${page}`, '200 the application', '200 the application', `503 ${page}`],
    ])
    expect((await turned('off')).outputs).toMatchObject({ outcome: 'succeeded', mode: 'maintenance-off' })
    expect(await visit('127.0.0.1')).toBe('200 the application')
  }
})
