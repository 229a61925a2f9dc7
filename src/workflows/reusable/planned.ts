import type { InputName } from '../../inputs/definitions.ts'
import { expr, type YamlLines } from '../lines.ts'
import { acting, environment, permissions } from '../parts.ts'
import {
  type CallInputs,
  callInputs,
  jobOutputs,
  ownStep,
  reachesInstances,
  reusableWorkflow,
  runner,
  runsOn,
  secretOfEnvironment,
} from './call.ts'
import { gatedSteps, nothingDeployed } from './gated.ts'

/** A command with a plan to look at before its gate. */
interface PlannedCommand {
  readonly command: 'deploy' | 'rollback' | 'restart' | 'task'
  readonly purpose: string
  readonly name: string
  readonly step: string
  /** The name of the job in the list, and its values. */
  readonly title: readonly [pattern: string, ...values: string[]]
  readonly said?: Readonly<Record<string, string>>
  readonly without?: readonly InputName[]
  /** Values that replace those of the caller behind the gate. */
  readonly planned?: Readonly<Record<string, string>>
  readonly previous: string
}

const servedBefore = 'The tag of the release that served before; empty for the first.'
const sameRelease = 'The tag of the serving release, the same before and after.'

const commands: readonly PlannedCommand[] = [
  {
    command: 'deploy',
    purpose:
      'Takes one release to one environment: a plan to look at, the gate of the environment, the deployment.',
    name: 'Deploy',
    step: 'Deploy',
    title: ['Deploy {0} to {1}', 'needs.plan.outputs.release', 'inputs.environment'],
    without: ['schedule'],
    said: { release: 'The tag to deploy.' },
    previous: servedBefore,
  },
  {
    command: 'rollback',
    purpose:
      'Takes an environment back to a release that served it: a plan to look at, the same gate, the same lock.',
    name: 'Roll back',
    step: 'Roll back',
    title: ['Roll {0} back to {1}', 'inputs.environment', 'needs.plan.outputs.release'],
    said: {
      release:
        'The tag to go back to; empty for the release that served before. The list of releases and the plan say if a rollback is safe; an unsafe one is refused, and the refusal names the nearest safe releases.',
    },
    planned: { release: expr('needs.plan.outputs.release') },
    previous: servedBefore,
  },
  {
    command: 'restart',
    purpose:
      'Stops and starts the instances of the release that serves: a plan to look at, the same gate, the same lock.',
    name: 'Restart',
    step: 'Restart',
    title: ['Restart {0} in {1}', 'needs.plan.outputs.release', 'inputs.environment'],
    previous: sameRelease,
  },
  {
    command: 'task',
    purpose: 'Runs a task of the release that serves: a plan to look at, the same gate, the same lock.',
    name: 'Run a task',
    step: 'Run the task',
    title: ['Run {0} in {1}', 'inputs.task', 'inputs.environment'],
    previous: sameRelease,
  },
]

export const plannedWorkflows = (): [string, string][] =>
  commands.map((one) => [`${one.command}.yml`, plannedWorkflow(one)])

function plannedWorkflow(planned: PlannedCommand): string {
  const { command, purpose, name, said = {}, without = [], previous } = planned
  const asked = callInputs(command, { without, said })
  // A deployment may be left to the tag: only the workflow requires it.
  const inputs: CallInputs =
    command === 'deploy' && asked.release !== undefined
      ? { ...asked, release: { description: asked.release.description, type: 'string', required: true } }
      : asked
  const both = (output: string): string => `jobs.${command}.outputs.${output} || jobs.plan.outputs.${output}`
  return reusableWorkflow({
    purpose,
    shown: `examples/one-owner/rollgate-${command}.yml is one to copy`,
    name,
    inputs: {
      ...inputs,
      'runs-on': reachesInstances,
      'plan-runs-on': runner('The runner that makes the plan. It only needs to reach GitHub.'),
    },
    secret: secretOfEnvironment,
    outputs: {
      outcome: ['The outcome; `planned` if the plan was made and not executed.', both('outcome')],
      'reason-code': [reasonCode, both('reason-code')],
      'deployment-id': [
        'The ID of the GitHub Deployment; empty if there is none.',
        `jobs.${command}.outputs.deployment-id`,
      ],
      release: ['The tag of the release.', 'jobs.plan.outputs.release'],
      'previous-release': [previous, 'jobs.plan.outputs.previous-release'],
      pause: ['The ID of the open question, like `7.1`; empty if there is none.', both('pause')],
      result: ['The whole result of the run as versioned JSON, described in docs/result.md.', both('result')],
    },
    jobs: [...planJob(command, inputs), '', ...workJob(planned, inputs)],
  })
}

export const reasonCode =
  'The code of the problem that ended the run, as in docs/problems.md; otherwise empty.'

const handedOn = [
  ...['outcome', 'reason-code', 'plan', 'digest', 'mode', 'approval', 'release', 'sha'],
  ...['previous-release', 'pause', 'result'],
]

const planJob = (mode: string, inputs: CallInputs): YamlLines => [
  '# Before the gate, so that there is something to look at when a reviewer is asked.',
  'plan:',
  [
    'name: Plan',
    runsOn('plan-runs-on'),
    'timeout-minutes: 10',
    ...permissions({
      contents: 'read # reads the tag, the config and the ledger',
      actions: 'read # reads the rules of the environment',
      issues: 'read # reads the open issues with a label that halts, where the config has one',
    }),
    ...jobOutputs(handedOn, 'plan'),
    'steps:',
    [...ownStep('plan', inputs, { id: 'plan', name: 'Plan', values: { mode } })],
  ],
]

function workJob({ command, step, title, planned = {} }: PlannedCommand, inputs: CallInputs): YamlLines {
  const [pattern, ...values] = title
  const waits = `${pattern} (asks for approval; nothing is deployed yet)`
  const named = `needs.plan.outputs.approval == 'named' && '${waits}' || '${pattern}'`
  return [
    '# Everything behind the gate is one job: approval is per job, and so are the secrets of the environment.',
    '# No concurrency: a run that waits for approval would hold the group for days. The ledger is the lock.',
    `${command}:`,
    [
      '# A run that only asks named people is green, so its job name says that nothing is deployed.',
      `name: ${expr(`format(${[named, ...values].join(', ')})`)}`,
      'needs: plan',
      "if: needs.plan.outputs.outcome == 'planned'",
      runsOn('runs-on'),
      ...environment(expr('inputs.environment')),
      ...permissions(acting),
      ...jobOutputs(ended, command, 'gate'),
      'steps:',
      gatedSteps({
        command,
        id: command,
        name: step,
        mode: command,
        inputs,
        values: { ...planned, plan: expr('needs.plan.outputs.plan') },
        sha: expr('needs.plan.outputs.sha'),
        checkout: 'Check out the release',
        commit: 'the approved commit',
        shut: nothingDeployed,
        stop: {
          name: 'Stop without the plan that was approved',
          note: 'A job output that holds a masked value is dropped: then what was approved is not known any more.',
          missing: "(needs.plan.outputs.plan == '' || needs.plan.outputs.sha == '')",
          sentence:
            'The plan did not reach this job, so what was approved is not known. Does it hold the value of a secret?',
        },
      }),
    ],
  ]
}

export const ended = ['outcome', 'reason-code', 'deployment-id', 'pause', 'result']
