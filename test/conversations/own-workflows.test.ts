import { expect, test, vi } from 'vitest'
import type { Stage } from '../../src/sandbox/stage.ts'
import type { SandboxActions } from '../../src/sandbox/workflows/actions.ts'
import { type PlayedRun, stepOf, summaryOf } from '../../src/sandbox/workflows/run/run-start.ts'
import { ownWorkflows } from '../../src/workflows/own-workflows.ts'
import { aStage } from './rig.ts'

// A story has many runs in it, and takes several times as long where the machine has other work.
vi.setConfig({ testTimeout: 240_000 })

const brief = { build: null, scheduler: null, 'pre-deploy': null, 'post-deploy': null }

/** A shop whose repository has the form and the clock. */
async function withForm(): Promise<{ readonly stage: Stage; readonly actions: SandboxActions }> {
  const stage = await aStage({ instances: 2, config: { steps: brief } })
  const files = Object.fromEntries(ownWorkflows({ version: 'v0', runsOn: 'self-hosted' }))
  await stage.github.commit('main', files, 'Add the form and the clock')
  const environments = { production: { reviewers: ['rhea'] }, 'production-watch': {} }
  return { stage, actions: stage.actions({ environments }) }
}

/** How a run ended, as its jobs and the step behind the gate tell it. */
const told = ({ conclusion, jobs }: PlayedRun): readonly unknown[] => [
  conclusion,
  jobs.look?.result,
  jobs.act?.result,
  stepOf(jobs.act, 'act')?.outputs.outcome,
]

test('the form alone deploys, stops with a question, takes the answer and rolls back, by the rules of GitHub F18', async () => {
  const { stage, actions } = await withForm()
  const fill = (inputs: object): Promise<PlayedRun> =>
    actions.dispatch('rollgate.yml', { environment: 'production', ...inputs })

  await stage.release('v1.0.0')
  const first = await fill({ do: 'deploy', release: 'v1.0.0' })
  expect(told(first)).toEqual(['success', 'success', 'success', 'succeeded'])
  expect(summaryOf(first.jobs.look)).toContain('v1.0.0')

  await stage.release('v1.1.0')
  expect(told(await fill({ do: 'deploy', release: 'v1.1.0' }))).toEqual([
    ...['success', 'success', 'success', 'succeeded'],
  ])

  await stage.release('v1.2.0', { quirk: 'self-test-fails' })
  const bad = await fill({ do: 'deploy', release: 'v1.2.0' })
  expect(told(bad)).toEqual(['failure', 'success', 'failure', 'waiting'])
  const question = stepOf(bad.jobs.act, 'act')?.outputs.pause ?? ''

  const answer = { do: 'decide', question, decision: 'roll-back', reason: 'the self test fails' }
  expect(told(await fill(answer))).toEqual(['success', 'success', 'success', 'rolled-back'])
  expect(await stage.shop.instanceVersion('web-1')).toBe('v1.1.0')

  expect(told(await fill({ do: 'roll-back' }))).toEqual(['success', 'success', 'success', 'succeeded'])
  expect(await stage.shop.instanceVersion('web-2')).toBe('v1.0.0')

  const watched = await actions.schedule('rollgate-watch.yml')
  expect([watched.conclusion, watched.problems]).toEqual(['success', []])
})
