import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { EndedProcess } from '../../src/sandbox/runner/runner.ts'
import type { Job } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import { aStory, deploys, does, lean, type Story, serving, unguarded, versions } from './story.ts'

const config = '.github/rollgate.yml'
const plan = { command: 'plan', release: 'v1.0.0' }

/** A problem with this code, and these words in its annotation. */
function expectProblem({ main }: Job, code: string, ...words: string[]): void {
  expect(main.code).toBe(1)
  expect(main.outputs['reason-code']).toBe(code)
  const error = main.log.find((line) => line.startsWith('::error'))
  for (const word of words) expect(error).toContain(word)
}

function expectUntouched({ shop, github }: Story): void {
  expect(shop.journal()).toEqual([])
  expect(github.deployments).toEqual([])
  expect(ledgerRefs(github.gitDir)).toBe('')
}

const ledgerRefs = (gitDir: string): string => git(gitDir, 'for-each-ref', 'refs/rollgate').trim()
const git = (gitDir: string, ...words: string[]): string =>
  execFileSync('git', ['--git-dir', gitDir, ...words], { encoding: 'utf8' })

test('a config that is missing or wrong, on the default branch or in the release, is named with file, line and key CC-02 MM-03', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const { github } = stage
  await stage.release('v1.0.0')
  const good = git(github.gitDir, 'show', `v1.0.0:${config}`)
  await github.commit('main', { [config]: null }, 'No config any more')
  expectProblem(await does(stage, plan), 'config-missing', `There is no ${config} on the default branch.`)

  const wrong = good.replace('class: production', 'clas: production')
  const line = wrong.split('\n').findIndex((each) => each.includes('clas:')) + 1
  await github.commit('main', { [config]: wrong }, 'A key misspelt')
  expectProblem(
    await does(stage, plan),
    'config-invalid',
    `${config}:${line}`,
    'environments.production',
    '`class`',
  )

  await github.commit('main', { [config]: 'version: 1\nenvironments: [\n' }, 'No YAML')
  expectProblem(await does(stage, plan), 'config-invalid', `${config}:`)

  const late = good.replace(/(self-test\n +timeout:) \w+/, '$1 3')
  await github.commit('main', { [config]: late }, 'Release v1.1.0', { tag: 'v1.1.0' })
  await github.commit('main', { [config]: null }, 'Release v1.2.0', { tag: 'v1.2.0' })
  await stage.policy({})
  expectProblem(
    await does(stage, { ...plan, release: 'v1.1.0' }),
    'config-invalid',
    'services.web.self-test.timeout',
    'write a unit, like 3s',
  )
  expectProblem(await does(stage, { ...plan, release: 'v1.2.0' }), 'config-missing', `no ${config} on v1.2.0`)
  expectUntouched(stage)
  stage.asksAtMost(20)
})

test('tags that are not there, are branches too, or are no names; inputs with wrong values MM-01 MM-03 CC-05 SD-41', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const sha = await stage.release('v1.0.0')
  await stage.github.branch('v1.0.0', sha)
  expectProblem(await does(stage, plan), 'tag-ambiguous', 'v1.0.0 is a tag and a branch too')
  const tags = [
    ['v9.9.9', 'tag-missing'],
    ['main', 'tag-missing'],
    ['--upload-pack=touch', 'tag-invalid'],
    ['v1 0', 'tag-invalid'],
    ['../v1', 'tag-invalid'],
    ['refs/tags/v1.0.0', 'tag-invalid'],
  ] as const
  for (const [release, code] of tags) expectProblem(await does(stage, { ...plan, release }), code)

  const inputs: [Record<string, string> & { command: string }, string][] = [
    [{ command: 'deplyo' }, 'The input command is "deplyo".'],
    [{ command: 'plan' }, 'The input release is empty.'],
    [{ ...plan, environment: ' ' }, 'The input environment is empty.'],
    [{ ...plan, redeploy: 'yes' }, 'Use one of true, false.'],
    [{ ...plan, mode: 'undo' }, 'Use one of deploy, rollback, restart, task, decision.'],
    [{ command: 'decide', pause: '1.1', decision: 'force' }, 'The input decision is "force".'],
    [{ command: 'deploy', plan: '{"schema":1}' }, 'The input plan has schema 1'],
  ]
  for (const [asked, words] of inputs)
    expectProblem(await does(stage, asked, { options: { sha } }), 'input-invalid', words)
  expectUntouched(stage)
  stage.asksAtMost(45)
})

test('a token that may not do it: the permission is named, and nothing changes CC-01 GH-12', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const { github } = stage
  await stage.release('v1.0.0')
  const token = (permissions: Parameters<typeof github.token>[1]) =>
    github.token('github-actions[bot]', permissions)
  const reader = token({ contents: 'read', deployments: 'write', actions: 'read' })
  expectProblem(
    await deploys(stage, 'v1.0.0', { options: { token: reader } }),
    'permission-missing',
    'Add `contents: write` to the job',
  )
  await stage.policy({ production: {} })
  const blind = token({ contents: 'write', deployments: 'write' })
  expectProblem(
    await does(stage, plan, { options: { token: blind } }),
    'permission-missing',
    'Add `actions: read` to the job',
  )
  expectUntouched(stage)

  await stage.policy({ production: unguarded })
  const mute = token({ contents: 'write', actions: 'read' })
  const unrecorded = await deploys(stage, 'v1.0.0', { options: { token: mute } })
  expectProblem(unrecorded, 'permission-missing', 'Add `deployments: write` to the job')
  expect(stage.shop.journal()).toEqual([])
  expect((await ledgerOf(stage)).deployment?.holder ?? null).toBeNull()
  stage.asksAtMost(40)
})

test('a ledger that is not ours, or of a later version, is left as it is GH-10 MM-08', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const { github } = stage
  await stage.release('v1.0.0')
  const ref = 'refs/rollgate/shop/production'
  const ledgers = [
    [{ 'notes.txt': 'somebody else lives here\n' }, 'ledger-foreign', 'It holds no file `ledger.json`.'],
    [{ 'ledger.json': 'not JSON' }, 'ledger-foreign', 'is no JSON'],
    [{ 'ledger.json': '{"schema":1,"app":"other"}' }, 'ledger-foreign', '`app` is not as Rollgate writes it'],
    [{ 'ledger.json': '{"schema":3,"app":"shop"}' }, 'ledger-newer', 'has schema 3'],
  ] as const
  for (const [files, code, words] of ledgers) {
    const sha = await github.commit('elsewhere', files, 'Not a ledger of ours')
    await github.setReference(ref, sha)
    expectProblem(await deploys(stage, 'v1.0.0'), code, words)
    expect(ledgerRefs(github.gitDir)).toBe(`${sha} commit\t${ref}`)
  }
  expect(stage.shop.journal()).toEqual([])
  stage.asksAtMost(28)
})

test('a command that is not there, hangs, floods or speaks to the runner harms nothing SP-17 SP-30 SP-06', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const { shop } = stage
  await serving(stage, 'v1.0.0')
  const building = async (tag: string, build: unknown): Promise<Job> => {
    await stage.release(tag, { config: { steps: { ...lean.steps, build } } })
    return deploys(stage, tag)
  }
  const absent = await building('v1.1.0', 'no-such-build --now')
  expectProblem(absent, 'command-not-found', 'build needs no-such-build, which is not there.')

  const left = join(shop.home, 'left')
  const sleeping = 'sleep 300 & echo $! > "$SHOP_HOME/left"; wait'
  const hung = await building('v1.2.0', { run: sleeping, timeout: '500ms' })
  expectProblem(hung, 'command-timed-out', 'build did not end within 0.5 s')
  const pid = Number(readFileSync(left, 'utf8'))
  await eventually('its whole group is gone', () => !existsSync(`/proc/${pid}/status`) || isZombie(pid))

  const rude = String.raw`printf 'caf\xe9\n::error::not ours\n::set-output name=outcome::succeeded\n##[error]nor this\n'; exit 3`
  const said = await building('v1.3.0', rude)
  expectProblem(said, 'command-failed', 'build exited with 3.')
  expect(said.main.log).toContain('  │ caf\uFFFD')
  expect(obeyed(said.main).filter((line) => line.includes('not ours'))).toEqual([])
  expect(said.main.outputs.outcome).toBe('failed')
  stage.asksAtMost(65)

  const flood = await building('v1.4.0', `(yes 'and on and on it goes' || true) | head -c 5000000; exit 4`)
  expectProblem(flood, 'command-failed', 'build exited with 4.')
  expect(JSON.stringify(await ledgerOf(stage)).length).toBeLessThan(50_000)
  expect(flood.main.summary.length).toBeLessThan(20_000)
  expect(await versions(stage)).toEqual(['v1.0.0'])
  expect(stage.github.deployments).toHaveLength(1)
})

test('values of the secret ROLLGATE_ENV are used, and never shown or kept; an empty one is refused GH-12', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  await serving(stage, 'v1.0.0')
  const password = 'correct horse battery'
  const key = 'sk_live_4242424242'
  const hook =
    'echo "using $DB_PASSWORD and $API_KEY as $(echo $API_KEY | base64)"; test "$DB_PASSWORD" = nobody'
  await stage.release('v1.1.0', { config: { steps: { ...lean.steps, 'configure-broker': hook } } })
  await stage.policy({ ...lean, production: { ...unguarded, 'requires-variables': ['DB_PASSWORD'] } })
  const empty = await deploys(stage, 'v1.1.0', { options: { env: { ROLLGATE_ENV: '' } } })
  expectProblem(empty, 'variables-missing', 'DB_PASSWORD (not set)', 'The secret ROLLGATE_ENV is empty here.')
  expect(await versions(stage)).toEqual(['v1.0.0'])
  const env = { ROLLGATE_ENV: `DB_PASSWORD="${password}"\nAPI_KEY=${key}\n` }
  const job = await deploys(stage, 'v1.1.0', { options: { env } })
  expect(job.main.outputs.outcome).toBe('waiting')
  expect(job.main.log.join('\n')).toContain('│ using *** and *** as ***')
  expect(job.main.log.filter((line) => line.startsWith('::add-mask::'))).toHaveLength(2)

  const { gitDir, deployments, requests } = stage.github
  const kept = {
    log: [...job.main.log, ...job.post.log].filter((line) => !line.startsWith('::add-mask::')),
    outputs: job.main.outputs,
    state: job.main.state,
    summary: job.main.summary,
    ledger: git(gitDir, 'log', '-p', 'refs/rollgate/shop/production'),
    deployments,
    asked: requests.map(({ path, body }) => ({ path, body })),
  }
  for (const [where, text] of Object.entries(kept)) {
    expect(JSON.stringify(text), where).not.toContain(password)
    expect(JSON.stringify(text), where).not.toContain(key)
    expect(JSON.stringify(text), where).not.toContain(Buffer.from(`${key}\n`).toString('base64').slice(0, 20))
  }
})

test('ordinary values of ROLLGATE_ENV hide no output, and a secret within a version changes no answer F19 F51', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  await serving(stage, 'v1.0.0')
  const secrets = ['026.1.', 'hunter2-secret']
  const ordinary = [
    'NODE_ENV=production',
    'WORKERS=1',
    'DEBUG=false',
    'APP=shop',
    'HOST=127.0.0.1',
    'USER_NAME=dora',
  ]
  const env = {
    ROLLGATE_ENV: [...ordinary, `BASE_VERSION=${secrets[0]}`, `PASSWORD=${secrets[1]}`].join('\n'),
  }
  const masksOf = ({ log }: EndedProcess): string[] =>
    log.flatMap((line) => /^::add-mask::(.*)$/.exec(line)?.slice(1) ?? [])

  await stage.release('v2026.1.4')
  const first = await deploys(stage, 'v2026.1.4', { options: { env } })
  expect(first.main.outputs.outcome).toBe('succeeded')
  expect(await versions(stage)).toEqual(['v2026.1.4'])
  expect(masksOf(first.main)).toEqual(secrets)

  const broken = { ...lean.steps, 'configure-broker': 'echo "$PASSWORD" >&2; exit 1' }
  await stage.release('v2026.1.5', { config: { steps: broken } })
  const second = await deploys(stage, 'v2026.1.5', { options: { env } })
  expect(second.main.outputs).toMatchObject({ outcome: 'waiting', pause: '3.1' })
  for (const { main } of [first, second])
    for (const name of ['result', 'pause', 'deployment-id', 'outcome', 'digest'])
      for (const mask of masksOf(main))
        expect(main.outputs[name] ?? '', `${name} arrives`).not.toContain(mask)
  expect(JSON.parse(second.main.outputs.result ?? '')).toMatchObject({ environment: { name: 'production' } })
})

/** Returns the lines that the runner would obey: those outside of quotations. */
function obeyed({ log }: EndedProcess): string[] {
  let token: string | null = null
  return log.filter((line) => {
    const [, stopped] = /^::stop-commands::(.+)$/.exec(line) ?? []
    if (stopped !== undefined && token === null) token = stopped
    else if (token !== null && line === `::${token}::`) token = null
    else if (token === null) return /^\s*::|##\[/.test(line)
    return false
  })
}

/** True if the process has ended and its parent has not collected it. */
function isZombie(pid: number): boolean {
  return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}
