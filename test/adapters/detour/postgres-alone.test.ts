import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { alone, runScript } from '../../../src/adapters/detour/postgres/host/programs.ts'
import type { PostgresWork } from '../../../src/adapters/detour/postgres/means.ts'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { missingParts } from '../../real/bed/parts.ts'
import { realShell } from '../real-shell.ts'

const missing = missingParts('flock') !== null

/** Scripts on the folders of a detour, each as that of another run. */
function aHost() {
  const folder = mkdtempSync(join(tmpdir(), 'alone-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const data = join(folder, 'data')
  mkdirSync(`${data}.rollgate`)
  const work = {
    ...{ programs: realShell().shell, id: 'shop-production-7', variables: {} },
    recipe: { standIn: { data }, programs: null },
    ...{ signal: new AbortController().signal, say: () => {} },
  } as unknown as PostgresWork
  const log = join(folder, 'log')
  const run = (seconds: number, script: string) =>
    runScript(work, `${alone(seconds)}${script}`, 'The work', { values: { LOG: log } })
  return { run, said: () => readFileSync(log, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean) }
}

const slowly = 'echo begin >>"$LOG"; sleep 0.3; echo end >>"$LOG"'

test.skipIf(missing)('a script waits for that of a lost run, and both work one after another', async () => {
  const { run, said } = aHost()
  await Promise.all([run(20, slowly), run(20, slowly)])
  expect(said()).toEqual(['begin', 'end', 'begin', 'end'])
})

test.skipIf(missing)('a script that may not wait changes nothing beside another, and says why', async () => {
  const { run, said } = aHost()
  const first = run(20, slowly)
  await eventually('it works', () => said().length > 0)
  await expect(run(0, 'echo second >>"$LOG"')).rejects.toMatchObject({
    tail: [expect.stringContaining('another run still works on the folders')],
  })
  await first
  expect(said()).toEqual(['begin', 'end'])
})

test.skipIf(missing)('a server that a script starts does not hold the lock', async () => {
  const { run } = aHost()
  await run(20, '(sleep 5 >/dev/null 2>&1 </dev/null 9>&- &)')
  await run(0, 'true')
})
