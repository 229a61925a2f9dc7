import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownWorkflows } from '../../workflows/own-workflows.ts'
import type { LoadReport } from '../fleet/load.ts'
import type { Stage } from '../stage.ts'
import { untruths } from '../truth/truth.ts'
import { type PlayedJob, type PlayedRun, stepOf, summaryOf } from '../workflows/run/run-start.ts'

/**
 * Returns the folder of a demonstration's job summaries, as GitHub shows them on the page of a run. It is emptied: it
 * belongs to the project, in every working directory.
 */
export const summariesOf = (name: string): string =>
  fileURLToPath(new URL(`../../../build/try/${name}/`, import.meta.url))

/** The means of a demonstration: the form, and the truth after each chapter. */
export interface Demonstrating {
  /** Fills in the form, keeps the pages of the run under a name, and holds the world against them. */
  fill(name: string, inputs: Readonly<Record<string, string>>): Promise<PlayedRun>
  /** Places where the world is not what was told, so far. */
  readonly untrue: readonly string[]
}

export async function startTelling(stage: Stage, summaries: string): Promise<Demonstrating> {
  const untrue: string[] = []
  const workflows = Object.fromEntries(ownWorkflows({ version: 'v0', runsOn: 'self-hosted' }))
  await stage.github.commit('main', workflows, 'Add the form and the clock')
  const actions = stage.actions({ hear })
  return {
    untrue,
    async fill(name, inputs) {
      const played = await actions.dispatch('rollgate.yml', { environment: 'production', ...inputs })
      keep(join(summaries, name), played)
      // A look changes nothing.
      if (played.jobs.act?.result !== 'skipped') untrue.push(...(await untruths(stage)))
      return played
    },
  }
}

export function chapter(title: string): void {
  console.log(`\n${title}\n`)
}

/** The outputs of the step behind the gate. */
export function workOf({ jobs }: PlayedRun): Readonly<Record<string, string>> {
  return stepOf(jobs.act, 'act')?.outputs ?? {}
}

/** A fact of the end by its name, with what it should be. */
export type Ending = readonly [what: string, is: string | undefined, should: string]

/** Prints the end of a demonstration. True if everything is as it should be. */
export function endsWell(
  { github }: Stage,
  { untrue }: Demonstrating,
  report: LoadReport,
  endings: readonly Ending[],
): boolean {
  for (const [what, is, should] of endings)
    line(what, `${is ?? 'nothing'}${is === should ? '' : `   (should be ${should})`}`)
  const served = Object.entries(report.releases).map(([tag, count]) => `${count} by ${tag}`)
  line('requests', `${report.count} made, ${report.failures} failed (${served.join(', ')})`)
  line('slowest', `${Math.round(report.latency.max)} ms, half within ${Math.round(report.latency.p50)} ms`)
  line(
    'asked of GitHub',
    `${github.requests.length} requests, ${github.violations.length} against its description`,
  )
  line(
    'said and so',
    untrue.length === 0
      ? 'instances, traffic, ledger, records and pages agree after every chapter'
      : `${untrue.length} statements that are not true`,
  )
  for (const sentence of untrue) line('not true', sentence)
  for (const reason of report.reasons) line('failed', reason)
  return (
    report.failures === 0 &&
    untrue.length === 0 &&
    github.violations.length === 0 &&
    endings.every(([, is, should]) => is === should)
  )
}

export const line = (what: string, is: string): void => console.log(`  ${what.padEnd(18)} ${is}`)

function keep(path: string, { jobs }: PlayedRun): void {
  for (const [part, job] of Object.entries({ plan: jobs.look, work: jobs.act }))
    if (job !== undefined && job.result !== 'skipped') keepPage(`${path}-${part}`, job)
}

function keepPage(path: string, job: PlayedJob): void {
  writeFileSync(`${path}.md`, summaryOf(job))
}

function hear(text: string): void {
  if (!isForTheRunner(text)) console.log(`    ${asShown(text)}`)
}

/** As the log of a job shows what is addressed to the runner. */
function asShown(text: string): string {
  return text
    .replace(/^::group::/, '> ')
    .replace(/^::(error|warning)( title=[^:]*)?::/, (_all, kind: string) => `${kind.toUpperCase()}: `)
    .replaceAll('%0A', '\n      ')
}

/** Returns true for lines that a runner obeys and GitHub does not show. */
function isForTheRunner(text: string): boolean {
  return /^::(debug|stop-commands|endgroup|add-mask|[0-9a-f-]{36})/.test(text)
}
