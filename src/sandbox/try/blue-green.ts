import { startLoadApart } from '../fleet/load-apart.ts'
import { brokenPage } from '../fleet/releases.ts'
import type { Stage } from '../stage.ts'
import { chapter, endsWell, line, startTelling, workOf } from './telling.ts'

/** Visitors move from side to side under load: to a good release, to none that fails its tests, and back. */
export async function tellBlueGreen(stage: Stage, summaries: string): Promise<boolean> {
  const { url } = stage.shop.frontDoor
  console.log(
    'A shop with two sides of two instances each and one database; a front door that sends visitors to one.',
  )
  const telling = await startTelling(stage, summaries)
  const { fill } = telling
  const atFrontDoor = { steps: { verify: { http: '$ROLLGATE_URL/version', 'on-failure': 'roll-back' } } }
  const release = (tag: string, variation: Parameters<Stage['release']>[1] = {}) =>
    stage.release(tag, {
      config: { ...atFrontDoor, detour: { 'smoke-test': { delay: '0s', attempts: 2, interval: '1s' } } },
      ...variation,
    })

  chapter('The first deployment: v1.0.0. Nothing serves yet; it goes home.')
  await release('v1.0.0')
  const first = await fill('1-first', { do: 'deploy', release: 'v1.0.0' })
  const load = await startLoadApart({ url, perSecond: 100, longest: 300_000 })

  chapter('v1.1.0 goes to the stand-in, both instances at once. Visitors move in one switch.')
  await release('v1.1.0', { migrations: 2, greeting: 'More of everything' })
  const moved = await fill('2-moved', { do: 'deploy', release: 'v1.1.0' })
  const after = await seenAt(url)

  chapter('v1.2.0 goes to home, and its page is broken: the smoke test fails. No visitor was there.')
  await release('v1.2.0', { migrations: 2, files: brokenPage })
  const broken = await fill('3-broken', { do: 'deploy', release: 'v1.2.0' })
  const decided = await fill('4-decision', {
    ...{ do: 'decide', question: workOf(broken).pause ?? '', decision: 'roll-back' },
    reason: 'its page does not come',
  })
  const meanwhile = await seenAt(url)

  chapter('v1.3.0 goes to home, and visitors with it.')
  await release('v1.3.0', { migrations: 2, greeting: 'Still more' })
  const again = await fill('5-again', { do: 'deploy', release: 'v1.3.0' })
  const home = await seenAt(url)

  chapter('People do not like it: back. The other side has v1.1.0 still, and is warm.')
  const from = stage.shop.journal().length
  const back = await fill('6-back', { do: 'roll-back' })
  const changed = stage.shop
    .journal()
    .slice(from)
    .filter((entry) => /^(leave|stop|install|start) /.test(entry))

  const report = await load.stop()
  chapter('The outcome')
  line(
    'visitors were',
    Object.entries(report.sides)
      .map(([side, count]) => `${count} times at ${side}`)
      .join(', '),
  )
  return endsWell(stage, telling, report, [
    ['first deployment', workOf(first).outcome, 'succeeded'],
    ['move', workOf(moved).outcome, 'succeeded'],
    ['visitors saw', after, 'v1.1.0 at stand-in'],
    ['broken release', workOf(broken).outcome, 'waiting'],
    ['decision', workOf(decided).outcome, 'rolled-back'],
    ['visitors saw', meanwhile, 'v1.1.0 at stand-in'],
    ['next release', workOf(again).outcome, 'succeeded'],
    ['visitors saw', home, 'v1.3.0 at home'],
    ['rollback', workOf(back).outcome, 'succeeded'],
    ['instances changed', `${changed.length}`, '0'],
    ['serves now', await seenAt(url), 'v1.1.0 at stand-in'],
  ])
}

async function seenAt(url: string): Promise<string> {
  const { headers } = await fetch(url)
  return `${headers.get('x-release')} at ${headers.get('x-side')}`
}
