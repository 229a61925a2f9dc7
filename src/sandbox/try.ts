import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownWorkflows } from '../workflows/own-workflows.ts'
import { startLoadApart } from './fleet/load-apart.ts'
import { bundle } from './runner/runner.ts'
import { openStage, type Stage } from './stage.ts'
import { untruths } from './truth/truth.ts'
import { type PlayedJob, type PlayedRun, stepOf, summaryOf } from './workflows/run/run-start.ts'

/**
 * The demonstration for a newcomer: the form that `rollgate init` writes is filled in, and the shipped bundle deploys
 * a release over a shop that serves requests, stops when it must, and rolls back. Exits with 1 if a request failed,
 * or anything went another way than it should.
 */
const hear = (line: string): void => {
  if (!isForTheRunner(line)) console.log(`    ${asShown(line)}`)
}

/**
 * The folder of the job summaries, as GitHub shows them on the page of a run. It is emptied: it belongs to
 * the project, in every working directory.
 */
const summaries = fileURLToPath(new URL('../../build/try/', import.meta.url))

if (!existsSync(bundle)) {
  console.error(`There is no bundle at ${bundle}: run "npm run bundle" first.`)
  process.exit(1)
}
rmSync(summaries, { recursive: true, force: true })
mkdirSync(summaries, { recursive: true })
const folder = mkdtempSync(join(tmpdir(), 'rollgate-try-'))
const stage = await openStage({ folder, instances: 3 })
process.once('SIGINT', () => void stage.close().finally(() => process.exit(130)))
try {
  process.exitCode = (await tell(stage)) ? 0 : 1
} finally {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
}

async function tell(stage: Stage): Promise<boolean> {
  const untrue: string[] = []
  /** After each chapter: instances, traffic, ledger, records and pages must agree. */
  const holdTheWorldAgainstIt = async (): Promise<void> => void untrue.push(...(await untruths(stage)))

  console.log(
    'A shop with three instances, a database and a scheduler; a GitHub of its own; the bundle that ships.',
  )
  const workflows = Object.fromEntries(ownWorkflows({ version: 'v0', runsOn: 'self-hosted' }))
  await stage.github.commit('main', workflows, 'Add the form and the clock')
  const actions = stage.actions({ hear })
  const fill = (inputs: Readonly<Record<string, string>>): Promise<PlayedRun> =>
    actions.dispatch('rollgate.yml', { environment: 'production', ...inputs })
  chapter('The first deployment: v1.0.0. Nothing serves yet.')
  await stage.release('v1.0.0')
  const first = await fill({ do: 'deploy', release: 'v1.0.0' })
  keep('1-first', first)
  await holdTheWorldAgainstIt()

  chapter('The second, under load: v1.1.0 migrates the database, and no visitor may notice.')
  const load = await startLoadApart({ url: stage.shop.frontDoor.url, perSecond: 100 })
  await stage.release('v1.1.0', { migrations: 2, greeting: 'More of everything' })
  const second = await fill({ do: 'deploy', release: 'v1.1.0' })
  keep('2-second', second)
  await holdTheWorldAgainstIt()

  chapter('A bad one: the self test of v1.2.0 fails on its first instance. The rollout stops and asks.')
  await stage.release('v1.2.0', { migrations: 2, quirk: 'self-test-fails' })
  const third = await fill({ do: 'deploy', release: 'v1.2.0' })
  keep('3-bad', third)
  await holdTheWorldAgainstIt()
  const { pause = '', outcome, result = '{}' } = workOf(third)
  console.log(`\n    Pause ${pause} waits for a person: ${JSON.parse(result).pause?.options}`)

  chapter('Meanwhile the status shows the question, and every instance.')
  const { jobs } = await fill({ do: 'status' })
  keepPage('3-status', jobs.look)

  chapter('A person decides: roll back. Only the instance that was changed is changed again.')
  const decided = await fill({
    ...{ do: 'decide', question: pause, decision: 'roll-back' },
    reason: 'the self test fails',
  })
  keep('4-decision', decided)
  await holdTheWorldAgainstIt()

  chapter('At three in the morning somebody presses roll back: v1.0.0 serves again.')
  const back = await fill({ do: 'roll-back' })
  keep('5-rollback', back)
  const report = await load.stop()
  await holdTheWorldAgainstIt()

  chapter('What came of it')
  const endings = [
    ['first deployment', workOf(first).outcome, 'succeeded'],
    ['second deployment', workOf(second).outcome, 'succeeded'],
    ['bad release', outcome, 'waiting'],
    ['decision', workOf(decided).outcome, 'rolled-back'],
    ['rollback', workOf(back).outcome, 'succeeded'],
    ['serves now', await stage.shop.instanceVersion('web-1'), 'v1.0.0'],
  ] as const
  for (const [what, found, wanted] of endings)
    console.log(
      `  ${what.padEnd(18)} ${found ?? 'nothing'}${found === wanted ? '' : `   (should be ${wanted})`}`,
    )
  const served = Object.entries(report.releases).map(([tag, count]) => `${count} by ${tag}`)
  console.log(`  requests           ${report.count} made, ${report.failures} failed (${served.join(', ')})`)
  console.log(
    `  slowest            ${Math.round(report.latency.max)} ms, half within ${Math.round(report.latency.p50)} ms`,
  )
  console.log(
    `  asked of GitHub    ${stage.github.requests.length} requests, ${stage.github.violations.length} against its description`,
  )
  console.log(
    `  said and so        ${untrue.length === 0 ? 'instances, traffic, ledger, records and pages agree after every chapter' : `${untrue.length} statements that are not true`}`,
  )
  for (const sentence of untrue) console.log(`  not true           ${sentence}`)
  console.log(`  to be read         ${relative(process.cwd(), summaries)}/*.md, the job summaries`)
  for (const reason of report.reasons) console.log(`  failed             ${reason}`)
  return (
    report.failures === 0 &&
    untrue.length === 0 &&
    stage.github.violations.length === 0 &&
    endings.every(([, found, wanted]) => found === wanted)
  )
}

/** The outputs of the step behind the gate. */
function workOf({ jobs }: PlayedRun): Readonly<Record<string, string>> {
  return stepOf(jobs.act, 'act')?.outputs ?? {}
}

function keep(name: string, { jobs }: PlayedRun): void {
  for (const [part, job] of Object.entries({ plan: jobs.look, work: jobs.act }))
    if (job?.result !== 'skipped') keepPage(`${name}-${part}`, job)
}

function keepPage(name: string, job: PlayedJob | undefined): void {
  writeFileSync(join(summaries, `${name}.md`), summaryOf(job))
}

function chapter(title: string): void {
  console.log(`\n${title}\n`)
}

/** As the log of a job shows what is addressed to the runner. */
function asShown(line: string): string {
  return line
    .replace(/^::group::/, '> ')
    .replace(/^::(error|warning)( title=[^:]*)?::/, (_all, kind: string) => `${kind.toUpperCase()}: `)
    .replaceAll('%0A', '\n      ')
}

/** Returns true for lines that a runner obeys and GitHub does not show. */
function isForTheRunner(line: string): boolean {
  return /^::(debug|stop-commands|endgroup|add-mask|[0-9a-f-]{36})/.test(line)
}
