import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('an error that nobody caught is told in lines that the runner does not obey F52', () => {
  // Thrown once the entry is listening, or soon after where it does not.
  const throwing = `let left = 200
    const timer = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0 && --left > 0) return
      clearInterval(timer)
      throw new Error('a host said\\n::error::owned\\n##[add-mask]no')
    }, 20)`
  const preload = `data:text/javascript,${encodeURIComponent(throwing)}`
  const { INPUT_COMMAND: _none, GITHUB_STEP_SUMMARY: _page, GITHUB_OUTPUT: _file, ...env } = process.env
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', preload, new URL('../../src/entry/main.ts', import.meta.url).pathname],
    { encoding: 'utf8', env },
  )
  expect(status).toBe(1)
  expect(stderr).not.toContain('owned')
  expect(stdout).toMatch(/^::stop-commands::(\S+)\n[\s\S]*^::error::owned\n[\s\S]*^::\1::$/m)
})
