import { expr, step } from '../lines.ts'
import { acting, environment, foreign, permissions, rollgateEnvLines } from '../parts.ts'
import { callInputs, jobOutputs, ownStep, reachesInstances, reusableWorkflow, runsOn } from './call.ts'
import { gatedSteps, nothingDeployed } from './gated.ts'
import { ended, reasonCode } from './planned.ts'

export function reconcileWorkflow(): string {
  const inputs = callInputs('reconcile')
  const { converge: _converge, 'fail-on-drift': _fail, ...place } = inputs
  const both = (output: string): string => `jobs.converge.outputs.${output} || jobs.look.outputs.${output}`
  const sha = expr('needs.look.outputs.sha')
  return reusableWorkflow({
    purpose:
      'Holds every instance of an environment against what the environment remembers; on request, and behind its gate, brings what differs back to the release that serves.',
    shown: 'docs/status.md shows one',
    name: 'Reconcile',
    inputs: { ...inputs, 'runs-on': reachesInstances },
    secret:
      'Variables for the commands, one `NAME=value` a line. The job that converges gets them from the environment; the job that looks has only those that you pass.',
    outputs: {
      outcome: ['The outcome of the convergence; `looked` if there was none.', both('outcome')],
      'reason-code': [reasonCode, both('reason-code')],
      drift: [
        '`true` if an instance or the ledger differs from the serving release; otherwise `false`.',
        'jobs.look.outputs.drift',
      ],
      'deployment-id': [
        'The ID of the GitHub Deployment of the convergence; empty if there is none.',
        'jobs.converge.outputs.deployment-id',
      ],
      release: ['The tag of the serving release; empty if there is none.', 'jobs.look.outputs.release'],
      pause: [
        'The ID of the open question, like `7.1`; empty if there is none.',
        'jobs.converge.outputs.pause',
      ],
      result: [
        'The whole result of the run as versioned JSON, described in docs/status.md; for a convergence in docs/result.md.',
        both('result'),
      ],
    },
    jobs: [
      'look:',
      [
        'name: Look',
        runsOn('runs-on'),
        'timeout-minutes: 10',
        ...permissions({
          contents: 'read # reads the config, the ledger and the release that serves',
          deployments: 'read # reads whether the records say what the ledger says',
          actions: 'read # reads whether the run that holds the ledger is live',
        }),
        ...jobOutputs(['outcome', 'reason-code', 'drift', 'release', 'sha', 'result'], 'look'),
        'steps:',
        [
          ...ownStep('status', place, {
            id: 'serving',
            name: 'Find out what serves',
            values: { observe: 'false' },
            except: ['working-directory', 'await', 'expect'],
          }),
          '# Commands that ask an instance are those of the release that serves.',
          ...step(
            'name: Check out the release that serves',
            "if: steps.serving.outputs.sha != ''",
            `uses: ${foreign.checkout}`,
            'with:',
            [`ref: ${expr('steps.serving.outputs.sha')}`, 'fetch-depth: 1', 'persist-credentials: false'],
          ),
          ...ownStep('reconcile', place, {
            id: 'look',
            name: 'Compare',
            values: { 'fail-on-drift': expr('inputs.fail-on-drift && !inputs.converge') },
          }),
          rollgateEnvLines,
        ],
      ],
      '',
      '# A deployment like any other: the gate of the environment, its secrets, the lock and the record.',
      'converge:',
      [
        `name: Bring ${expr('inputs.environment')} back to ${expr('needs.look.outputs.release')}`,
        'needs: look',
        "if: inputs.converge && needs.look.outputs.drift == 'true'",
        runsOn('runs-on'),
        ...environment(expr('inputs.environment')),
        ...permissions(acting),
        ...jobOutputs(ended, 'converge', 'gate'),
        'steps:',
        gatedSteps({
          command: 'reconcile',
          id: 'converge',
          name: 'Converge',
          mode: 'converge',
          inputs: place,
          values: {},
          more: { converge: 'true' },
          sha,
          checkout: 'Check out the release that serves',
          commit: 'the commit that serves',
          shut: nothingDeployed,
          stop: {
            name: 'Stop without a release to check out',
            missing: "needs.look.outputs.sha == ''",
            sentence: 'The serving release did not reach this job.',
          },
        }),
      ],
    ],
  })
}
