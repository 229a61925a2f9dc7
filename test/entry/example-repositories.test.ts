import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkConfig } from '../../src/entry/cli/check-config.ts'

const config = '.github/rollgate.yml'
const examples = readdirSync('examples').filter((name) => existsSync(join('examples', name, config)))

test('there are examples that are whole repositories', () => {
  expect(examples.length).toBeGreaterThan(8)
})

test.each(examples)(
  'a repository of the files of examples/%s → rollgate check finds no problem',
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'example-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    cpSync(resolve('examples', name), folder, { recursive: true })
    for (const words of [
      ['init', '--quiet'],
      ['add', '--all'],
    ])
      execFileSync('git', words, { cwd: folder })
    const { findings } = await checkConfig(folder, config, process.env)
    expect(findings.filter(({ weight }) => weight === 'problem')).toEqual([])
  },
)
