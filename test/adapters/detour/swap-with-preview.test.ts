import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { createCommandDoor } from '../../../src/adapters/detour/command/door.ts'
import { sideOf } from '../../../src/domain/detour/agreement.ts'
import type { DetourSide } from '../../../src/domain/detour/side.ts'
import { found } from '../../../src/domain/reading.ts'
import { command, listener } from '../../contracts/shell.contract.ts'
import { realShell, scratch } from '../real-shell.ts'

const [, script = ''] =
  /```sh\n(#!\/bin\/sh\n# bin\/slots:[\s\S]*?)```/.exec(readFileSync('docs/blue-green.md', 'utf8')) ?? []

/** An App Service with a slot: a swap exchanges what they serve, and a preview is completed or given up. */
const az = `#!/bin/sh
case "$*" in
"webapp config appsettings list "*) cat "$CLOUD/serving" ;;
"webapp deployment slot swap "*"--action swap "*)
  echo swap >>"$CLOUD/done"
  rm -f "$CLOUD/preview"
  if [ "$(cat "$CLOUD/serving")" = home ]; then echo stand-in; else echo home; fi >"$CLOUD/next"
  mv "$CLOUD/next" "$CLOUD/serving"
  ;;
"webapp deployment slot swap "*"--action preview "*) echo preview >>"$CLOUD/done"; touch "$CLOUD/preview" ;;
"webapp deployment slot swap "*"--action reset "*) echo reset >>"$CLOUD/done"; rm -f "$CLOUD/preview" ;;
"webapp restart "*) echo restart >>"$CLOUD/done" ;;
"webapp deploy "*"--slot aside "*) echo deploy >>"$CLOUD/done" ;;
*) echo "az does not know: $*" >&2; exit 2 ;;
esac
`

function setUp() {
  const cloud = scratch()
  const bin = join(cloud, 'bin')
  mkdirSync(bin)
  for (const [name, text] of Object.entries({ az, slots: script }))
    writeFileSync(join(bin, name), text, { mode: 0o755 })
  writeFileSync(join(cloud, 'serving'), 'home\n')
  const env = { CLOUD: cloud, GROUP: 'shop', APP: 'shop', SLOT: 'aside', ROLLGATE_RELEASE: 'v1.1.0' }
  const { shell, run } = realShell({ ...env, PATH: [bin, process.env.PATH ?? ''].join(delimiter) })
  const slots = (word: string) => command(`slots ${word}`, { timeout: 10_000 })
  // The header of the answers says what serves.
  const marker = async () => found(readFileSync(join(cloud, 'serving'), 'utf8').trim() as DetourSide)
  const door = createCommandDoor(
    { kind: 'command', observe: slots('observe'), point: slots('point'), writes: null, marker: null },
    { shell, clock: createClock(), marker },
  )
  return {
    point: (side: DetourSide) => door.point(side, {}, listener()),
    side: async () => sideOf(await door.observe({}, listener().signal)),
    done: () => readFileSync(join(cloud, 'done'), 'utf8').trim().split('\n'),
    run: (word: string, mine: DetourSide) => run(`slots ${word}`, {}, { MINE: mine, ROLLGATE_SIDE: mine }),
    serve: (text: string) => writeFileSync(join(cloud, 'serving'), `${text}\n`),
  }
}

test('a release is deployed to the slot, previewed, and swapped in once, however often it is pointed to', async () => {
  const { point, side, done, run } = setUp()
  expect(await side()).toEqual(found('home'))
  expect(await run('install', 'stand-in')).toMatchObject({ code: 0 })
  expect(await run('start', 'stand-in')).toMatchObject({ code: 0 })
  for (let times = 0; times < 2; times += 1) expect(await point('stand-in')).toMatchObject({ kind: 'done' })
  expect([await side(), done()]).toEqual([found('stand-in'), ['reset', 'deploy', 'preview', 'swap']])
  expect(await run('point', 'stand-in')).toMatchObject({ code: 0 })
  expect(done().filter((one) => one === 'swap')).toHaveLength(1)
  expect(await point('home')).toMatchObject({ kind: 'done' })
  expect(await side()).toEqual(found('home'))
})

test('the side that serves is never deployed to, and a setting that tells no side is unknown', async () => {
  const { point, side, done, run, serve } = setUp()
  expect(await run('install', 'home')).toMatchObject({ code: 1 })
  expect(await run('start', 'home')).toMatchObject({ code: 0 })
  expect(done()).toEqual(['restart'])
  serve('')
  expect((await side()).kind).toBe('unknown')
  expect(await point('stand-in')).toMatchObject({ kind: 'failed' })
  expect(await run('install', 'stand-in')).toMatchObject({ code: 75 })
})
