import { expect, test } from 'vitest'
import type { JobOptions } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import { aStory, decides, deploys, does, lean, resultOf, serving, unguarded, versions } from './story.ts'

/** Starts a job on a runner whose clock shows this time. */
const at = (time: string): JobOptions => ({
  env: { CLOCK_AT: time, NODE_OPTIONS: `--import=${new URL('clock-at.mjs', import.meta.url)}` },
})

const yearEnd = {
  freezes: [
    { name: 'year-end', from: '2026-12-18T00:00', to: '2027-01-04T00:00', timezone: 'Europe/Berlin' },
  ],
  'freeze-override': { by: ['nora', 'alice'] },
}
const before = at('2026-12-17T12:00:00Z')
const within = at('2026-12-20T12:00:00Z')
const after = at('2027-01-04T12:00:00Z')

const ends = '2027-01-04 00:00 Europe/Berlin (2027-01-03 23:00 UTC)'

test('a freeze that begins while reviewers are asked refuses the deployment; an override and a rollback pass CC-20', async () => {
  const stage = await aStory({ config: { steps: lean.steps ?? {} } })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0', { config: { steps: lean.steps ?? {} } })
  await stage.policy({ production: yearEnd })

  const run = stage.run('dora')
  stage.aside('17 December: it is planned, and a reviewer is asked')
  const plan = await run.job({ command: 'plan', mode: 'deploy', release: 'v1.1.0' }, before)
  expect(plan.main).toMatchObject({ code: 0, outputs: { outcome: 'planned' } })
  run.approve('rhea')
  stage.aside('20 December: the job behind the gate begins')
  const late = await run.job(
    { command: 'deploy', release: 'v1.1.0', plan: plan.main.outputs.plan ?? '' },
    within,
  )
  expect(late.main).toMatchObject({ code: 1, outputs: { outcome: 'refused', 'reason-code': 'frozen' } })
  expect(late.main.log.join('\n')).toContain(`production is frozen: year-end until ${ends}.`)
  expect(late.main.log.join('\n')).toContain(`A deploy is allowed from ${ends} on.`)
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])

  const reason = 'the checkout is broken'
  const wanted = { command: 'plan', mode: 'deploy', release: 'v1.1.0' }
  const mayNot = await does(stage, { ...wanted, 'override-freeze': reason }, { options: within })
  expect(mayNot.main).toMatchObject({ code: 1, outputs: { outcome: 'refused', 'reason-code': 'frozen' } })
  expect(mayNot.main.log.join('\n')).toContain('dora gave a reason to override it')
  expect(mayNot.main.summary).toContain('One of nora, alice may override it')
  const noReason = await does(
    stage,
    { ...wanted, 'override-freeze': '  ' },
    { actor: 'nora', options: within },
  )
  expect(noReason.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'frozen' })

  const hers = stage.run('nora')
  const shown = await hers.job({ ...wanted, 'override-freeze': reason }, within)
  expect(shown.main).toMatchObject({ code: 0, outputs: { outcome: 'planned' } })
  expect(shown.main.summary).toContain(`nora overrides the freeze year-end: ${reason}.`)
  hers.approve('rhea')
  const done = await hers.job(
    {
      command: 'deploy',
      release: 'v1.1.0',
      plan: shown.main.outputs.plan ?? '',
      'override-freeze': reason,
    },
    within,
  )
  expect(done.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(done.main.log.join('\n')).toContain('::warning title=A freeze is overridden::nora overrides')
  expect(done.main.summary).toContain(`nora overrides the freeze year-end: ${reason}`)
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0'])

  const back = stage.run('dora')
  back.approve('rhea')
  const rolled = await back.job({ command: 'rollback', release: 'v1.0.0' }, within)
  expect(rolled.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded', mode: 'rollback' } })
  const { history } = await ledgerOf(stage)
  expect(history.map(({ overridden = [] }) => overridden.map(({ by }) => by))).toEqual([[], ['nora'], []])
  stage.asksAtMost(134)
})

test('a freeze that begins while named people are asked refuses the approval; the question waits until its end CC-20', async () => {
  const approval = { requires: { approval: { from: ['rhea'] } } }
  const stage = await aStory({ config: { steps: lean.steps ?? {}, production: unguarded }, reviewers: [] })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  await stage.policy({ production: { ...yearEnd, ...approval } })
  const asked = await deploys(stage, 'v1.1.0', { options: before })
  expect(asked.main).toMatchObject({ code: 0, outputs: { outcome: 'waiting', pause: '2.1' } })

  const yes = { pause: '2.1', decision: 'approve' }
  const frozen = await decides(stage, 'v1.1.0', yes, { options: within })
  expect(frozen.main).toMatchObject({ code: 1, outputs: { outcome: 'refused', 'reason-code': 'frozen' } })
  expect(frozen.main.log.join('\n')).toContain('Nothing was changed, and question 2.1 still waits.')
  const look = await does(stage, { command: 'plan', mode: 'decision' }, { options: within })
  expect(look.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])

  const approved = await decides(stage, 'v1.1.0', yes, { options: after })
  expect(approved.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(resultOf(approved).deployment.number).toBe(2)
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0'])
  stage.asksAtMost(60)
})

test('outside of its windows an environment takes no release, and says when it does CC-19', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  const support = { name: 'support-hours', days: ['mon..fri'], from: '09:00', to: '16:30' }
  const zoned = { ...support, timezone: 'America/New_York' }
  await stage.policy({ production: { ...unguarded, windows: [zoned] } })
  const saturday = at('2026-10-31T15:00:00Z')
  const held = await deploys(stage, 'v1.1.0', { options: saturday })
  expect(held.main).toMatchObject({ code: 1, outputs: { outcome: 'refused', 'reason-code': 'frozen' } })
  // The clocks go back in between.
  expect(held.main.log.join('\n')).toContain(
    'A deploy is allowed from 2026-11-02 09:00 America/New_York (2026-11-02 14:00 UTC) on.',
  )
  const open = await deploys(stage, 'v1.1.0', { options: at('2026-11-02T14:00:00Z') })
  expect(open.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })

  await stage.policy({
    production: { ...unguarded, windows: [{ ...support, timezone: 'Amerika/New_York' }] },
  })
  const misspelt = await deploys(stage, 'v1.1.0')
  expect(misspelt.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'config-invalid' } })
  expect(misspelt.main.log.join('\n')).toContain('did you mean `America/New_York`?')
  stage.asksAtMost(45)
})
