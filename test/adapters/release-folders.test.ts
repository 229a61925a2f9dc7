import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createLocalFleet } from '../../src/adapters/local-fleet.ts'
import type { FleetControl, Variables } from '../../src/pipeline/ports.ts'
import { about, releaseFoldersContract, there, web1 } from '../contracts/release-folders.contract.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { aCommand, aRelease } from '../domain/a-plan.ts'
import { createFakeClock } from '../fakes/fake-clock.ts'
import { createFakeProber } from '../fakes/fake-prober.ts'
import { createMemoryFolders } from '../fakes/memory-folders.ts'
import { realShell } from './real-shell.ts'

const prepare = { command: aCommand('prepare'), unless: null, keep: 5, clear: null }

function atHome(): { home: string; fleet: FleetControl } {
  const home = mkdtempSync(join(tmpdir(), 'home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const { shell } = realShell()
  const prober = createFakeProber(createFakeClock())
  return { home, fleet: createLocalFleet({ prepare }, { shell, prober, home }) }
}

releaseFoldersContract('this machine', () => atHome().fleet.folders)
releaseFoldersContract('memory', createMemoryFolders)

describe('folders of releases on this machine', () => {
  const watch = listener()
  const folderOf = async (fleet: FleetControl, seen: Variables): Promise<string> => {
    const heard = listener()
    await fleet.run(web1, command('printf "%s\\n" "$ROLLGATE_RELEASE_DIR"'), seen, heard)
    return heard.lines.join('\n')
  }
  const bring = async ({ folders }: FleetControl, seen: Variables) => [
    await folders.begin(web1, seen, watch),
    await folders.finish(web1, seen, null, watch),
  ]

  test('commands see the folder of their release, which is there and empty once it was begun', async () => {
    const { fleet, home } = atHome()
    const folder = await folderOf(fleet, about('v1'))
    expect(folder.startsWith(`${home}/`)).toBe(true)
    expect(folder.endsWith(`/${aRelease('v1').sha}`)).toBe(true)
    await fleet.folders.begin(web1, about('v1'), watch)
    writeFileSync(join(folder, 'half'), '')
    await fleet.folders.begin(web1, about('v1'), watch)
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    { ROLLGATE_APP: 'blog' },
    { ROLLGATE_ENVIRONMENT: 'review/pr 1' },
    { ROLLGATE_ENVIRONMENT: '..' },
    { ROLLGATE_ENVIRONMENT: "it's $(touch here) `x` %2e\\" },
    { ROLLGATE_ENVIRONMENT: '–'.repeat(200) },
    { ROLLGATE_SERVICE: '-rf' },
    { ROLLGATE_INSTANCE: 'web-2' },
    { ROLLGATE_INSTANCE: '' },
  ])('releases of %o are other ones, and neither clears the other', async (change) => {
    const { fleet, home } = atHome()
    const [mine, other] = [about('v1'), about('v1', change)]
    expect(await folderOf(fleet, mine)).not.toBe(await folderOf(fleet, other))
    expect([...(await bring(fleet, mine)), ...(await bring(fleet, other))]).toEqual([null, null, null, null])
    const commits = [aRelease('v1').sha]
    expect(await fleet.folders.clear(web1, mine, commits, watch)).toBeNull()
    expect(await fleet.folders.list(web1, mine, watch)).toEqual([])
    expect(await fleet.folders.list(web1, other, watch)).toEqual([there('v1')])
    expect(readdirSync(home)).toEqual(['.rollgate-releases'])
  })

  test('a folder that vanished, or was never marked, is not whole, whatever its mark says', async () => {
    const { fleet } = atHome()
    await bring(fleet, about('v1'))
    rmSync(await folderOf(fleet, about('v1')), { recursive: true })
    mkdirSync(await folderOf(fleet, about('v2')))
    expect(await fleet.folders.list(web1, about('v3'), watch)).toEqual([there('v1', false)])
  })

  test('a folder that a command has removed is not marked', async () => {
    const { fleet } = atHome()
    await fleet.folders.begin(web1, about('v1'), watch)
    rmSync(await folderOf(fleet, about('v1')), { recursive: true })
    const failure = await fleet.folders.finish(web1, about('v1'), null, watch)
    expect(failure).toMatchObject({ code: 'host-unfit', what: expect.stringContaining('gone') })
  })

  test('only what is marked is cleared: a folder beside stays, and so does what a link leads to', async () => {
    const { fleet, home } = atHome()
    await bring(fleet, about('v1'))
    const folder = await folderOf(fleet, about('v1'))
    const foreign = folder.replace(aRelease('v1').sha, aRelease('v2').sha)
    mkdirSync(foreign)
    mkdirSync(join(home, 'shared'))
    symlinkSync(join(home, 'shared'), join(folder, 'shared'))
    const commits = [aRelease('v1').sha, aRelease('v2').sha]
    expect(await fleet.folders.clear(web1, about('v3'), commits, watch)).toBeNull()
    expect([folder, foreign, join(home, 'shared')].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
    ])
  })

  test('a clearing that was killed leaves nothing that counts as a release, and the next one ends it', async () => {
    const { fleet } = atHome()
    await bring(fleet, about('v1'))
    const folder = await folderOf(fleet, about('v1'))
    rmSync(`${folder}.release`)
    writeFileSync(`${folder}.clearing`, 'whole - v1\n')
    expect(await fleet.folders.list(web1, about('v2'), watch)).toEqual([there('v1', false)])
    expect(await fleet.folders.clear(web1, about('v2'), [aRelease('v1').sha], watch)).toBeNull()
    expect(readdirSync(join(folder, '..'))).toEqual([])
  })

  test('a release with read-only folders in it is cleared', async () => {
    const { fleet } = atHome()
    await bring(fleet, about('v1'))
    const folder = await folderOf(fleet, about('v1'))
    mkdirSync(join(folder, 'modules'))
    writeFileSync(join(folder, 'modules', 'one'), '')
    chmodSync(join(folder, 'modules'), 0o555)
    expect(statSync(join(folder, 'modules')).mode & 0o777).toBe(0o555)
    expect(await fleet.folders.clear(web1, about('v2'), [aRelease('v1').sha], watch)).toBeNull()
    expect(existsSync(folder)).toBe(false)
  })

  test('a place that is a file is named, and nothing is taken for absent', async () => {
    const { fleet, home } = atHome()
    writeFileSync(join(home, '.rollgate-releases'), '')
    const failure = await fleet.folders.begin(web1, about('v1'), watch)
    expect(failure).toMatchObject({
      code: 'host-unfit',
      what: expect.stringMatching(/~\/\.rollgate-releases/),
    })
  })
})
