import type { CommandName, InputName } from '../../inputs/definitions.ts'
import { expr, type YamlLines } from '../lines.ts'
import { permissions, writing } from '../parts.ts'
import {
  type CallInput,
  type CallInputs,
  callInputs,
  ownStep,
  reachesGitHub,
  reachesInstances,
  reusableWorkflow,
  runsOn,
} from './call.ts'
import { reasonCode } from './planned.ts'

/** A command whose workflow is one job without an environment: no gate, and no secret. */
interface SingleJob {
  readonly command: CommandName
  readonly purpose: string
  readonly shown: string
  readonly name: string
  readonly inputs: CallInputs
  readonly runner: CallInput
  readonly permissions: Readonly<Record<string, string>>
  /** The description of each output of the job. */
  readonly outputs: Readonly<Record<string, string>>
  readonly note: readonly string[]
  readonly title: string
  readonly step: string
  /** Another step after it, and its output. */
  readonly second?: {
    readonly steps: YamlLines
    readonly id: string
    readonly output: string
    readonly description: string
  }
}

const everywhere = 'The name of the GitHub environment in the config; empty for all environments.'
const withoutFolder: readonly InputName[] = ['working-directory']
const listInputs = callInputs('releases', {
  said: {
    environment: 'The environment to list releases for, with its history; empty for all environments.',
  },
})

const unblocks = expr("inputs.unblock && 'Unblock' || 'Block'")

const jobs: readonly SingleJob[] = [
  {
    command: 'block',
    purpose:
      'Blocks a release in one environment or in all, until the block is removed. The serving release keeps serving.',
    shown: 'examples/one-owner/rollgate-block.yml is one to copy',
    name: 'Block',
    inputs: callInputs('block', { said: { release: 'The tag to block.', environment: everywhere } }),
    runner: reachesGitHub,
    permissions: { ...writing, actions: 'read # reads whether the run that holds a ledger is live' },
    outputs: {
      outcome: '`blocked`, `unblocked`, `unchanged` if nothing had to change, or `refused`.',
      'reason-code': reasonCode,
      result: 'The outcome in each environment as versioned JSON, described in docs/releases-list.md.',
    },
    note: [
      '# No environment, so no gate: to keep a release away must be quick, and brings nothing anywhere.',
    ],
    title: `${unblocks} ${expr('inputs.release')}`,
    step: unblocks,
  },
  {
    command: 'schedule',
    purpose:
      'Writes a deployment down for later, or takes that back. Nothing is deployed: dispatch.yml begins it at its time.',
    shown: 'examples/one-owner/rollgate-schedule.yml is one to copy',
    name: 'Schedule',
    inputs: callInputs('schedule', {
      said: {
        release: 'The tag to deploy, or `latest` for the newest final release; empty to withdraw.',
        at: 'The local time in `timezone`, like `2026-12-01T09:00`, or a time with an offset, like `2026-12-01T09:00+01:00`. Empty to withdraw.',
        timezone: 'The time zone of `at`, as an IANA name like `Europe/Berlin`; no default.',
      },
    }),
    runner: reachesGitHub,
    permissions: writing,
    outputs: {
      outcome: '`scheduled`, `withdrawn`, `already-deployed` if the release serves, or `refused`.',
      'reason-code': reasonCode,
      schedule: 'The ID of the schedule that was made or withdrawn, like `s3`.',
      result: 'The schedule as versioned JSON, described in docs/schedules.md.',
    },
    note: [
      '# No environment, so no gate: the approval is asked for at the time of the schedule, from the approvers of',
      '# that time.',
    ],
    title: `${expr("inputs.withdraw != '' && format('Withdraw {0}', inputs.withdraw) || format('Schedule {0}', inputs.release)")} in ${expr('inputs.environment')}`,
    step: expr("inputs.withdraw != '' && 'Withdraw' || 'Schedule'"),
  },
  {
    command: 'status',
    purpose:
      'Looks at every environment, or at one: what serves, how its instances are, what it waits for. It changes nothing.',
    shown: 'docs/status.md shows one',
    name: 'Status',
    inputs: callInputs('status', { said: { environment: everywhere }, without: withoutFolder }),
    runner: reachesInstances,
    permissions: {
      contents: 'read # reads the config and the ledgers',
      deployments: 'read # reads whether the records say what the ledger says',
      actions: 'read # reads whether the run that holds a ledger is live',
    },
    outputs: {
      outcome: '`looked`, for every finding.',
      'reason-code': reasonCode,
      release: 'The tag of the serving release, if one environment is named; otherwise empty.',
      sha: 'The full commit SHA of that release.',
      pause: 'The ID of the open question of that environment, like `7.1`; empty if there is none.',
      result: 'All readings as versioned JSON, described in docs/status.md.',
    },
    note: [
      '# No environment, so no gate and no secret; no checkout, so only what can be asked by an address is asked.',
    ],
    title: `Status of ${expr("inputs.environment || 'all environments'")}`,
    step: 'Look',
  },
  {
    command: 'releases',
    purpose:
      'Lists the releases, what became of each, and where an environment may go or go back to. It changes nothing.',
    shown: 'docs/releases-list.md shows one',
    name: 'Releases',
    inputs: listInputs,
    runner: reachesGitHub,
    permissions: { contents: 'read # reads the tags, the configs and the ledgers' },
    outputs: {
      outcome: '`looked`, for every finding.',
      'reason-code': reasonCode,
      result: 'The releases as versioned JSON, described in docs/releases-list.md.',
    },
    note: ['# No environment, so no gate and no secret; nothing is checked out.'],
    title: `Releases${expr("inputs.environment != '' && format(' for {0}', inputs.environment) || ''")}`,
    step: 'List the releases',
    second: {
      id: 'history',
      output: 'history',
      description: 'The history of the environment as versioned JSON; empty without an environment.',
      steps: ownStep('history', listInputs, {
        id: 'history',
        name: 'Show the history',
        condition: "inputs.environment != ''",
      }),
    },
  },
]

export const singleWorkflows = (): [string, string][] =>
  jobs.map((one) => [`${one.command}.yml`, singleWorkflow(one)])

function singleWorkflow(single: SingleJob): string {
  const { command, inputs, outputs, second } = single
  const given: [string, readonly [string, string]][] = Object.entries(outputs).map(([name, said]) => [
    name,
    [said, `jobs.${command}.outputs.${name}`],
  ])
  const more: [string, readonly [string, string]][] =
    second === undefined
      ? []
      : [[second.output, [second.description, `jobs.${command}.outputs.${second.output}`]]]
  return reusableWorkflow({
    ...single,
    inputs: { ...inputs, 'runs-on': single.runner },
    outputs: Object.fromEntries([...given, ...more]),
    jobs: [
      ...single.note,
      `${command}:`,
      [
        `name: ${single.title}`,
        runsOn('runs-on'),
        'timeout-minutes: 10',
        ...permissions(single.permissions),
        'outputs:',
        [
          ...Object.keys(outputs).map((name) => `${name}: ${expr(valueFrom(single, name))}`),
          ...(second === undefined ? [] : [`${second.output}: ${expr(`steps.${second.id}.outputs.result`)}`]),
        ],
        'steps:',
        [...ownStep(command, inputs, { id: command, name: single.step }), ...(second?.steps ?? [])],
      ],
    ],
  })
}

/** The second step may refuse as well. */
const valueFrom = ({ command, second }: SingleJob, name: string): string =>
  second !== undefined && name === 'reason-code'
    ? `steps.${command}.outputs.${name} || steps.${second.id}.outputs.${name}`
    : `steps.${command}.outputs.${name}`
