import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as workflow from '../../src/sandbox/workflow.ts'
import { ledgerOf } from './rig.ts'
import {
  aStory,
  decides,
  deploys,
  does,
  inTraffic,
  lean,
  type Story,
  selfTestByScript,
  serving,
  testedByScript,
  versions,
} from './story.ts'

/** The files that commands of a release write; the first of them proves that one ran. */
const proofIn = ({ folder }: Story): string => join(folder, 'proof')
const secrets = { ROLLGATE_ENV: 'SPY=very-secret-value\n' }
const named = { requires: { approval: { from: ['dora', 'nora'], 'not-self': true } } }

test('an inventory and a build that stand in the release alone run only once it is approved F43 F38', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const proof = proofIn(stage)
  const services = { web: { fleet: {} } }
  const command = `echo "$0 saw $SPY" >> '${proof}'; exit 3`
  await stage.release('v1.0.0', {
    config: {
      steps: { ...lean.steps, build: command },
      web: {
        ...testedByScript,
        fleet: { ssh: { inventory: { run: command } }, stop: 'true', install: 'true', start: 'true' },
      },
    },
  })
  await stage.policy({ production: { services, requires: { approval: true } } })
  const options = { env: secrets }

  const missing = await deploys(stage, 'v1.0.0', { options })
  expect(missing.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'approval-missing' },
  })
  const build = await does(stage, { command: 'deploy', only: 'build', release: 'v1.0.0' }, { options })
  expect(build.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'approval-missing' } })
  const rejected = await workflow.deploy(stage, 'v1.0.0', {
    approver: null,
    options,
    meanwhile: ({ facts }) =>
      stage.github.approve(facts.id, {
        environment: 'production',
        user: 'rhea',
        comment: '',
        state: 'rejected',
      }),
  })
  expect(rejected.work?.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'approval-rejected' } })
  const gate = await does(stage, { command: 'gate', release: 'v1.0.0' }, { options })
  expect(gate.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'approval-missing' } })
  expect(gate.main.outputs.go).toBeUndefined()
  expect(
    (await does(stage, { command: 'gate', release: 'v1.0.0' }, { approver: 'rhea' })).main,
  ).toMatchObject({
    code: 0,
    outputs: { go: 'true' },
  })
  expect(existsSync(proof)).toBe(false)

  await stage.policy({ production: { services, ...named } })
  stage.aside('by now named people approve')
  const asks = await does(stage, { command: 'gate', release: 'v1.0.0' }, { options })
  expect(asks.main).toMatchObject({ code: 0, outputs: { outcome: 'waiting', pause: '1.1' } })
  expect(asks.main.outputs.go).toBeUndefined()
  expect(asks.main.log.join('\n')).toMatch(
    /::warning title=Nothing was deployed::production waits for approval by one of dora, nora/,
  )
  expect(asks.main.summary).toContain('Nothing was deployed')
  expect((await deploys(stage, 'v1.0.0', { options })).main).toMatchObject({
    code: 0,
    outputs: { outcome: 'waiting', pause: '1.1' },
  })
  const builds = await does(stage, { command: 'deploy', only: 'build', release: 'v1.0.0' }, { options })
  expect(builds.main).toMatchObject({ code: 0, outputs: { outcome: 'waiting', pause: '2.1' } })
  await deploys(stage, 'v1.0.0', { options })
  const answer = { pause: '3.1', decision: 'approve' }
  const stranger = await decides(stage, 'v1.0.0', answer, { actor: 'mallory', options })
  expect(stranger.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'approver-not-allowed' } })
  expect(existsSync(proof)).toBe(false)
  expect(stage.github.deployments).toEqual([])

  const approved = await decides(stage, 'v1.0.0', answer, { actor: 'nora', options })
  expect(approved.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'inventory-invalid' } })
  expect(readFileSync(proof, 'utf8')).toContain('very-secret-value')
  expect((await ledgerOf(stage)).deployment).toMatchObject({ number: 3, holder: null, record: null })

  const ran = readFileSync(proof, 'utf8')
  const reject = { command: 'gate', mode: 'decision', pause: '3.1', decision: 'reject' }
  const ended = await does(stage, { ...reject, reason: 'no host is known' }, { actor: 'nora', options })
  expect(ended.main).toMatchObject({ code: 0, outputs: { outcome: 'rejected' } })
  expect(ended.main.outputs.go).toBeUndefined()
  expect(readFileSync(proof, 'utf8')).toBe(ran)
  expect((await ledgerOf(stage)).deployment).toBeNull()
})

test('an answer by a stranger, or in a run that nobody approved, changes nothing F44', async () => {
  const config = { ...lean, web: testedByScript, production: { requires: { approval: true } } }
  const stage = await aStory({ instances: 2, config })
  await serving(stage, 'v1.0.0', { files: selfTestByScript })
  await stage.release('v1.1.0', { files: selfTestByScript })
  stage.shop.trouble.fail('self-test', 'translations are missing', 'web-1')
  const { work } = await workflow.deploy(stage, 'v1.1.0')
  expect(work?.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  const ran = stage.shop.journal().length
  const back = { pause: '2.1', decision: 'roll-back' }
  const refused = async (code: string, doing: Parameters<typeof decides>[3]) => {
    const { main } = await decides(stage, 'v1.1.0', back, doing)
    expect(main).toMatchObject({ code: 1, outputs: { outcome: 'refused', 'reason-code': code } })
    expect(stage.shop.journal()).toHaveLength(ran)
  }
  await refused('approval-missing', { actor: 'mallory', approver: null })
  stage.github.environment('production', {})
  await refused('environment-unprotected', { actor: 'mallory', approver: null })
  await stage.policy({ production: { requires: { approval: { from: ['dora', 'nora'], 'not-self': true } } } })
  await refused('approver-not-allowed', { actor: 'mallory' })
  await stage.policy({
    production: { requires: { approval: { from: ['nora'], 'not-self': true }, answers: { from: ['oda'] } } },
  })
  await refused('approver-not-allowed', { actor: 'nora' })

  await stage.policy({ production: { requires: { approval: { from: ['dora', 'nora'], 'not-self': true } } } })
  stage.shop.trouble.clear('self-test', 'web-1')
  stage.aside('dora, who asked for it, is on call alone, and goes back')
  const gone = await decides(stage, 'v1.1.0', back, { actor: 'dora' })
  expect(gone.main).toMatchObject({ code: 0, outputs: { outcome: 'rolled-back' } })
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])
  expect(inTraffic(stage)).toEqual(['web-1', 'web-2'])
})
