import { expr, step, type YamlLines } from '../lines.ts'
import { acting, environment, foreign, permissions, rollgateEnvLines } from '../parts.ts'
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
import { gatedSteps, nothingDeployed, setUpStep } from './gated.ts'

const everywhere = 'The name of the GitHub environment in the config; empty for all environments.'

/** A job for each thing that the look found. */
const eachDue: YamlLines = [
  'strategy:',
  ['fail-fast: false', 'matrix:', [`include: ${expr('fromJSON(needs.look.outputs.due)')}`]],
]

const { 'id-token': login, ...withoutLogin } = acting
const noticing = { ...withoutLogin, actions: 'read # reads whether the run that holds a ledger is live' }

/** Starts what is due. It has a gate for each schedule. */
export function dispatchWorkflow(): string {
  const place = { ...callInputs('dispatch', { said: { environment: everywhere } }), ...workingDirectory() }
  const matrix = {
    environment: expr('matrix.environment'),
    release: expr('matrix.release'),
    schedule: expr('matrix.schedule'),
  }
  return reusableWorkflow({
    purpose:
      'Looks at the schedules of every environment: begins what is due behind the gate of its environment, and marks what is too late as missed. Safe to run at any time, and twice at once.',
    shown: 'examples/one-owner/rollgate-dispatch.yml is one to copy',
    name: 'Dispatch',
    inputs: {
      ...place,
      'runs-on': reachesInstances,
      'look-runs-on': runner(
        'The runner of the job that reads the schedules. It only needs to reach GitHub.',
      ),
    },
    secret: secretOfEnvironment,
    outputs: {
      due: [
        'The schedules that were started, as a JSON list; `[]` if none was due.',
        'jobs.look.outputs.due',
      ],
      'reason-code': [
        '`schedule-missed` if a schedule was missed, or the code of a refusal; otherwise empty.',
        'jobs.look.outputs.reason-code',
      ],
      result: [
        'The findings in each environment as versioned JSON, described in docs/schedules.md.',
        'jobs.look.outputs.result',
      ],
    },
    jobs: [
      '# Most of the time nothing is due, and this is all that runs.',
      'look:',
      [
        'name: Look',
        runsOn('look-runs-on'),
        'timeout-minutes: 10',
        ...permissions({
          ...withoutLogin,
          issues: 'write # mentions the requester of a missed schedule, where the config says so',
          actions: 'read # reads whether the run that a schedule was handed to is live, and who rejected it',
        }),
        ...jobOutputs(['due', 'reason-code', 'result'], 'dispatch'),
        'steps:',
        [...ownStep('dispatch', place, { id: 'dispatch', name: 'Dispatch' })],
      ],
      '',
      '# A look that found something missed is red, and must not keep back what is due elsewhere.',
      'begin:',
      [
        `name: ${expr('matrix.schedule')}, ${expr('matrix.release')} to ${expr('matrix.environment')}`,
        'needs: look',
        `if: ${expr("!cancelled() && needs.look.outputs.due != '' && needs.look.outputs.due != '[]'")}`,
        ...eachDue,
        runsOn('runs-on'),
        ...environment(expr('matrix.environment')),
        ...permissions(acting),
        'steps:',
        gatedSteps({
          command: 'deploy',
          name: 'Deploy',
          mode: 'deploy',
          inputs: place,
          values: matrix,
          sha: expr('matrix.sha'),
          checkout: 'Check out the release',
          commit: 'the commit that was scheduled',
          shut: nothingDeployed,
        }),
      ],
    ],
  })
}

const workingDirectory = () => {
  const { 'working-directory': folder } = callInputs('watch')
  return folder === undefined ? {} : { 'working-directory': folder }
}

/** Ends waits and closes what dead runs left. It has no environment: no reviewer is asked. */
export function watchWorkflow(): string {
  const inputs = callInputs('watch', { without: ['environment'] })
  const { 'working-directory': _folder, ...place } = inputs
  return reusableWorkflow({
    purpose:
      'Looks after every environment on a schedule: lets go of what runs that are gone still hold, resumes schedulers whose lease is over, ends bakes and questions whose time is over. Safe to run at any time, and twice at once.',
    shown: 'examples/one-owner/rollgate-watch.yml is one to copy',
    name: 'Watch',
    inputs: {
      ...inputs,
      'runs-on': reachesInstances,
      'look-runs-on': runner(
        'The runner of the job that reads the environments. It only needs to reach GitHub.',
      ),
    },
    secret:
      'Variables for the commands, one `NAME=value` a line, from the repository and not from an environment; each value is masked.',
    outputs: {
      due: [
        'The work that needed commands of a release, as a JSON list; `[]` if there was none.',
        'jobs.look.outputs.due',
      ],
    },
    jobs: [
      '# Most of the time there is nothing to do, and this is all that runs.',
      'look:',
      [
        'name: Look',
        runsOn('look-runs-on'),
        'timeout-minutes: 10',
        ...permissions(noticing),
        ...jobOutputs(['due'], 'watch'),
        'steps:',
        [...ownStep('watch', place, { id: 'watch', name: 'Watch' })],
      ],
      '',
      '# Runs the watches that need commands of a release, in the checkout of that release. The job has no',
      '# environment: that would ask reviewers once more for a deployment that they approved, at a time when no',
      '# reviewer is there.',
      'act:',
      [
        `name: ${expr('matrix.environment')}, ${expr('matrix.release')}`,
        'needs: look',
        "if: needs.look.outputs.due != '' && needs.look.outputs.due != '[]'",
        ...eachDue,
        runsOn('runs-on'),
        ...permissions({ ...noticing, actions: holderIsLive, 'id-token': login ?? '' }),
        'steps:',
        [
          ...step('name: Check out the release', `uses: ${foreign.checkout}`, 'with:', [
            `ref: ${expr('matrix.sha')}`,
            'fetch-depth: 1',
            'persist-credentials: false',
          ]),
          ...setUpStep('the approved commit', ''),
          ...ownStep('watch', inputs, {
            name: 'Watch',
            values: { environment: expr('matrix.environment') },
          }),
          rollgateEnvLines,
        ],
      ],
    ],
  })
}

const holderIsLive = 'read # reads whether the run that holds the ledger is live'
