import { expr } from '../lines.ts'
import { acting, environment, permissions } from '../parts.ts'
import {
  callInputs,
  jobOutputs,
  ownStep,
  reachesInstances,
  reusableWorkflow,
  runner,
  runsOn,
  secretOfEnvironment,
} from './call.ts'
import { gatedSteps } from './gated.ts'
import { ended, reasonCode } from './planned.ts'

export function decideWorkflow(): string {
  const inputs = callInputs('decide')
  const both = (output: string): string => `jobs.decide.outputs.${output} || jobs.look.outputs.${output}`
  const seen = ['outcome', 'reason-code', 'release', 'sha', 'previous-release', 'pause', 'result']
  return reusableWorkflow({
    purpose: "A person's answer at a gate: after it the deployment goes on, goes back or ends.",
    shown: 'examples/one-owner/rollgate-decide.yml is one to copy',
    name: 'Decide',
    inputs: {
      ...inputs,
      'runs-on': reachesInstances,
      'plan-runs-on': runner('The runner of the job that reads the question. It only needs to reach GitHub.'),
    },
    secret: secretOfEnvironment,
    outputs: {
      outcome: [
        'The outcome; `waiting` if the answer had no effect, or another question is open.',
        both('outcome'),
      ],
      'reason-code': [reasonCode, both('reason-code')],
      'deployment-id': [
        'The ID of the GitHub Deployment; empty if there is none.',
        'jobs.decide.outputs.deployment-id',
      ],
      release: ['The tag of the release.', 'jobs.look.outputs.release'],
      'previous-release': [
        'The tag of the release that served before; empty for the first.',
        'jobs.look.outputs.previous-release',
      ],
      pause: [
        'The ID of the question that is open now, like `7.2`; empty if there is none.',
        'jobs.decide.outputs.pause',
      ],
      result: ['The whole result of the run as versioned JSON, described in docs/result.md.', both('result')],
    },
    jobs: [
      '# The deployment that waits belongs to a release, whose commands must be checked out to go on.',
      'look:',
      [
        'name: Look',
        runsOn('plan-runs-on'),
        'timeout-minutes: 10',
        ...permissions({ contents: 'read # reads the config and the ledger' }),
        ...jobOutputs(seen, 'look'),
        'steps:',
        [
          ...ownStep('plan', inputs, {
            id: 'look',
            name: 'Look at the question',
            values: { mode: 'decision' },
          }),
          '# Fails before a reviewer is asked to approve an answer that fits no open question.',
          '- name: Refuse an answer to another question',
          [
            'if: steps.look.outputs.pause != inputs.pause',
            'run: |',
            [
              "echo '::error title=Rollgate::The question that this answers does not wait. The summary of this job shows what does. Nothing was changed.'",
              'exit 1',
            ],
          ],
        ],
      ],
      '',
      'decide:',
      [
        `name: Answer ${expr('inputs.decision')} to question ${expr('inputs.pause')} of ${expr('inputs.environment')} (deployment of ${expr('needs.look.outputs.release')})`,
        'needs: look',
        runsOn('runs-on'),
        ...environment(expr('inputs.environment')),
        ...permissions({
          ...acting,
          actions: 'read # reads whether the run that holds the ledger is live',
        }),
        ...jobOutputs(ended, 'decide', 'gate'),
        'steps:',
        gatedSteps({
          command: 'decide',
          id: 'decide',
          name: 'Decide',
          mode: 'decision',
          inputs,
          values: {},
          sha: expr('needs.look.outputs.sha'),
          checkout: 'Check out the release',
          commit: 'the approved commit',
          noteOnShut:
            'An answer that ends the deployment is given by the gate: an unapproved release is not checked out to be rejected.',
          shut: [
            'Nothing was run (the answer ended the deployment)',
            'Nothing of the release has run. The summary of this job says how the deployment ended.',
          ],
          stop: {
            name: 'Stop without a release to check out',
            missing: "needs.look.outputs.sha == ''",
            sentence: 'The release of the deployment did not reach this job.',
          },
        }),
      ],
    ],
  })
}
