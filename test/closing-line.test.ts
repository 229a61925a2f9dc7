import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

/** Returns the closing lines of a run of vitest over one file. */
function closingLines(text: string): { status: number | null; lines: readonly string[] } {
  const root = mkdtempSync(join(tmpdir(), 'rollgate-closing-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  writeFileSync(join(root, 'some.test.js'), text)
  const words = ['run', '--root', root, '--globals', '--reporter', resolve('test/closing-line.ts')]
  const { status, stdout } = spawnSync(
    process.execPath,
    [resolve('node_modules/vitest/vitest.mjs'), ...words],
    {
      encoding: 'utf8',
    },
  )
  return { status, lines: stdout.trim().split('\n') }
}

test('a hook that throws → its suite is named and counted as failed, though its tests are skipped', () => {
  const text = `
    describe('a bed', () => {
      beforeAll(() => { throw new Error('it cannot stand') })
      test('one', () => {})
      test('two', () => {})
    })
    describe('another', () => {
      afterAll(() => { throw new Error('it cannot end') })
      test('three', () => {})
    })`
  expect(closingLines(text)).toEqual({
    status: 1,
    lines: [
      'failed: a bed: it cannot stand',
      'failed: another: it cannot end',
      '1 passed, 2 failed, 2 skipped',
    ],
  })
})

test('a file that cannot be loaded → it is named and counted as failed', () => {
  expect(closingLines("throw new Error('no such part')")).toEqual({
    status: 1,
    lines: ['failed: some.test.js: no such part', '0 passed, 1 failed'],
  })
})
