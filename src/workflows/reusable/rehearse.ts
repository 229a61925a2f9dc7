import { expr, type YamlLines } from '../lines.ts'
import { acting, permissions } from '../parts.ts'
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
import { reasonCode } from './planned.ts'

export function rehearseWorkflow(): string {
  const { rehearsed: _rehearsed, ...inputs } = callInputs('rehearse', {
    said: {
      environment: 'The name of the GitHub environment in the config. Fails for a production.',
      release: 'The tag to go back to; empty for the release that served before the present one.',
    },
  })
  const { 'working-directory': folder } = callInputs('deploy')
  const last = (output: string, ...jobs: readonly string[]): string =>
    jobs.map((job) => `jobs.${job}.outputs.${output}`).join(' || ')
  return reusableWorkflow({
    purpose:
      'Rehearses a way back: the environment goes back from the release that serves it, and to it again.',
    shown: 'examples/one-owner/rollgate-rehearse.yml is one to copy',
    name: 'Rehearse',
    inputs: {
      ...inputs,
      ...(folder === undefined ? {} : { 'working-directory': folder }),
      'runs-on': reachesInstances,
      'plan-runs-on': runner('The runner that makes the plans. It only needs to reach GitHub.'),
    },
    secret: secretOfEnvironment,
    outputs: {
      outcome: [
        '`rehearsed`; otherwise the outcome of the last half that ran, or `planned` if none ran.',
        last('outcome', 'verdict', 'again', 'back', 'look'),
      ],
      'reason-code': [reasonCode, last('reason-code', 'verdict', 'again', 'back', 'look')],
      release: ['The tag of the release whose rollback is rehearsed.', 'jobs.look.outputs.release'],
      'previous-release': [
        'The tag of the release that the rehearsal goes back to.',
        'jobs.look.outputs.previous-release',
      ],
      result: [
        'The rehearsal as versioned JSON, described in docs/rehearsals.md.',
        last('result', 'verdict', 'look'),
      ],
    },
    jobs: [
      ...lookJob(inputs),
      '',
      '# The same workflows that go back, and deploy, every day: each with its plan, its gate and its checkout.',
      'back:',
      [
        'name: Back',
        'needs: look',
        "if: needs.look.outputs.outcome == 'planned'",
        ...half('rollback', 'previous-release'),
      ],
      '',
      '# After an unfinished rollback there is nothing to come back from: that run has asked a person.',
      'again:',
      [
        'name: Again',
        'needs: [look, back]',
        '# With named people the rollback has only been asked for.',
        "if: needs.back.outputs.outcome != 'waiting'",
        ...half('deploy', 'release'),
      ],
      '',
      ...verdictJob(inputs),
    ],
  })
}

const lookJob = (inputs: CallInputs): YamlLines => [
  '# Both halves are judged before the first one begins, so that the environment does not stay half way.',
  'look:',
  [
    'name: Look',
    runsOn('plan-runs-on'),
    'timeout-minutes: 10',
    ...permissions({
      contents: 'read # reads the tags, the configs and the ledger',
      actions: 'read # reads the rules of the environment',
      issues: 'read # reads the open issues with a label that halts, where the config has one',
    }),
    ...jobOutputs(['outcome', 'reason-code', 'release', 'previous-release', 'result'], 'look'),
    'steps:',
    [...ownStep('rehearse', inputs, { id: 'look', name: 'Look whether it may begin' })],
  ],
]

/** One half is a call: GitHub passes on only the secrets that are named. */
const half = (workflow: 'rollback' | 'deploy', release: string): YamlLines => [
  ...permissions(acting),
  `uses: $/.github/workflows/${workflow}.yml`,
  'with:',
  [
    `environment: ${expr('inputs.environment')}`,
    `release: ${expr(`needs.look.outputs.${release}`)}`,
    ...['config', 'app', 'working-directory', 'runs-on', 'plan-runs-on'].map(
      (name) => `${name}: ${expr(`inputs.${name}`)}`,
    ),
  ],
  'secrets:',
  [`ROLLGATE_ENV: ${expr('secrets.ROLLGATE_ENV')}`],
]

const verdictJob = (inputs: CallInputs): YamlLines => [
  '# Green only where both halves succeeded on every instance, with nothing in between.',
  'verdict:',
  [
    'name: Rehearsed?',
    'needs: [look, again]',
    runsOn('plan-runs-on'),
    'timeout-minutes: 10',
    ...permissions({ contents: 'read # reads the config and the ledger' }),
    ...jobOutputs(['outcome', 'reason-code', 'result'], 'verdict'),
    'steps:',
    [
      ...ownStep('rehearse', inputs, {
        id: 'verdict',
        name: 'Look whether it is rehearsed',
        values: {
          release: expr('needs.look.outputs.previous-release'),
          rehearsed: expr('needs.look.outputs.release'),
        },
      }),
    ],
  ],
]
