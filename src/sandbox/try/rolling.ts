import { startLoadApart } from '../fleet/load-apart.ts'
import type { Stage } from '../stage.ts'
import { chapter, endsWell, startTelling, workOf } from './telling.ts'

/** Three deployments, a decision and a rollback: batch by batch, under load. */
export async function tellRolling(stage: Stage, summaries: string): Promise<boolean> {
  console.log(
    'A shop with three instances, a database and a scheduler; a GitHub of its own; the bundle that ships.',
  )
  const telling = await startTelling(stage, summaries)
  const { fill } = telling
  chapter('The first deployment: v1.0.0. Nothing serves yet.')
  await stage.release('v1.0.0')
  const first = await fill('1-first', { do: 'deploy', release: 'v1.0.0' })

  chapter('The second, under load: v1.1.0 migrates the database, and no visitor may notice.')
  const load = await startLoadApart({ url: stage.shop.frontDoor.url, perSecond: 100 })
  await stage.release('v1.1.0', { migrations: 2, greeting: 'More of everything' })
  const second = await fill('2-second', { do: 'deploy', release: 'v1.1.0' })

  chapter('A bad one: the self test of v1.2.0 fails on its first instance. The rollout stops and asks.')
  await stage.release('v1.2.0', { migrations: 2, quirk: 'self-test-fails' })
  const third = await fill('3-bad', { do: 'deploy', release: 'v1.2.0' })
  const { pause = '', outcome, result = '{}' } = workOf(third)
  console.log(`\n    Question ${pause} waits for a person: ${JSON.parse(result).pause?.options}`)

  chapter('Meanwhile the status shows the question, and every instance.')
  await fill('3-status', { do: 'status' })

  chapter('A person decides: roll back. Only the instance that was changed is changed again.')
  const decided = await fill('4-decision', {
    ...{ do: 'decide', question: pause, decision: 'roll-back' },
    reason: 'the self test fails',
  })

  chapter('At three in the morning the operator presses roll back: v1.0.0 serves again.')
  const back = await fill('5-rollback', { do: 'roll-back' })
  const report = await load.stop()

  chapter('The outcome')
  return endsWell(stage, telling, report, [
    ['first deployment', workOf(first).outcome, 'succeeded'],
    ['second deployment', workOf(second).outcome, 'succeeded'],
    ['bad release', outcome, 'waiting'],
    ['decision', workOf(decided).outcome, 'rolled-back'],
    ['rollback', workOf(back).outcome, 'succeeded'],
    ['serves now', await stage.shop.instanceVersion('web-1'), 'v1.0.0'],
  ])
}
