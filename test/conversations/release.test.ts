import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { type Manifest, manifestName } from '../../src/domain/release/manifest.ts'
import type { RequestMatch } from '../../src/sandbox/github/faults.ts'
import type { Job, JobInputs } from '../../src/sandbox/stage.ts'
import { aStory, deploys, does, lean, resultOf, type Story, serving } from './story.ts'

/** The permissions that the workflow grants, and no more. */
const permissions = { contents: 'write', actions: 'read', checks: 'read', statuses: 'read' } as const

const tokenFor = ({ github }: Story): string => github.token('github-actions[bot]', permissions)

const releases = (stage: Story, tag: string, inputs: Record<string, string> = {}): Promise<Job> =>
  does(stage, { command: 'release', tag, ...inputs }, { actor: 'rita', options: { token: tokenFor(stage) } })

const git = ({ github }: Story, ...args: string[]): string =>
  execFileSync('git', ['--git-dir', github.gitDir, ...args], { encoding: 'utf8' }).trim()

const tagsOf = (stage: Story): string[] => git(stage, 'tag', '--list').split('\n').filter(Boolean)

const manifestIn = (job: Job): Manifest & { sha256: string } =>
  (resultOf(job) as unknown as { manifest: Manifest & { sha256: string } }).manifest

function expectRefused(job: Job, code: string, words = ''): void {
  expect(job.main).toMatchObject({ code: 1, outputs: { outcome: 'refused', 'reason-code': code } })
  expect(job.main.log.join('\n')).toContain(words)
}

const leanShop = { instances: 1, config: lean } as const
const described = { description: 'What a release is for' }
const artifacts = { artifacts: 'app/*.mjs\nbin/install' }

/** A commit whose checks are green. */
async function aGreenCommit(stage: Story, message: string): Promise<string> {
  const sha = await stage.commit(message)
  stage.github.checkRun(sha, 'test', { run: 7 })
  stage.github.commitStatus(sha, 'ci/lint', 'success')
  return sha
}

test('a release from green checks is tag, manifest and GitHub Release, and deployed nowhere MM-04 MM-05 WX-01 WX-02 WX-03', async () => {
  const stage = await aStory(leanShop)
  const first = await aGreenCommit(stage, 'The first')
  // The job itself is a check of the commit, and cannot have ended yet.
  stage.github.checkRun(first, 'release', { status: 'in_progress', run: 101 })
  const one = await releases(stage, 'v1.0.0', { ...described, ...artifacts })
  expect(one.main).toMatchObject({ code: 0, outputs: { outcome: 'released', release: 'v1.0.0', sha: first } })
  expect(git(stage, 'cat-file', '-t', 'v1.0.0')).toBe('tag')
  expect(git(stage, 'rev-parse', 'v1.0.0^{commit}')).toBe(first)

  const manifest = manifestIn(one)
  expect(manifest).toMatchObject({
    ...{ schema: 1, app: 'shop', tag: 'v1.0.0', commit: first, 'schema-version': '1', previous: null },
    created: { by: ['rita'], 'run-id': 101 },
  })
  expect(manifest.recipe.services).toMatchObject([{ name: 'web', fleet: { install: 'bin/install' } }])
  expect(manifest.artifacts.map(({ name }) => name).sort()).toContain('server.mjs')
  const [stored] = stage.github.releases
  expect(stored).toMatchObject({ draft: false, immutable: true, prerelease: false })
  expect(stored?.assets.map(({ name }) => name).at(-1)).toBe(manifestName)
  expect(stored?.body).toMatch(/^What a release is for\n\n\*\*Full Changelog\*\*/)
  expect(one.main.outputs.checksums?.split('\n')).toHaveLength(manifest.artifacts.length + 1)
  expect(stage.github.deployments).toEqual([])

  await aGreenCommit(stage, 'The second')
  const two = await releases(stage, 'v1.1.0')
  expect(manifestIn(two)).toMatchObject({ previous: 'v1.0.0', artifacts: [] })
  expect(stage.github.releases[1]?.body).toContain('v1.0.0...v1.1.0')
  expect(git(stage, 'cat-file', '-t', 'v1.1.0')).toBe('commit')
  expect(two.main.log.join('\n')).toContain('The description is empty')
  stage.asksAtMost(65)

  const planned = await does(stage, { command: 'plan', release: 'v1.0.0' })
  expect(planned.main.summary).toContain('Checked against the manifest')
  expect(planned.main.summary).toContain('GitHub keeps it immutable.')
})

test('red checks make no release, nor do those that have not ended; none at all is a warning WX-01 MM-29', async () => {
  const stage = await aStory(leanShop)
  const { github } = stage
  const sha = await stage.commit('The first')
  for (const id of [7, 9]) github.run({ id, sha, workflow: 'ci.yml', status: 'completed' })
  github.checkRun(sha, 'test', { conclusion: 'failure', run: 7 })
  github.checkRun(sha, 'slow', { status: 'in_progress', run: 8 })
  github.commitStatus(sha, 'ci/lint', 'success')
  expectRefused(
    await releases(stage, 'v1.0.0', described),
    'checks-not-green',
    'failed: test; not ended: slow',
  )
  github.checkRun(sha, 'test', { run: 9 })
  expectRefused(await releases(stage, 'v1.0.0', described), 'checks-not-green', 'not ended: slow')
  const absent = await releases(stage, 'v1.0.0', { ...described, checks: 'test\nbuild *' })
  expectRefused(absent, 'checks-not-green', 'not there: build *')
  expect(github.releases).toEqual([])
  expect(tagsOf(stage)).toEqual([])

  const named = await releases(stage, 'v1.0.0', { ...described, checks: 'test\nci/*' })
  expect(named.main.outputs.outcome).toBe('released')
  await stage.commit('The second')
  const unseen = await releases(stage, 'nightly', described)
  expect(unseen.main.outputs.outcome).toBe('released')
  expect(unseen.main.log.join('\n')).toContain('The commit has no checks')
  expect(unseen.main.log.join('\n')).toContain('nightly does not say which release it is')
  stage.asksAtMost(85)
})

test('an impossible release is refused by name, and nothing is created MM-01 MM-03 MM-06 MM-09 WX-07 SD-42', async () => {
  const stage = await aStory(leanShop)
  const first = await aGreenCommit(stage, 'The first')
  await releases(stage, 'v1.0.0', described)
  await stage.github.tag('v1.0.1', first)
  await stage.github.branch('v1.0.2', first)
  stage.github.release('v1.0.3', { draft: true })
  const second = await aGreenCommit(stage, 'The second')
  stage.github.release('v1.0.4', { draft: true, target: second })
  const before = { tags: tagsOf(stage), releases: stage.github.releases.length }
  const cases: [string, Record<string, string>, string, string][] = [
    ['', {}, 'input-invalid', 'The input tag is empty'],
    ['v1 2', {}, 'tag-invalid', '"v1 2" cannot be the name of a tag'],
    ['a'.repeat(40), {}, 'tag-invalid', 'reads like the name of a commit'],
    ['v1.0.0', {}, 'release-exists', 'The release v1.0.0 exists already'],
    ['v1.0.1', {}, 'release-exists', `The tag v1.0.1 exists already, on ${first}`],
    ['v1.0.2', {}, 'tag-ambiguous', 'v1.0.2 is the name of a branch'],
    ['v1.0.3', {}, 'release-exists', 'A draft of v1.0.3 exists already, of main'],
    ['v1.0.4', {}, 'release-exists', 'was made by hand'],
    ['v2.0.0', { 'deploy-after': 'prodution' }, 'environment-unknown', 'prodution'],
    ['v2.0.0', { commit: 'nowhere' }, 'input-invalid', 'There is no commit nowhere'],
    ['v2.0.0', { artifacts: 'no/such/*' }, 'artifact-missing', 'no/such/*'],
    ['v2.0.0', { ...artifacts, commit: first }, 'checkout-differs', first],
    ['v2.0.0', { from: 'v1.0.1' }, 'manifest-missing', 'There is no release v1.0.1 with a manifest'],
  ]
  for (const [tag, inputs, code, words] of cases)
    expectRefused(await releases(stage, tag, { ...described, ...inputs }), code, words)
  expect({ tags: tagsOf(stage), releases: stage.github.releases.length }).toEqual(before)
  stage.asksAtMost(100)
})

/** Kills a run at its first request like this one. */
async function killedAt(stage: Story, inputs: JobInputs, on: RequestMatch): Promise<void> {
  const run = stage.run('rita')
  const started = await run.start(inputs, { token: tokenFor(stage) })
  stage.github.before(on, () => void started.child.kill('SIGKILL'))
  const main = await started.ended
  expect(main.code).toBeNull()
  run.end('failure')
}

test('a run that is killed in the middle is gone on with by the next; nobody sees half a release MM-04', async () => {
  const stage = await aStory(leanShop)
  const sha = await aGreenCommit(stage, 'The first')
  const inputs = { command: 'release', tag: 'v1.0.0', ...described, ...artifacts } as const
  await killedAt(stage, inputs, { operation: 'repos/upload-release-asset' })
  stage.aside('killed at its first file')
  expect(stage.github.releases).toMatchObject([{ draft: true, target: sha }])
  expect(tagsOf(stage)).toEqual([])

  await killedAt(stage, inputs, { operation: 'repos/update-release', path: /releases\/\d+$/ })
  stage.aside('killed where it takes the draft over')
  stage.github.inject({ on: { operation: 'repos/upload-release-asset' }, with: { kind: 'lost-response' } })
  const publishing = { operation: 'git/create-ref' } as const
  await killedAt(stage, inputs, publishing)
  stage.aside('killed at its tag')

  const done = await releases(stage, 'v1.0.0', { ...described, ...artifacts })
  expect(done.main).toMatchObject({ code: 0, outputs: { outcome: 'released', sha } })
  expect(resultOf(done)).toMatchObject({ resumed: true })
  const [stored, ...others] = stage.github.releases
  expect(others).toEqual([])
  expect(stored?.draft).toBe(false)
  const names = stored?.assets.map(({ name }) => name) ?? []
  expect(new Set(names).size).toBe(names.length)
  expect(names).toHaveLength(manifestIn(done).artifacts.length + 1)
  stage.asksAtMost(115)
})

test('a second run leaves a release alone that another is making; a re-run reports the release that it made WX-07', async () => {
  const stage = await aStory(leanShop)
  await aGreenCommit(stage, 'The first')
  const first = stage.run('rita')
  const options = { token: tokenFor(stage) }
  let other: Promise<Job> | null = null
  stage.github.before({ operation: 'repos/upload-release-asset' }, async () => {
    other = releases(stage, 'v1.0.0', described)
    expectRefused(await other, 'release-exists', 'Another run is making the release v1.0.0 just now')
  })
  const inputs = { command: 'release', tag: 'v1.0.0', ...described } as const
  const { main } = await first.job(inputs, options)
  expect(other).not.toBeNull()
  expect(main.outputs.outcome).toBe('released')
  first.end()

  const again = await stage.run('rita', { of: first }).job(inputs, options)
  expect(again.main).toMatchObject({
    code: 0,
    outputs: { outcome: 'released', manifest: main.outputs.manifest },
  })
  expect(stage.github.releases).toHaveLength(1)
})

test('a candidate goes to staging and not to production; final, it is the same commit and the same files WX-04 WX-06 MM-17', async () => {
  const stage = await aStory(leanShop)
  await serving(stage, 'v0.9.0')
  const sha = await aGreenCommit(stage, 'The first')
  const candidate = await releases(stage, 'v1.0.0-rc.1', { ...described, ...artifacts, prerelease: 'true' })
  expect(stage.github.releases[0]?.prerelease).toBe(true)
  const early = await does(stage, { command: 'plan', release: 'v1.0.0-rc.1' })
  expectRefused(early, 'release-not-final', 'v1.0.0-rc.1 is a prerelease')
  const staged = await does(stage, { command: 'plan', release: 'v1.0.0-rc.1', environment: 'staging' })
  expect(staged.main.outputs.outcome).toBe('planned')

  await aGreenCommit(stage, 'Something newer')
  const mixed = await releases(stage, 'v1.0.0', { ...described, ...artifacts, from: 'v1.0.0-rc.1' })
  expectRefused(mixed, 'input-invalid', 'The input artifacts does not go with from')
  const final = await releases(stage, 'v1.0.0', {
    ...described,
    from: 'v1.0.0-rc.1',
    'deploy-after': 'production',
  })
  expect(final.main.outputs).toMatchObject({ outcome: 'released', sha, 'deploy-to': 'production' })
  expect(manifestIn(final).artifacts).toEqual(manifestIn(candidate).artifacts)
  expect(manifestIn(final)).toMatchObject({ candidate: 'v1.0.0-rc.1', recipe: manifestIn(candidate).recipe })
  expect((await deploys(stage, 'v1.0.0')).main.outputs.outcome).toBe('succeeded')
  stage.asksAtMost(170)

  stage.github.replaceAsset('v1.0.0-rc.1', 'server.mjs', 'something else')
  const spoilt = await releases(stage, 'v1.0.1', { ...described, from: 'v1.0.0-rc.1' })
  expectRefused(spoilt, 'release-tampered', 'the artifact server.mjs has the digest')
  expect(tagsOf(stage)).not.toContain('v1.0.1')
})

test('a release that was changed after it was made is refused, and the change is named MM-08', async () => {
  const stage = await aStory(leanShop)
  await serving(stage, 'v0.9.0')
  stage.github.immutableReleases(false)
  for (const tag of ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0']) {
    await aGreenCommit(stage, `For ${tag}`)
    await releases(stage, tag, { ...described, artifacts: 'bin/install' })
  }
  const plan = (release: string) => does(stage, { command: 'plan', release })
  expect((await plan('v1.0.0')).main.summary).toContain('It is **not immutable**')
  stage.github.tagRuleset('Versions stay', { include: ['refs/tags/v*'] })
  expect((await plan('v1.0.0')).main.summary).toContain('Its tag is kept by the ruleset `Versions stay`')
  expect((await deploys(stage, 'v1.0.0')).main.outputs.outcome).toBe('succeeded')

  stage.github.replaceAsset('v1.1.0', 'install', '#!/bin/sh\nrm -rf /\n')
  expectRefused(await deploys(stage, 'v1.1.0'), 'release-tampered', 'the artifact install has the digest')
  const other = stage.github.releases[3]?.assets.find(({ name }) => name === manifestName)
  stage.github.replaceAsset('v1.2.0', manifestName, other?.bytes.toString() ?? '')
  expectRefused(await deploys(stage, 'v1.2.0'), 'release-tampered', 'it is the manifest of v1.3.0')
  await stage.github.tag('v1.3.0', await stage.commit('Not what was released'))
  expectRefused(await deploys(stage, 'v1.3.0'), 'release-tampered', 'it was made from the commit')

  // The release was whole when it was deployed; since then both its files were changed to match each other.
  const own =
    stage.github.releases[0]?.assets.find(({ name }) => name === manifestName)?.bytes.toString() ?? ''
  stage.github.replaceAsset('v1.0.0', manifestName, own.replace('"rita"', '"mallory"'))
  const served = await does(stage, { command: 'deploy', release: 'v1.0.0', redeploy: 'true' })
  expectRefused(served, 'release-tampered', 'when it was deployed here')

  await stage.release('v1.4.0')
  await stage.policy({ production: { requires: { approval: false, manifest: true } } })
  expectRefused(await deploys(stage, 'v1.4.0'), 'manifest-missing', 'v1.4.0 has no manifest')
  expect(stage.github.deployments).toHaveLength(2)
  stage.asksAtMost(245)
})

test('a deployment that fails leaves the release as it is, ready to be deployed MM-07', async () => {
  const stage = await aStory(leanShop)
  await serving(stage, 'v0.9.0')
  await aGreenCommit(stage, 'The first')
  await releases(stage, 'v1.0.0', described)
  const bad = await stage.commit('One that is never healthy', { quirk: 'self-test-fails' })
  const made = await releases(stage, 'v1.1.0', {
    ...described,
    'deploy-after': 'production',
    'require-checks': 'false',
  })
  expect(made.main.outputs).toMatchObject({ 'deploy-to': 'production', sha: bad })
  const failed = await deploys(stage, 'v1.1.0')
  expect(failed.main.code).toBe(1)
  expect(stage.github.releases[1]).toMatchObject({ tag: 'v1.1.0', draft: false, immutable: true })
  expect(tagsOf(stage)).toContain('v1.1.0')
})
