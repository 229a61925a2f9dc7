import { expect, test } from 'vitest'
import { type Handler, runWorkflow } from '../../src/sandbox/workflows/run.ts'
import { readWorkflow } from '../../src/sandbox/workflows/workflow-file.ts'

const rehearse = 'examples/one-owner/rollgate-rehearse.yml'
const [older, newer] = ['1'.repeat(40), '2'.repeat(40)]
const planned = (release: string, sha: string) => ({ outcome: 'planned', plan: '{"schema":1}', sha, release })

/** The order of the calls, with their inputs. */
function staging(answers: Readonly<Record<string, Handler>> = {}) {
  const asked: { readonly uses: string; readonly with: Readonly<Record<string, string>> }[] = []
  const all: Readonly<Record<string, Handler>> = {
    '$/actions/rehearse': ({ with: { rehearsed } }) => ({
      outputs:
        rehearsed === undefined
          ? { outcome: 'planned', release: 'v2', 'previous-release': 'v1' }
          : { outcome: 'rehearsed', release: 'v2', 'previous-release': 'v1' },
    }),
    '$/actions/plan': ({ with: { mode } }) => ({
      outputs: mode === 'rollback' ? planned('v1', older) : planned('v2', newer),
    }),
    '$/actions/rollback': () => ({ outputs: { outcome: 'succeeded' } }),
    '$/actions/deploy': () => ({ outputs: { outcome: 'succeeded' } }),
    'actions/checkout': () => ({}),
    ...answers,
  }
  const actions = Object.fromEntries(
    Object.entries(all).map(([uses, handler]): [string, Handler] => [
      uses,
      (call) => {
        asked.push({ uses, with: call.with })
        return handler(call)
      },
    ]),
  )
  const run = (release = '') => runWorkflow(rehearse, { release }, { actions })
  return { asked, run }
}

test('goes back in the checkout of the older release, to it again in its own, and says that it is rehearsed', async () => {
  const { asked, run } = staging()
  const { jobs } = await run()
  expect(asked.map(({ uses }) => uses)).toEqual([
    '$/actions/rehearse',
    '$/actions/plan',
    'actions/checkout',
    '$/actions/rollback',
    '$/actions/plan',
    'actions/checkout',
    '$/actions/deploy',
    '$/actions/rehearse',
  ])
  expect(asked.filter(({ uses }) => uses === 'actions/checkout').map(({ with: { ref } }) => ref)).toEqual([
    older,
    newer,
  ])
  expect(asked[3]?.with).toMatchObject({ environment: 'staging', release: 'v1' })
  expect(asked[6]?.with).toMatchObject({ environment: 'staging', release: 'v2' })
  expect(asked[7]?.with).toMatchObject({ environment: 'staging', release: 'v1', rehearsed: 'v2' })
  expect(jobs.rehearse?.outputs).toMatchObject({
    outcome: 'rehearsed',
    release: 'v2',
    'previous-release': 'v1',
  })
})

test('a rehearsal that may not begin begins nothing', async () => {
  const refused = { outcome: 'refused', 'reason-code': 'rehearsal-impossible' }
  const { asked, run } = staging({ '$/actions/rehearse': () => ({ outputs: refused, fails: true }) })
  const { jobs } = await run('v0')
  expect(asked).toMatchObject([{ with: { release: 'v0' } }])
  expect(jobs.rehearse).toMatchObject({ result: 'failure', outputs: refused })
})

test('a way back that stops is not come back from: somebody is asked there', async () => {
  const waiting = { outcome: 'waiting', 'reason-code': 'decision-needed' }
  const { asked, run } = staging({ '$/actions/rollback': () => ({ outputs: waiting, fails: true }) })
  const { jobs } = await run()
  expect(asked.map(({ uses }) => uses)).not.toContain('$/actions/deploy')
  expect(jobs.rehearse).toMatchObject({ result: 'failure', outputs: waiting })
})

test('a second half that fails is no rehearsal, and nobody looks for one', async () => {
  const waiting = { outcome: 'waiting', 'reason-code': 'decision-needed' }
  const { asked, run } = staging({ '$/actions/deploy': () => ({ outputs: waiting, fails: true }) })
  const { jobs } = await run()
  expect(asked.at(-1)?.uses).toBe('$/actions/deploy')
  expect(jobs.rehearse).toMatchObject({ result: 'failure', outputs: waiting })
})

test('both halves that went, and still no rehearsal, turn the run red', async () => {
  const { run } = staging({
    '$/actions/rehearse': ({ with: { rehearsed } }) =>
      rehearsed === undefined
        ? { outputs: { outcome: 'planned', release: 'v2', 'previous-release': 'v1' } }
        : { outputs: { outcome: 'refused', 'reason-code': 'not-rehearsed' }, fails: true },
  })
  expect((await run()).jobs.rehearse).toMatchObject({
    result: 'failure',
    outputs: { outcome: 'refused', 'reason-code': 'not-rehearsed' },
  })
})

test('only the halves may write, and they are the workflows that go back and deploy every day GH-12', () => {
  const { look, back, again, verdict } = readWorkflow('.github/workflows/rehearse.yml').jobs
  expect([back?.uses, again?.uses]).toEqual([
    '$/.github/workflows/rollback.yml',
    '$/.github/workflows/deploy.yml',
  ])
  for (const job of [look, verdict]) expect(Object.values(job?.permissions ?? {})).not.toContain('write')
})
