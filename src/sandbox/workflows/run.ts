import { inForce, type RulesOff } from '../rules/in-force.ts'
import { concurrencyGroups } from './run/concurrency.ts'
import { startRun } from './run/run.ts'
import type { PlayedJob, RunEvent } from './run/run-start.ts'
import { type Handler, sceneMachine } from './scene-machine.ts'
import { type ActionsSite, noValues } from './site/actions-site.ts'
import { unprotected } from './site/gate-keeper.ts'
import { noRegister } from './site/run-register.ts'
import { anyLabel, newestRunner } from './site/runners.ts'
import { folderRepository, textRepository } from './site/source-repository.ts'
import type { WorkflowFile } from './workflow-file.ts'
import { parseWorkflow, textOf } from './workflow-file.ts'

export type { Handler } from './scene-machine.ts'

export interface Scene {
  /** By what `uses:` says, without a version. */
  readonly actions: Readonly<Record<string, Handler>>
  /** The answer of the reviewer when a job names an environment. */
  readonly gate?: (environment: string, job: string) => 'approved' | 'rejected'
  readonly secrets?: Readonly<Record<string, string>>
  /** The event that started the run. */
  readonly github?: Readonly<Record<string, string>>
  /** Files of the checkout. */
  readonly files?: readonly string[]
}

/** The end of a workflow in a scene. */
export interface PlayedScene {
  /** Jobs of called workflows as `caller/called`. */
  readonly jobs: Readonly<Record<string, PlayedJob>>
  readonly outputs: Readonly<Record<string, string>>
}

const project = new URL('../../../', import.meta.url).pathname
/** A repository of Rollgate's own owner: the border between owners has tests of its own. */
const caller = 'rollgate/shop'
const calling = '.github/workflows/call.yml'

/**
 * Runs a workflow of the project by GitHub's rules: its graph, conditions, expressions and shell steps are real,
 * actions are the scene's. A workflow that is only called is called here with all secrets and permissions.
 */
export async function runWorkflow(
  path: string,
  given: Readonly<Record<string, unknown>>,
  scene: Scene,
  rules: RulesOff = {},
): Promise<PlayedScene> {
  const file = parseWorkflow(textOf(path))
  const isCalled = 'workflow_call' in file.on
  const [workflow, text] = isCalled ? [calling, callOf(path, given)] : [path, textOf(path)]
  const site = sceneSite(scene, { [workflow]: text }, rules)
  const { ended } = startRun(site, {
    ...{ id: 1, attempt: 1, repository: caller, workflow, ref: 'refs/heads/main', sha: '0'.repeat(40) },
    ...{
      actor: 'dora',
      triggeringActor: 'dora',
      kept: {},
      event: isCalled ? inForm({}) : eventFor(file, given),
    },
  })
  const { conclusion, problems, jobs } = await ended
  if (conclusion === 'startup_failure') throw new Error(`${path}: ${problems.join('\n')}`)
  return isCalled ? { jobs: below('call/', jobs), outputs: jobs.call?.outputs ?? {} } : { jobs, outputs: {} }
}

const inForm = (inputs: Readonly<Record<string, unknown>>): RunEvent => ({
  name: 'workflow_dispatch',
  inputs,
})

const eventFor = ({ on }: WorkflowFile, given: Readonly<Record<string, unknown>>): RunEvent =>
  'workflow_dispatch' in on
    ? inForm(given)
    : 'schedule' in on
      ? { name: 'schedule', cron: '' }
      : { name: 'push' }

const callOf = (path: string, given: object): string =>
  JSON.stringify({
    on: { workflow_dispatch: {} },
    permissions: 'write-all',
    jobs: { call: { uses: `rollgate/rollgate/${path}@v0`, with: given, secrets: 'inherit' } },
  })

const below = (
  prefix: string,
  jobs: Readonly<Record<string, PlayedJob>>,
): Readonly<Record<string, PlayedJob>> =>
  Object.fromEntries(
    Object.entries(jobs)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, job]) => [name.slice(prefix.length), job]),
  )

function sceneSite(
  { actions, gate = () => 'approved', secrets = {}, github = {}, files = [] }: Scene,
  workflows: Readonly<Record<string, string>>,
  rules: RulesOff,
): ActionsSite {
  const kept = inForce(rules)
  return {
    inForce: kept,
    product: 'github.com',
    repositories: {
      [caller]: textRepository(caller, workflows),
      'rollgate/rollgate': folderRepository('rollgate/rollgate', project),
    },
    defaultBranch: 'main',
    runners: {
      hosted: newestRunner,
      selfHosted: [{ owner: 'rollgate', labels: [anyLabel], version: newestRunner }],
    },
    secrets: { ...noValues, repository: secrets },
    variables: noValues,
    gates: {
      find: () => ({ ...unprotected, reviewers: ['rhea'] }),
      create: () => {},
      review: async (waiting, environment) => {
        const job =
          waiting
            .find((each) => each.environment === environment)
            ?.job.split('/')
            .at(-1) ?? ''
        return { by: 'rhea', state: gate(environment, job) }
      },
    },
    groups: concurrencyGroups(kept),
    register: noRegister,
    token: () => 'ghs_scene',
    machine: sceneMachine({ actions, files }),
    github,
  }
}
