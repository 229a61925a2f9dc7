import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { writeMapFile } from '../../../src/adapters/detour/haproxy/map-file.ts'
import { writeMapFiles } from '../../../src/adapters/detour/haproxy/map-files.ts'
import { createHaproxyDoor } from '../../../src/adapters/detour/haproxy-door.ts'
import type { HaproxyDoor } from '../../../src/domain/config/detour-recipe.ts'
import { found } from '../../../src/domain/reading.ts'
import type { Shell } from '../../../src/pipeline/ports.ts'
import { realShell } from '../real-shell.ts'

const { signal } = new AbortController()

/** Two hosts, each with a file of the map at the same path. */
function twoHosts() {
  const hosts = ['lb-1', 'lb-2'].map((name) => {
    const { shell, folder } = realShell()
    const file = join(folder, 'sides.map')
    writeFileSync(file, '# the side that serves\nside home\nwrites open\n')
    return { name, programs: shell, file }
  })
  const recipe: HaproxyDoor = {
    ...{ kind: 'haproxy', sockets: [], map: 'sides.map', key: 'side', writesKey: 'writes', on: [] },
    backends: { home: 'home', 'stand-in': 'aside' },
    marker: {
      addresses: [],
      header: 'x-side',
      values: { home: 'home', 'stand-in': 'stand-in' },
      timeout: 100,
    },
  }
  const door = createHaproxyDoor(recipe, { clock: createClock(), hosts })
  const [one, other] = hosts
  if (one === undefined || other === undefined) throw new Error('there are two hosts')
  return {
    ...{ one, other },
    written: () => hosts.map(({ file }) => readFileSync(file, 'utf8').match(/^side (.*)$/m)?.[1]),
    seen: async () => (await door.observe({}, signal)).file,
    write: (value: string) =>
      writeMapFiles({ hosts, file: 'sides.map', variables: {}, signal }, 'side', value),
  }
}

test('a side is written to the file of every host, and is seen where all say it', async () => {
  const { written, seen, write } = twoHosts()
  expect(await seen()).toEqual(found('home'))
  await write('aside')
  expect([written(), await seen()]).toEqual([['aside', 'aside'], found('stand-in')])
})

test('files that differ are unknown, and the words say what each host has', async () => {
  const { one, seen } = twoHosts()
  writeFileSync(one.file, 'side aside\nwrites open\n')
  expect(await seen()).toMatchObject({
    kind: 'unknown',
    why: { what: 'The files of the map sides.map differ for side: aside on lb-1, home on lb-2.' },
  })
  writeFileSync(one.file, 'writes open\n')
  expect(await seen()).toMatchObject({ why: { what: expect.stringContaining('nothing on lb-1') } })
})

test('a host whose file is gone is named as stuck, beside one that is done, and nothing is known', async () => {
  const { other, written, seen, write } = twoHosts()
  rmSync(other.file)
  await expect(write('aside')).rejects.toThrow('lb-1 is done; lb-2 is stuck.')
  expect(await seen()).toMatchObject({ kind: 'unknown' })
  writeFileSync(other.file, 'side home\nwrites open\n')
  expect(await seen()).toMatchObject({ kind: 'unknown' })
  await write('aside')
  expect([written(), await seen()]).toEqual([['aside', 'aside'], found('stand-in')])
})

const besideMap = (file: string): string[] =>
  readdirSync(dirname(file)).filter((name) => name.startsWith('sides.map'))

test.each([0, 12])(
  'a run that is killed after it gave %i bytes of the text leaves the file as it was',
  async (bytes) => {
    const { one } = twoHosts()
    const cut: Shell = {
      run: (command, variables, { input, ...watch }) =>
        one.programs.run(command, variables, {
          ...watch,
          ...(input === undefined ? {} : { input: input.slice(0, bytes) }),
        }),
    }
    const before = readFileSync(one.file, 'utf8')
    const file = { programs: cut, file: 'sides.map', variables: {}, signal }
    await expect(writeMapFile(file, 'side', 'aside')).rejects.toThrow('cut short')
    expect(readFileSync(one.file, 'utf8')).toBe(before)
    expect(besideMap(one.file)).toEqual(['sides.map'])
  },
)

test('a copy that a lost run left goes, and that run can move it no more', async () => {
  const { one, write, written } = twoHosts()
  writeFileSync(`${one.file}.rollgate-1`, 'side home\n')
  await write('aside')
  expect([besideMap(one.file), written()]).toEqual([['sides.map'], ['aside', 'aside']])
})
