import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { byTurns } from '../init/by-turns.ts'
import { draftOf } from '../init/drafted.ts'
import { freePort } from '../init/free-port.ts'
import { type RepositoryKind, repositories } from '../init/repositories.ts'
import { standIns } from '../init/stand-ins.ts'

/** Kinds whose script says what runs, on stand-ins for the programs that it calls. */
const kinds = [
  'node',
  'compose',
  'dockerfile',
  'units',
  'laravel',
  'rails',
  'django',
  'kamal',
  'spryker',
  'pages',
  'go',
  'java',
  'procfile',
] as const satisfies readonly RepositoryKind[]

const [first, second] = ['a'.repeat(40), 'b'.repeat(40)]

/** A checkout with the script in it, and a way to call that as Rollgate does. */
async function machine(kind: RepositoryKind) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'script-')))
  const variables = standIns(folder)
  const draft = await draftOf(repositories[kind])
  const checkout = join(folder, 'checkout')
  for (const [path, text] of Object.entries({
    ...repositories[kind],
    // A tool that reaches its hosts by itself finds the release in its files.
    'notes.txt': 'v1\n',
    [draft.script.path]: draft.script.text,
  })) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true })
    writeFileSync(join(checkout, path), text)
  }
  const script = join(checkout, draft.script.path)
  chmodSync(script, 0o755)
  const env = {
    ...variables,
    ROLLGATE_ENVIRONMENT: 'production',
    ROLLGATE_RELEASE: 'v1',
    ROLLGATE_INSTANCE: 'shop-1',
    ROLLGATE_CHECKOUT: checkout,
    PORT: String(await freePort()),
  }
  const call = (word: string, sha: string): { readonly code: number | null; readonly out: string } => {
    const { status, stdout, stderr } = spawnSync(script, [word], {
      cwd: checkout,
      env: { ...env, ROLLGATE_SHA: sha },
      encoding: 'utf8',
      timeout: 20_000,
    })
    return { code: status, out: `${stdout}${status === 0 ? '' : stderr}`.trim() }
  }
  const takes = (word: string): boolean => new RegExp(`^  ${word}\\)`, 'm').test(draft.script.text)
  onTestFinished(() => {
    if (takes('stop')) call('stop', second)
    rmSync(folder, { recursive: true, force: true })
  })
  return { call, takes }
}

/** A few by turns; `ROLLGATE_INIT_KINDS=all` takes every one. */
const chosen = process.env.ROLLGATE_INIT_KINDS === 'all' ? kinds : byTurns(kinds, 4)

describe('a script of rollgate init', () => {
  test.each(chosen)(
    '%s: takes one release after another, says which runs, and takes the first again',
    async (kind) => {
      const { call, takes } = await machine(kind)
      for (const sha of [first, second, first]) {
        for (const word of ['build', 'migrate', 'stop', 'install', 'start'].filter(takes))
          expect([word, call(word, sha)]).toMatchObject([word, { code: 0 }])
        if (takes('healthy')) await expect.poll(() => call('healthy', sha).code, { timeout: 20_000 }).toBe(0)
        expect(call('version', sha).out).toBe(sha)
      }
      if (!takes('stop')) return
      expect(call('stop', first)).toMatchObject({ code: 0 })
      expect(call('stop', first)).toMatchObject({ code: 0 })
      if (takes('healthy')) expect(call('healthy', first).code).not.toBe(0)
    },
  )
})
