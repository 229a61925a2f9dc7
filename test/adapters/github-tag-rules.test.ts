import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/adapters/github/connection.ts'
import { tagRules } from '../../src/adapters/github/tag-rules.ts'
import { absent, found } from '../../src/domain/reading.ts'
import type { TagRuleset } from '../../src/sandbox/github/answers/rulesets.ts'
import { startGitHub } from '../../src/sandbox/github/github.ts'

type Rulesets = Readonly<Record<string, Partial<Omit<TagRuleset, 'name'>>>>

async function aGitHub(rulesets: Rulesets) {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-rules-'))
  const sandbox = await startGitHub({ folder, repository: 'acme/shop' })
  onTestFinished(async () => {
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
    expect(sandbox.violations).toEqual([])
  })
  for (const [name, ruleset] of Object.entries(rulesets)) sandbox.tagRuleset(name, ruleset)
  // The permissions of every token.
  const token = sandbox.token('github-actions[bot]', {})
  const github = connect({ token, apiUrl: sandbox.url, repository: sandbox.repository, say() {}, second: 1 })
  return { sandbox, github }
}

describe('the rules that keep a tag MM-08', () => {
  test.each<[title: string, tag: string, rulesets: Rulesets, kept: readonly string[]]>([
    ['are none where there are none', 'v1.0.0', {}, []],
    [
      'cover all tags, or those of a pattern',
      'v1.0.0',
      { all: {}, versions: { include: ['refs/tags/v*'] } },
      ['all', 'versions'],
    ],
    ['cover no tag of another pattern', 'w1.0.0', { versions: { include: ['refs/tags/v*'] } }, []],
    [
      'take * for no slash',
      'v1/a',
      { versions: { include: ['refs/tags/v*'] }, deep: { include: ['refs/tags/v**/*'] } },
      ['deep'],
    ],
    ['leave out what they exclude', 'v1.0.0', { all: { exclude: ['refs/tags/v1.*'] } }, []],
    ['are in force', 'v1.0.0', { tried: { enforcement: 'evaluate' }, off: { enforcement: 'disabled' } }, []],
    [
      'say nothing where a tag could still be deleted and made anew',
      'v1.0.0',
      { half: { rules: ['update'] } },
      [],
    ],
    [
      'do it together',
      'v1.0.0',
      { one: { rules: ['update'] }, other: { rules: ['deletion'] }, new: { rules: ['creation'] } },
      ['one', 'other'],
    ],
  ])('%s', async (_title, tag, rulesets, kept) => {
    const { github } = await aGitHub(rulesets)
    expect(await tagRules(github, tag)).toEqual(kept.length === 0 ? absent : found(kept))
  })

  test('are none where the plan of the account has none', async () => {
    const { sandbox, github } = await aGitHub({ all: {} })
    const body = { message: 'Upgrade to GitHub Pro or make this repository public to enable this feature.' }
    sandbox.inject({
      on: { operation: 'repos/get-repo-rulesets' },
      with: { kind: 'status', status: 403, body },
    })
    expect(await tagRules(github, 'v1.0.0')).toEqual(absent)
  })

  test('are unknown where the token may not read them, or GitHub shows none of the repository F03', async () => {
    for (const status of [403, 404]) {
      const { sandbox, github } = await aGitHub({ all: {} })
      const body = { message: status === 403 ? 'Resource not accessible by integration' : 'Not Found' }
      sandbox.inject({ on: { operation: 'repos/get-repo-rulesets' }, with: { kind: 'status', status, body } })
      expect(await tagRules(github, 'v1.0.0')).toMatchObject({
        kind: 'unknown',
        why: { code: 'permission-missing' },
      })
    }
  })

  test('are not taken for none when a limit refuses to tell of them', async () => {
    const { sandbox, github } = await aGitHub({ all: {} })
    const body = { message: 'You have exceeded a secondary rate limit' }
    const limited = { kind: 'status', status: 403, headers: { 'retry-after': '3600' }, body } as const
    const on = { operation: 'repos/get-repo-rulesets' } as const
    sandbox.inject({ on, with: limited, times: Number.POSITIVE_INFINITY })
    const unavailable = { kind: 'unknown', why: { code: 'github-unavailable' } }
    expect(await tagRules(github, 'v1.0.0')).toMatchObject(unavailable)
  })

  test('are not taken for none when GitHub is down', async () => {
    const { sandbox, github } = await aGitHub({ all: {} })
    const down = {
      on: { operation: 'repos/get-repo-ruleset' },
      with: { kind: 'status', status: 502 },
    } as const
    sandbox.inject({ ...down, times: Number.POSITIVE_INFINITY })
    const unavailable = { kind: 'unknown', why: { code: 'github-unavailable' } }
    expect(await tagRules(github, 'v1.0.0')).toMatchObject(unavailable)
  })
})
