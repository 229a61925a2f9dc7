import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import type { Result } from '../../src/report/outcome/result-output.ts'
import type { RequestRecord } from '../../src/sandbox/github/log.ts'
import type { EndedProcess } from '../../src/sandbox/runner/runner.ts'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { Job, JobInputs, JobOptions, JobRun, Stage, StageOptions } from '../../src/sandbox/stage.ts'
import { aStage, calming } from './rig.ts'

// A story has many runs in it, and takes several times as long where the machine has other work.
vi.setConfig({ testTimeout: 240_000 })

/** A stage that writes down its jobs as they come: the log, and the requests to GitHub. */
export interface Story extends Stage {
  /** Adds an event outside of the jobs, for the reader of the transcript. */
  aside(text: string): void
  /** The jobs after this are not written down: they only set the scene. */
  quietly<T>(work: () => Promise<T>): Promise<T>
  /** Compares everything so far with the kept transcript. Six stories keep one; the others count their requests. */
  tells(name: string): Promise<void>
  /** The jobs that were written down made at most this many requests to GitHub. */
  asksAtMost(requests: number): void
}

/** With one instance, for stories that are not about rolling, its downtime is accepted. */
export async function aStory(options: Partial<StageOptions> = {}): Promise<Story> {
  const alone = options.instances === 1 ? { rollout: { 'accept-downtime': true } } : {}
  const stage = await aStage({ ...options, config: { ...alone, ...options.config } })
  const pages: Page[] = []
  let quiet = false

  function heard(actor: string, run: JobRun): JobRun {
    const start: JobRun['start'] = async (inputs, jobOptions) => {
      const page: Page = { title: titleOf(actor, inputs), atOnce: inputs.command === 'releases', phases: [] }
      if (!quiet) pages.push(page)
      const listen = listening(stage, page)
      const started = await run.start(inputs, jobOptions)
      return {
        ...started,
        ended: listen('main', started.ended),
        post: (main) => listen('post', started.post(main)),
      }
    }
    return {
      ...run,
      start,
      async job(inputs, jobOptions) {
        const started = await start(inputs, jobOptions)
        const main = await started.ended
        return { main, post: await started.post(main) }
      },
      approve(by, comment) {
        if (!quiet) pages.push({ title: `${by} approves the job`, atOnce: false, phases: [] })
        run.approve(by, comment)
      },
    }
  }

  return {
    ...stage,
    run: (actor, again) => heard(again?.by ?? actor, stage.run(actor, again)),
    aside: (text) => void pages.push({ title: text, atOnce: false, phases: [] }),
    async quietly(work) {
      quiet = true
      try {
        return await work()
      } finally {
        quiet = false
      }
    },
    asksAtMost: (requests) =>
      expect(
        pages.flatMap(({ phases }) => phases).reduce((sum, { asked }) => sum + asked.length, 0),
      ).toBeLessThanOrEqual(requests),
    tells: (name) =>
      expect(`${calming()(pages.map(shown).join('\n'))}\n`).toMatchFileSnapshot(`transcripts/${name}.txt`),
  }
}

interface Page {
  readonly title: string
  /** True if the command makes several requests at once, in any order. */
  readonly atOnce: boolean
  readonly phases: { name: string; ended: EndedProcess; asked: readonly RequestRecord[] }[]
}

const listening =
  ({ github }: Stage, page: Page) =>
  async (name: string, ending: Promise<EndedProcess>): Promise<EndedProcess> => {
    const from = github.requests.length
    const ended = await ending
    page.phases.push({ name, ended, asked: github.requests.slice(from) })
    return ended
  }

const shown = ({ title, atOnce, phases }: Page): string =>
  [`== ${title} ==`, ...phases.map((phase) => shownPhase(phase, atOnce)), ''].join('\n')

function shownPhase({ name, ended, asked }: Page['phases'][number], atOnce: boolean): string {
  const told = Object.entries(ended.outputs).filter(([key]) => key !== 'plan' && key !== 'result')
  return [
    `-- ${name}, exit ${ended.code ?? 'by a signal'} --`,
    ...ended.log.filter((line) => !line.startsWith('::debug::')),
    ...told.map(([key, value]) => `  ${key} = ${value}`),
    ...(atOnce ? asked.map(spoken).map(withoutShas).sort() : asked.map(spoken)),
  ].join('\n')
}

const spoken = ({ method, path, status }: RequestRecord): string =>
  `  > ${method} ${path} -> ${status ?? 'no answer'}`

/** Sorted: commits differ from run to run, and so would the order of their requests. */
const withoutShas = (line: string): string => line.replaceAll(/[0-9a-f]{40}/g, '<sha>')

function titleOf(actor: string, { command, ...inputs }: JobInputs): string {
  const told = Object.entries(inputs)
    .filter(([name]) => name !== 'plan')
    .map(([name, value]) => ` ${name}=${value}`)
  return `${actor}: ${command}${told.join('')}`
}

const noSteps = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }

/** A policy of `production` that requires no approval. */
export const unguarded = { requires: { approval: false } }

/** Services alone and no approval: for stories that are not about steps and gates. */
export const lean: ConfigVariation = {
  steps: { ...noSteps, migrate: null },
  production: unguarded,
}

/** A self test that trouble can be laid for on one instance: a script of the release asks it. */
export const selfTestByScript = {
  'bin/self-test': `#!/usr/bin/env bash
. "\${0%/*}/../operations/begin.sh"
rounds=0
until { exec 3<>"/dev/tcp/127.0.0.1/$PORT"; } 2>/dev/null; do
  rounds=$((rounds + 1))
  [ "$rounds" -lt 200 ] || { echo 'nobody answered'; exit 1; }
  sleep 0.02
done
printf 'GET /self-test HTTP/1.0\\r\\n\\r\\n' >&3
read -r _ status _ <&3
while read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
cat <&3
[ "$status" = 200 ]
`,
}

/** An overlay of the service's config. */
export const testedByScript = { 'self-test': { run: 'bin/self-test', timeout: '10s' } }

interface Doing {
  readonly actor?: string
  /** The reviewer of the run before its job began; none when left out. */
  readonly approver?: string | null
  readonly options?: JobOptions
}

/** Runs one deploy job, as in a workflow of one's own: without a plan before it. */
export const deploys = (stage: Stage, release: string, doing: Doing = {}): Promise<Job> =>
  does(stage, { release, command: 'deploy' }, doing)

/** Runs one job that answers an open question, in a checkout of the release in question, as the workflow does it. */
export const decides = (
  stage: Stage,
  release: string,
  answer: Readonly<Record<string, string>>,
  { actor = 'rhea', approver = 'rhea', options = {} }: Doing = {},
): Promise<Job> =>
  does(
    stage,
    { ...answer, command: 'decide' },
    { actor, approver, options: { sha: `refs/tags/${release}`, ...options } },
  )

/** Runs one job in a run of its own. */
export async function does(
  stage: Stage,
  inputs: JobInputs,
  { actor = 'dora', approver = null, options = {} }: Doing = {},
): Promise<Job> {
  const run = stage.run(actor)
  const { github } = stage
  const review = { environment: 'production', comment: '', state: 'approved' } as const
  if (approver !== null) github.approve(run.facts.id, { ...review, user: approver })
  const job = await run.job(inputs, options)
  run.end(job.main.code === 0 ? 'success' : 'failure')
  return job
}

/** The release that a story begins with, brought to every instance at once. */
export async function serving(
  story: Story,
  release: string,
  { steps = noSteps, files = {} }: { steps?: ConfigVariation['steps']; files?: Record<string, string> } = {},
): Promise<void> {
  const rollout = { 'max-parallel': '100%', 'min-available': 1, 'accept-downtime': true }
  await story.release(release, { files, config: { steps, rollout } })
  const { main } = await story.quietly(() => {
    const run = story.run('dora')
    run.approve('rhea')
    return run.job({ command: 'deploy', release })
  })
  expect(main.outputs).toMatchObject({ outcome: 'succeeded' })
  story.aside(`${release} serves`)
}

/** Parses the output `result`. */
export const resultOf = (job: Job | null): Result => JSON.parse(job?.main.outputs.result ?? '{}')

/** Returns the lines of the shop's journal for instances that were changed one after another. */
export const changed = (release: string, ...instances: string[]): string[] =>
  instances.flatMap((name) =>
    ['leave', 'stop', 'install', 'start'].map((script) => `${script} ${release} ${name}`),
  )

export const pidOf = ({ shop }: Stage, instance: string): number =>
  Number(readFileSync(join(shop.home, 'instances', instance, 'pid'), 'utf8'))

/** Returns the release that each instance reports, in their order; undefined for an instance that does not answer. */
export const versions = (stage: Stage): Promise<(string | undefined)[]> =>
  Promise.all(stage.shop.instances.map(({ name }) => stage.shop.instanceVersion(name)))

/** The instances that the front door sends requests to. */
export const inTraffic = (stage: Stage): string[] =>
  stage.shop.frontDoor.members.filter((member) => member.in).map(({ name }) => name)

/** The states that a record went through. */
export const recordStates = (stage: Stage, record: number): string[] =>
  stage.github.deployments.find(({ id }) => id === record)?.statuses.map(({ state }) => state) ?? []

/** Returns the state of the record. */
export const recordSays = (stage: Stage, record: number): string | undefined =>
  stage.github.deployments.find(({ id }) => id === record)?.statuses.at(-1)?.description
