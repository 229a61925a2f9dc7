import { expect, test } from 'vitest'
import type { Job, JobInputs } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import { aStory, deploys, does, lean, type Story } from './story.ts'

const strict = {
  requires: { approval: false, 'verified-in': 'staging', 'rehearsed-in': 'staging' },
}
const staging = { environment: 'staging' }

/** The jobs of rehearse.yml, one after another as GitHub runs them. */
async function rehearses(stage: Story): Promise<{ look: Job; back: Job; again: Job; verdict: Job }> {
  const run = stage.run('dora')
  const one = (inputs: JobInputs) =>
    run.job({ ...inputs, ...staging }, { sha: `refs/tags/${inputs.release}` })
  const look = await run.job({ ...staging, command: 'rehearse' })
  const { release: newer = '', 'previous-release': older = '' } = look.main.outputs
  const back = await one({ command: 'rollback', release: older })
  const again = await one({ command: 'deploy', release: newer })
  const verdict = await run.job({ ...staging, command: 'rehearse', release: older, rehearsed: newer })
  run.end()
  return { look, back, again, verdict }
}

test('production asks for the way back; staging rehearses it; a contract migration cannot be rehearsed MM-19 CC-34', async () => {
  const config = {
    ...lean,
    production: strict,
    steps: { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } },
  }
  const stage = await aStory({ instances: 1, config })
  const everywhere = async (release: string) => [
    await does(stage, { ...staging, command: 'deploy', release }),
    await deploys(stage, release),
  ]
  await stage.release('v1.0.0')
  const first = await stage.quietly(() => everywhere('v1.0.0'))
  expect(first.map(({ main }) => main.outputs.outcome)).toEqual(['succeeded', 'succeeded'])
  stage.aside('v1.0.0 serves staging and production; the first release needs no rehearsal')

  await stage.release('v1.1.0')
  const [there, refused] = await everywhere('v1.1.0')
  expect(there?.main.outputs.outcome).toBe('succeeded')
  expect(refused?.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'not-rehearsed' },
  })
  expect(refused?.main.log.join()).toContain('release: v1.0.0 while v1.1.0 serves there')

  const { look, back, again, verdict } = await rehearses(stage)
  expect(look.main.outputs).toMatchObject({
    outcome: 'planned',
    release: 'v1.1.0',
    'previous-release': 'v1.0.0',
  })
  expect([back, again].map(({ main }) => main.outputs.outcome)).toEqual(['succeeded', 'succeeded'])
  expect(verdict.main).toMatchObject({ code: 0, outputs: { outcome: 'rehearsed', release: 'v1.1.0' } })
  expect(verdict.main.summary).toContain('staging has rehearsed the rollback from v1.1.0')

  const plan = await does(stage, { command: 'plan', release: 'v1.1.0' })
  expect(plan.main.summary).toContain('is rehearsed in staging: back to v1.0.0 by deployment 3')
  expect((await deploys(stage, 'v1.1.0')).main.outputs.outcome).toBe('succeeded')
  const list = await does(stage, { command: 'releases', environment: '' })
  expect(JSON.parse(list.main.outputs.result ?? '{}').releases[0]).toMatchObject({
    tag: 'v1.1.0',
    rehearsed: [{ environment: 'staging', to: { tag: 'v1.0.0' }, deployments: [3, 4] }],
  })
  expect(list.main.summary).toContain('the rollback to v1.0.0 is rehearsed in staging')

  const contract = { steps: { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'contract' } } }
  await stage.release('v1.2.0', { config: contract, migrations: 3 })
  const [contracted] = await stage.quietly(() => everywhere('v1.2.0'))
  expect(contracted?.main.outputs.outcome).toBe('succeeded')
  stage.aside('v1.2.0 serves staging: it has a contract migration')
  const impossible = await does(stage, { ...staging, command: 'rehearse' })
  expect(impossible.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'rollback-unsafe' } })
  const inputs = { command: 'deploy', release: 'v1.2.0', 'override-rehearsed': 'the column must go' }
  expect((await does(stage, inputs)).main.outputs.outcome).toBe('succeeded')
  expect((await ledgerOf(stage)).history[0]?.overrideRehearsed).toEqual({
    by: 'dora',
    reason: 'the column must go',
  })
  const history = await does(stage, { command: 'history', limit: '1' })
  expect(history.main.summary).toContain('dora went without the rehearsal: the column must go')
  await stage.tells('rehearsal')
})
