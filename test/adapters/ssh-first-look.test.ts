import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFirstLooks } from '../../src/adapters/ssh/first-look.ts'
import { about, there, web1 } from '../contracts/release-folders.contract.ts'
import { listener } from '../contracts/shell.contract.ts'
import { aCommand } from '../domain/a-plan.ts'
import { openControlSide } from '../real/bed/ssh-control.ts'
import { hostNamed, recipeOf } from '../real/bed/ssh-recipe.ts'
import { scratch } from './real-shell.ts'

const prepare = { command: aCommand('prepare'), unless: null, keep: 5, clear: null }

/** One host that is a folder here, and the scripts that it was asked to run. */
function aHost() {
  const [folder, home] = [scratch(), scratch()]
  const asked = join(folder, 'asked')
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\ncd '${home}' && tee ${asked} | HOME='${home}' sh -s\n`)
  chmodSync(join(folder, 'ssh'), 0o755)
  const control = openControlSide({ env: { PATH: `${folder}:${process.env.PATH}` } })
  onTestFinished(() => control.close())
  const fleet = control.fleets.fleet({
    ...recipeOf([hostNamed('web-1')]),
    upload: 'build/shop.tar',
    prepare,
  })
  const scripts = () => readFileSync(asked, 'utf8').match(/^(?:run|last)$/gm)?.length ?? 0
  return { folder, home, fleet, scripts }
}

/** A run knows of the file a digest that the host is to have recorded. */
const cargo = {
  wanted: () => null,
  obtain: async () => expect.fail('the file is there'),
  accepts: () => true,
  keeping: { keep: 5, needed: [] },
}

async function withRelease() {
  const host = aHost()
  const { home, fleet } = host
  const watch = listener()
  const seen = about('v1', { ROLLGATE_CHECKOUT: '.' })
  await fleet.folders.begin(web1, seen, watch)
  await fleet.folders.finish(web1, seen, null, watch)
  const kept = join(home, '.rollgate', seen.ROLLGATE_APP ?? '', seen.ROLLGATE_SHA ?? '')
  mkdirSync(kept, { recursive: true })
  writeFileSync(join(kept, 'shop.tar'), '')
  const ofNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  writeFileSync(join(kept, 'shop.tar.sha256'), `${ofNothing}  shop.tar\n`)
  const before = host.scripts()
  const list = () => fleet.folders.list(web1, seen, watch)
  return { ...host, seen, watch, list, more: () => host.scripts() - before }
}

test('the artifact and the releases of a host → one script looks for both', async () => {
  const { fleet, seen, watch, list, more } = await withRelease()
  expect(await fleet.prepare(web1, seen, watch, cargo)).toBeNull()
  expect(await list()).toEqual([there('v1')])
  expect(more()).toBe(1)
})

test('a list was told already → the next one is a look of its own', async () => {
  const { fleet, seen, watch, list, more } = await withRelease()
  await fleet.prepare(web1, seen, watch, cargo)
  await list()
  expect(await list()).toEqual([there('v1')])
  expect(more()).toBe(2)
})

test('a release is begun after the look → the list is read again', async () => {
  const { fleet, seen, watch, list } = await withRelease()
  await fleet.prepare(web1, seen, watch, cargo)
  await fleet.folders.begin(web1, seen, watch)
  expect(await list()).toEqual([there('v1', false)])
})

test('the releases cannot be listed → the artifact is found all the same, and the list says why', async () => {
  const { folder, fleet, seen, watch, list } = await withRelease()
  writeFileSync(join(folder, 'ls'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  expect(await fleet.prepare(web1, seen, watch, cargo)).toBeNull()
  expect(await list()).toMatchObject({ code: 'command-failed' })
})

test('a look is older than a minute, or has no end → it does not count', () => {
  let now = 0
  const looks = createFirstLooks(() => now)
  const remote = {} as Parameters<typeof looks.keep>[0]
  const words = { PLACE: 'shop', SHA: 'abc' }
  looks.keep(remote, words, ['whole abc - v1', 'end', 'kept 1'])
  now = 60_000
  expect(looks.take(remote, words)).toEqual(['whole abc - v1', 'end'])
  looks.keep(remote, words, ['end', 'absent'])
  now = 120_001
  expect(looks.take(remote, words)).toBeNull()
  looks.keep(remote, words, ['whole abc - v1', 'unlisted', 'absent'])
  expect(looks.take(remote, words)).toBeNull()
})
