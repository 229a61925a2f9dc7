import { expect, test } from 'vitest'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { resultOf } from '../../src/report/outcome/result-output.ts'
import { failure, planOf, play } from './scenario.ts'

const selfTest = failure('self-test-failed', 'The self test of web-3 failed: it answered 500.')

test('the result of a deployment that waits names the pause and what it takes', async () => {
  const result = resultOf(play(planOf(), { failures: { 'web-3': [selfTest] } }))
  expect(result.outcome).toBe('waiting')
  expect(result['reason-code']).toBe('decision-needed')
  expect(result.pause?.['reason-code']).toBe('self-test-failed')
  expect(result.failed).toEqual(['web/web-3'])
  await expect(`${JSON.stringify(result, null, 2)}\n`).toMatchFileSnapshot('golden/result-waiting.json')
})

test('the result tells a plain success from one with reservations WX-25', () => {
  const plain = resultOf(play(planOf()))
  const view = play(planOf(), { failures: { 'web-3': [selfTest] }, answers: [{ decision: 'exclude' }] })
  const reserved = resultOf(view)
  expect([plain.outcome, plain.excluded]).toEqual(['succeeded', []])
  expect([reserved.outcome, reserved.excluded]).toEqual(['converged', ['web/web-3']])
  expect(plain.serving?.tag).toBe('v1.3.0')
  expect(plain.deployment.record).toBe(107)
})

test('the result is one line of JSON with its keys in a fixed order, in kebab case', () => {
  const line = JSON.stringify(resultOf(play(planOf())))
  expect(line).not.toContain('\n')
  const keys = Object.keys(JSON.parse(line))
  expect(keys).toEqual([
    'schema',
    'outcome',
    'reason-code',
    'mode',
    'app',
    'environment',
    'release',
    'previous',
    'serving',
    'deployment',
    'pause',
    'steps',
    'instances',
    'scheduler',
    'forced',
    'excluded',
    'failed',
    'warnings',
    'older',
    'overridden',
    'run',
  ])
  expect(
    [...line.matchAll(/"([^"]+)":/g)].map(([, key]) => key).filter((key) => /[A-Z_]/.test(key ?? '')),
  ).toEqual([])
})

test('the result names every rule that was gone through all the same, with who and why CC-34', () => {
  const by = { by: 'dora', reason: 'the shop is down' }
  const unproven = { kind: 'overridden', where: 'staging', why: 'it never was there', ...by } as const
  expect(resultOf(play(planOf())).overridden).toEqual([])
  const overridden = resultOf(play(planOf({ verification: unproven, rehearsal: unproven }))).overridden
  expect(overridden).toEqual([
    { rule: 'verified-in', names: [], ...by },
    { rule: 'rehearsed-in', names: [], ...by },
  ])
})

test('the result names among forced what a person counted as done or as taken back F06', () => {
  const migrate = failure('command-failed', 'migrate exited with 1.')
  const done = resultOf(
    play(planOf(), { failures: { migrate: [migrate] }, answers: [{ decision: 'force-next' }] }),
  )
  expect([done.outcome, done.forced]).toEqual(['converged', ['migrate']])
  const scheduler = failure('command-failed', 'resume exited with 1.')
  const back = play(planOf(), {
    failures: { 'web-3': [selfTest], 'undo deploy-scheduler': [scheduler] },
    answers: [{ decision: 'roll-back' }, { decision: 'force-next' }],
  })
  expect(resultOf(back)).toMatchObject({
    outcome: 'rolled-back',
    forced: ['deploy-scheduler'],
    steps: expect.arrayContaining([expect.objectContaining({ id: 'deploy-scheduler', undo: 'forced' })]),
  })
  expect(outcomeSummary(back)).toContain('**counted as taken back**')
})

test('the result shows a suspended scheduler for as long as it is', () => {
  const failed = { failures: { migrate: [failure('command-failed', 'migrate exited with 1.')] } }
  expect(resultOf(play(planOf(), failed)).scheduler?.state).toBe('suspended')
  expect(resultOf(play(planOf())).scheduler).toBeNull()
})
