import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandLine } from '../../src/entry/cli/command-line.ts'
import type { Stage } from '../../src/sandbox/stage.ts'
import { aStory, lean, serving } from './story.ts'

type Variables = Readonly<Record<string, string>>

/** Runs the command line in a folder without a checkout, with a person's own token; GitHub must see reading requests alone. */
async function rollgate(stage: Stage, words: readonly string[], env: Variables, folder = stage.folder) {
  const before = stage.github.requests.length
  let said = ''
  const write = (text: string) => {
    said += text
  }
  const terminal = { folder, colours: false, columns: 100, interactive: false, write }
  const code = await commandLine(words, { ...terminal, env: { PATH: process.env.PATH, ...env } })
  const asked = stage.github.requests.slice(before)
  expect(asked.filter(({ method }) => method !== 'GET')).toEqual([])
  return { code, said, asked: asked.length }
}

const reading = { actions: 'read', contents: 'read', deployments: 'read', issues: 'read' } as const

test('plan and status in a terminal, with a token that only reads: the pages of a job, and nothing runs GH-11', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  const { github } = stage
  const env = { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token('rhea', reading) }
  const at = ['--repo', github.repository]
  const ran = stage.shop.journal()

  const status = await rollgate(stage, ['status', 'production', ...at], env)
  expect(status).toMatchObject({ code: 0 })
  expect(status.said).toMatch(/production .*v1\.0\.0/)
  expect(status.said).not.toMatch(/<details|\*\*|&#/)

  const planned = await rollgate(stage, ['plan', 'production', 'v1.1.0', ...at], env)
  expect(planned).toMatchObject({ code: 0 })
  expect(planned.said).toMatch(/^Deploy v1\.1\.0 to production\n/)
  expect(planned.said).toContain('What will be done')
  expect(stage.shop.journal()).toEqual(ran)

  const json = await rollgate(stage, ['plan', 'production', 'v1.1.0', '--json', ...at], env)
  expect(JSON.parse(json.said)).toMatchObject({
    command: 'plan',
    outcome: 'planned',
    plan: { release: { tag: 'v1.1.0' } },
  })

  const same = await rollgate(stage, ['plan', 'production', 'v1.0.0', ...at], env)
  expect(same).toMatchObject({ code: 0, said: expect.stringContaining('serves production already') })

  const missing = await rollgate(stage, ['plan', 'production', 'v9.0.0', ...at], env)
  expect(missing).toMatchObject({ code: 1, said: expect.stringContaining('tag-missing') })

  const refused = await rollgate(stage, ['status', ...at], { ...env, GITHUB_TOKEN: 'ghp_wrong' })
  expect(refused).toMatchObject({ code: 3 })
  expect(refused.said).not.toContain('ghp_wrong')
})

test('no token and no repository: one plain sentence each, and no token goes to a host that a remote made up', async () => {
  const stage = await aStory({ config: lean, instances: 1 })
  const folder = join(stage.folder, 'clone')
  spawnSync('git', ['init', '--quiet', folder])
  const none = await rollgate(stage, ['status'], { GITHUB_TOKEN: 'secret' }, folder)
  expect(none).toMatchObject({ code: 1, said: expect.stringMatching(/no remote origin/) })

  spawnSync('git', ['remote', 'add', 'origin', `${stage.github.url}/acme/shop.git`], { cwd: folder })
  const foreign = await rollgate(stage, ['status'], { GITHUB_TOKEN: 'secret', PATH: '/usr/bin:/bin' }, folder)
  expect(foreign).toMatchObject({
    code: 3,
    said: expect.stringMatching(/no token for 127\.0\.0\.1/),
    asked: 0,
  })
})

test('a token for GitHub Enterprise Server goes to the server that GH_HOST names, and to no other', async () => {
  const stage = await aStory({ config: lean, instances: 1 })
  const folder = join(stage.folder, 'enterprise')
  spawnSync('git', ['init', '--quiet', folder])
  spawnSync('git', ['remote', 'add', 'origin', 'git@127.0.0.1:acme/shop.git'], { cwd: folder })
  // As gh does: with a token in a variable, that is its answer for every host.
  writeFileSync(
    join(stage.folder, 'gh'),
    '#!/bin/sh\necho "$GH_ENTERPRISE_TOKEN$GITHUB_ENTERPRISE_TOKEN"\n',
    {
      mode: 0o755,
    },
  )
  const PATH = `${stage.folder}:/usr/bin:/bin`
  for (const name of ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'])
    for (const GH_HOST of ['', 'git.example.com'])
      expect(await rollgate(stage, ['status'], { [name]: 'secret', GH_HOST, PATH }, folder)).toMatchObject({
        code: 3,
        said: expect.stringMatching(/no token for 127\.0\.0\.1/),
      })
})

test('the token of gh, asked without a shell, where no variable has one', async () => {
  const stage = await aStory({ config: lean, instances: 1 })
  const token = stage.github.token('rhea', reading)
  const script = `#!/bin/sh\n[ "$*" = 'auth token --hostname github.com' ] && echo ${token}\n`
  writeFileSync(join(stage.folder, 'gh'), script, { mode: 0o755 })
  const env = { GITHUB_API_URL: stage.github.url, PATH: `${stage.folder}:/usr/bin:/bin` }
  const folder = join(stage.folder, 'elsewhere')
  spawnSync('mkdir', [folder])
  expect(await rollgate(stage, ['status', '--repo', stage.github.repository], env, folder)).toMatchObject({
    code: 0,
  })
})

test('the doctor of a terminal: what is missing is named, what is mended is well, and nothing is written', async () => {
  const stage = await aStory({ config: lean, instances: 1 })
  const { github } = stage
  const env = { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token('rhea', reading) }
  const asked = async (): Promise<{ code: number; answers: Readonly<Record<string, string>> }> => {
    const { code, said } = await rollgate(stage, ['doctor', '--json', '--repo', github.repository], env)
    const { answers } = JSON.parse(said) as {
      answers: { question: string; subject: string | null; health: string }[]
    }
    const named = answers.map(({ question, subject, health }) => [
      `${question} ${subject ?? ''}`.trim(),
      health,
    ])
    return { code, answers: Object.fromEntries(named) }
  }
  expect(await asked()).toMatchObject({
    code: 1,
    answers: {
      'workflow-files .github/workflows/rollgate.yml': 'ill',
      'environment-there production': 'well',
      'clock-environment production-watch': 'ill',
      // The setting is read by an administrator's token alone.
      'immutable-releases': 'unknown',
    },
  })
  github.environment('production-watch')
  expect((await asked()).answers['clock-environment production-watch']).toBe('ill')
  github.environment('production-watch', { branchPolicy: 'protected' })
  expect((await asked()).answers['clock-environment production-watch']).toBe('well')
  github.environment('production-watch', { branchPolicy: 'protected', reviewers: { users: ['alice'] } })
  expect((await asked()).answers['clock-environment production-watch']).toBe('ill')

  const page = await rollgate(stage, ['doctor', '--repo', github.repository], env)
  expect(page.said).toMatch(/GitHub answered at \d{4}-/)
})
