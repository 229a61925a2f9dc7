import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Variables } from '../../src/pipeline/ports.ts'
import { listener } from '../contracts/shell.contract.ts'
import { missingParts } from './bed/parts.ts'
import { hostNamed } from './bed/ssh-recipe.ts'
import { overSsh } from './bed/ssh-story.ts'
import { type SshdFarm, startSshd } from './bed/sshd.ts'

const sha = 'a'.repeat(40)
const release: Variables = { ROLLGATE_APP: 'shop', ROLLGATE_SHA: sha }
const shaOf = (at: number): string => String(at).repeat(40)
const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 256))
const digest = createHash('sha256').update(content).digest('hex')

describe.skipIf(missingParts('sshd') !== null)('an artifact on a real host', () => {
  let farm: SshdFarm
  let releases = ''
  let kept = ''
  beforeEach(async () => {
    farm = await startSshd({ hosts: 1 })
    onTestFinished(() => farm.close())
    releases = join(farm.hosts[0]?.home ?? '', '.rollgate', 'shop')
    kept = join(releases, sha, 'the shop.tar')
  })

  const releasesThere = () =>
    readdirSync(releases)
      .filter((name) => !name.startsWith('.'))
      .toSorted()

  /** A run with this file in its checkout, or with none. `bring` does so for a release. */
  function story(file: Uint8Array | null = content) {
    const made = overSsh(farm, { fleet: { upload: 'build/the shop.tar' } })
    const { checkout } = made.control
    mkdirSync(join(checkout, 'build'))
    if (file !== null) writeFileSync(join(checkout, 'build/the shop.tar'), file)
    const bring = (more: Variables = {}) =>
      made.prepare('web-1', { ...release, ROLLGATE_CHECKOUT: checkout, ...more })
    return { ...made, bring }
  }

  test('is brought with its digest, and a command sees where it is', async () => {
    const { bring, run } = story()
    expect(await bring()).toBe(null)
    expect(readFileSync(kept).equals(content)).toBe(true)
    expect(readFileSync(`${kept}.sha256`, 'utf8')).toBe(`${digest}  the shop.tar\n`)
    expect(readdirSync(join(releases, '..'))).toEqual(['shop'])
    const ran = await run('cd /; wc -c <"$ROLLGATE_ARTIFACT"; dirname "$ROLLGATE_ARTIFACT"', {}, release)
    expect(ran.lines).toEqual([String(content.length), join(releases, sha)])
  })

  test('comes from the checkout of the release, where there is one', async () => {
    const { bring, control } = story(null)
    const checkout = join(control.checkout, 'another')
    mkdirSync(join(checkout, 'build'), { recursive: true })
    writeFileSync(join(checkout, 'build/the shop.tar'), 'of the release')
    expect(await bring({ ROLLGATE_CHECKOUT: checkout })).toBe(null)
    expect(readFileSync(kept, 'utf8')).toBe('of the release')
  })

  test('is sent once, by whoever asks and however often', async () => {
    const { fleet, bring, control } = story()
    const watch = listener()
    const ask = () =>
      fleet.prepare(hostNamed('web-1'), { ...release, ROLLGATE_CHECKOUT: control.checkout }, watch)
    expect(await Promise.all([ask(), ask()])).toEqual([null, null])
    expect(await ask()).toBe(null)
    expect(watch.lines).toEqual([`the shop.tar is on web-1, sha256 ${digest}`])

    const { ino } = statSync(kept)
    expect(await story().bring()).toBe(null)
    expect(statSync(kept).ino).toBe(ino)
    expect(await bring({ ROLLGATE_SHA: 'b'.repeat(40) })).toBe(null)
    expect(releasesThere()).toHaveLength(2)
  })

  test('that was spoilt over there is sent anew', async () => {
    expect(await story().bring()).toBe(null)
    writeFileSync(kept, 'spoilt')
    expect(await story().bring()).toBe(null)
    expect(readFileSync(kept).equals(content)).toBe(true)
  })

  test('that arrives as something else is refused, and not kept', async () => {
    const { run, bring } = story()
    await run(
      `mkdir bin
        cat >bin/cat <<'END'
#!/bin/sh
case $(readlink /proc/$$/fd/1) in *incoming*) exec head -c 1000 ;; esac
exec /bin/cat "$@"
END
        chmod +x bin/cat`,
    )
    expect(await bring()).toMatchObject({ code: 'artifact-differs' })
    expect(readdirSync(join(releases, '..'))).toEqual([])
  })

  test('that is not here any more is the one that the host has kept, if it is as it was brought', async () => {
    const missing = { code: 'artifact-missing', what: expect.stringContaining('build/the shop.tar') }
    expect(await story(null).bring()).toMatchObject(missing)
    expect(await story().bring()).toBe(null)
    expect(await story(null).bring()).toBe(null)
    writeFileSync(kept, 'spoilt')
    expect(await story(null).bring()).toMatchObject(missing)
    writeFileSync(kept, content)
    rmSync(`${kept}.sha256`)
    expect(await story(null).bring()).toMatchObject(missing)
  })

  test('a file that a release lacks is not looked for in another release', async () => {
    expect(await story().bring({ ROLLGATE_CHECKOUT: '' })).toMatchObject({ code: 'artifact-missing' })
    expect(await story().bring()).toBe(null)
    expect(await story(Buffer.from('another')).bring({ ROLLGATE_CHECKOUT: '' })).toBe(null)
    expect(readFileSync(kept).equals(content)).toBe(true)
  })

  test('pushes out all but the five that were used last', async () => {
    const { bring } = story()
    for (const at of [1, 2, 3, 4, 5]) expect(await bring({ ROLLGATE_SHA: shaOf(at) })).toBe(null)
    expect(await story().bring({ ROLLGATE_SHA: shaOf(1) })).toBe(null)
    expect(await bring({ ROLLGATE_SHA: shaOf(6) })).toBe(null)
    expect(releasesThere()).toEqual([1, 3, 4, 5, 6].map(shaOf))
  })

  test('does not push out the one that served before', async () => {
    const { bring } = story()
    const served = { ROLLGATE_PREVIOUS_SHA: shaOf(1) }
    for (const at of [1, 2, 3, 4, 5, 6, 7])
      expect(await bring({ ...served, ROLLGATE_SHA: shaOf(at) })).toBe(null)
    expect(releasesThere()).toEqual([1, 4, 5, 6, 7].map(shaOf))
  })

  test('does not push out what another environment on the host needs', async () => {
    const { bring } = story()
    const staging = { ROLLGATE_ENVIRONMENT: 'sta ging/2', ROLLGATE_SERVICE: 'web' }
    expect(await bring({ ...staging, ROLLGATE_SHA: shaOf(1), ROLLGATE_PREVIOUS_SHA: shaOf(2) })).toBe(null)
    for (const at of [2, 3, 4, 5, 6, 7, 8]) expect(await bring({ ROLLGATE_SHA: shaOf(at) })).toBe(null)
    expect(releasesThere()).toEqual([1, 2, 4, 5, 6, 7, 8].map(shaOf))
    expect(await bring({ ...staging, ROLLGATE_SHA: shaOf(9) })).toBe(null)
    expect(releasesThere()).not.toContain(shaOf(1))
  })

  test('that cannot be written says why F02', async () => {
    const { bring, run } = story()
    await run('mkdir .rollgate; chmod a-w .rollgate')
    expect(await bring()).toMatchObject({
      code: 'host-unfit',
      what: 'The artifact could not be put on web-1: the login may not write there (~/.rollgate).',
      tail: [expect.any(String)],
    })
  })
})
