import { DatabaseSync } from 'node:sqlite'
import { startLoadApart } from '../fleet/load-apart.ts'
import { startWriter } from '../fleet/writers.ts'
import type { Stage } from '../stage.ts'
import { chapter, endsWell, line, startTelling, workOf } from './telling.ts'

/** A detour to each of its ends: visitors stand aside, people look at the release, and decide. */
export async function tellSmooth(stage: Stage, summaries: string): Promise<boolean> {
  const { shop } = stage
  const { url } = shop.frontDoor
  console.log(
    'A shop with two instances and a database at home, two more and a copy aside; visitors who read and write.',
  )
  const telling = await startTelling(stage, summaries)
  const { fill } = telling
  chapter('The first deployment: v1.0.0. Nothing serves yet, so that nothing steps aside.')
  await stage.release('v1.0.0')
  const first = await fill('1-first', { do: 'deploy', release: 'v1.0.0' })
  const load = await startLoadApart({ url, perSecond: 50, longest: 300_000 })
  const writer = startWriter(url)

  chapter('v1.1.0 changes the database. Visitors go to the stand-in, home is changed, and people are asked.')
  await stage.release('v1.1.0', { migrations: 2, greeting: 'More of everything' })
  const opened = await fill('2-opened', { do: 'deploy', release: 'v1.1.0', options: 'detour=true' })
  const visitors = await seenAt(url)
  const people = await seenAt(shop.instances[0]?.url ?? '')
  console.log(`\n    Visitors see ${visitors}; the link of the inspection shows ${people}.`)

  chapter('People have looked, and answer: complete. Visitors come home.')
  const completed = await fill('3-completed', answer(workOf(opened).pause, 'complete', 'prices are right'))

  chapter('v2.0.0 takes a column away for good, and is wrong. The answer is: revert, code and database.')
  const before = versionOf(shop.databases.home)
  await stage.release('v2.0.0', { migrations: 3, greeting: 'Wellcome' })
  const wrong = await fill('4-wrong', { do: 'deploy', release: 'v2.0.0', options: 'detour=true' })
  const reverted = await fill('5-reverted', answer(workOf(wrong).pause, 'revert', 'the remark is needed'))
  const after = versionOf(shop.databases.home)

  const report = await load.stop()
  const writes = await writer.stop()
  const kept = new Set(wishesIn(shop.databases.home))

  chapter('The outcome')
  line(
    'visitors were',
    Object.entries(report.sides)
      .map(([side, count]) => `${count} times at ${side}`)
      .join(', '),
  )
  line(
    'writes',
    `${writes.kept.length} kept, ${writes.comeAgain} told to come again, at most ${writes.longestGap / 1000} s`,
  )
  for (const failure of writes.failures) line('failed', failure)
  return endsWell(stage, telling, report, [
    ['first deployment', workOf(first).outcome, 'succeeded'],
    ['detour', workOf(opened).outcome, 'waiting'],
    ['visitors saw', visitors, 'v1.0.0 at stand-in'],
    ['people saw', people, 'v1.1.0 at home'],
    ['complete', workOf(completed).outcome, 'succeeded'],
    ['wrong release', workOf(wrong).outcome, 'waiting'],
    ['revert', workOf(reverted).outcome, 'rolled-back'],
    ['database', after, before],
    ['serves now', await seenAt(url), 'v1.1.0 at home'],
    ['writes lost', String(writes.kept.filter((text) => !kept.has(text)).length), '0'],
    ['writes that failed', String(writes.failures.length), '0'],
  ])
}

const answer = (question: string | undefined, decision: string, reason: string): Record<string, string> => ({
  do: 'decide',
  question: question ?? '',
  decision,
  reason,
})

async function seenAt(url: string): Promise<string> {
  const { headers } = await fetch(url)
  return `${headers.get('x-release')} at ${headers.get('x-side')}`
}

function versionOf(file: string): string {
  const [row] = rowsOf(file, 'SELECT max(version) AS version FROM migrations')
  return `schema ${row?.version}`
}

const wishesIn = (file: string): string[] =>
  rowsOf(file, 'SELECT text FROM wishes').map(({ text }) => String(text))

function rowsOf(file: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}
