import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Host } from '../../src/domain/config/fleet.ts'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { command, listener } from '../contracts/shell.contract.ts'
import { openControlSide } from '../real/bed/ssh-control.ts'
import { hostNamed, recipeOf } from '../real/bed/ssh-recipe.ts'
import { scratch } from './real-shell.ts'

test('connections are opened ten at a time, and none any more when the fleet is closed', async () => {
  const folder = scratch()
  const openings = join(folder, 'openings')
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\necho opens >>${openings}\nexec sleep 60\n`)
  chmodSync(join(folder, 'ssh'), 0o755)
  const opened = () => (existsSync(openings) ? readFileSync(openings, 'utf8').trim().split('\n').length : 0)

  const control = openControlSide({ env: { PATH: `${folder}:${process.env.PATH}` } })
  onTestFinished(() => control.close())
  const hosts = Array.from({ length: 15 }, (_, at) => hostNamed(`web-${at + 1}`))
  const fleet = control.fleets.fleet(recipeOf(hosts))
  const ready = hosts.map((host) => fleet.prepare(host, {}, listener()))
  await eventually('ten are opened', () => opened() === 10)
  await control.fleets.close()
  const kinds = (await Promise.all(ready)).map((failure) => failure?.code)
  expect(kinds.slice(0, 10)).toEqual(Array(10).fill('host-unreachable'))
  expect(kinds.slice(10)).toEqual(Array(5).fill('interrupted'))
  expect(opened()).toBe(10)
})

test('idle connections beyond 32 are closed, and one that is needed again is opened again', async () => {
  const folder = scratch()
  // Stands for a host: the login has the shell of this machine.
  writeFileSync(
    join(folder, 'ssh'),
    `#!/bin/sh\nhost=$(echo "$*" | grep -o 'web-[0-9]*')\necho $$ >>${folder}/$host\nexec sh -s\n`,
  )
  chmodSync(join(folder, 'ssh'), 0o755)
  const pids = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n').map(Number)
  const isOpen = ({ name }: Host) => pids(name).some(isRunning)

  const control = openControlSide({ env: { PATH: `${folder}:${process.env.PATH}` } })
  onTestFinished(() => control.close())
  const hosts = Array.from({ length: 34 }, (_, at) => hostNamed(`web-${at + 1}`))
  const fleet = control.fleets.fleet(recipeOf(hosts))
  await Promise.all(hosts.map((host) => fleet.prepare(host, {}, listener())))
  const [first, second, third] = hosts
  if (first === undefined || second === undefined || third === undefined) throw new Error('no hosts')

  fleet.rest(first)
  await eventually('the first is closed', () => !isOpen(first))
  expect(hosts.filter(isOpen)).toEqual(hosts.slice(1))
  for (const host of [second, third]) fleet.rest(host)
  await eventually('the second is closed', () => !isOpen(second))
  expect(hosts.filter(isOpen)).toEqual(hosts.slice(2))

  const here = command('echo here', { shell: 'sh' })
  expect(await fleet.run(first, here, {}, listener())).toMatchObject({ tail: ['here'] })
  expect(pids(first.name)).toHaveLength(2)
  expect(await fleet.prepare(second, {}, listener())).toBeNull()
  await eventually('the third makes room for it', () => !isOpen(third))
})

test('with the start of an instance its commands are at their end, and no shell is kept ready for more', async () => {
  const folder = scratch()
  const asked = join(folder, 'asked')
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\ntee ${asked} | sh -s\n`)
  chmodSync(join(folder, 'ssh'), 0o755)
  const control = openControlSide({ env: { PATH: `${folder}:${process.env.PATH}` } })
  onTestFinished(() => control.close())
  const host = hostNamed('web-1')
  const recipe = {
    ...recipeOf([host]),
    install: command('echo in', { shell: 'sh' }),
    start: command('echo up', { shell: 'sh' }),
  }
  const fleet = control.fleets.fleet(recipe)
  for (const task of [recipe.install, recipe.start])
    expect(await fleet.run(host, task, {}, listener())).toMatchObject({ kind: 'exited', code: 0 })
  const [, ...requests] = readFileSync(asked, 'utf8').split('\nanew\n')
  expect(requests.join().split('\n').slice(-5)).toEqual([
    'script echo in',
    'run',
    'script echo up',
    'last',
    '',
  ])
})

test('a command on a host reads the whole text from its stdin, unchanged', async () => {
  const folder = scratch()
  writeFileSync(join(folder, 'ssh'), '#!/bin/sh\nexec sh -s\n')
  chmodSync(join(folder, 'ssh'), 0o755)
  const control = openControlSide({ env: { PATH: `${folder}:${process.env.PATH}` } })
  onTestFinished(() => control.close())
  const host = hostNamed('web-1')
  const fleet = control.fleets.fleet(recipeOf([host]))
  const read = async (script: string, input: string) => {
    const lines: string[] = []
    const watch = { ...listener(), answer: (line: string) => void lines.push(line), input }
    const finished = await fleet.run(host, command(script, { shell: 'sh' }), {}, watch)
    return { finished, text: lines.join('\n') }
  }

  const odd = `a  b\t\\n $HOME \`id\` '"\nROLLGATE_INPUT\n\nlast`
  expect(await read('cat; echo .', `${odd}\n`)).toMatchObject({ text: `${odd}\n.`, finished: { code: 0 } })
  const long = Array.from({ length: 2000 }, (_, at) => `key-${at} value`).join('\n')
  expect(await read('cat; echo .', `${long}\n`)).toMatchObject({ text: `${long}\n.` })
  expect(await read('cat; echo .', '')).toMatchObject({ text: '.' })
  expect(await read('while read -r line; do echo "$line"; done; exit 3', 'one\ntwo\n')).toMatchObject({
    ...{ text: 'one\ntwo', finished: { kind: 'exited', code: 3 } },
  })
})
