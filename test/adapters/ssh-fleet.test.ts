import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { listener } from '../contracts/shell.contract.ts'
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
