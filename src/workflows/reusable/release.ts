import { expr, step } from '../lines.ts'
import { foreign, permissions } from '../parts.ts'
import { callInputs, jobOutputs, ownStep, reachesGitHub, reusableWorkflow, runsOn } from './call.ts'
import { reasonCode } from './planned.ts'

const handedOn = [
  ...['outcome', 'reason-code', 'release', 'sha', 'deploy-to', 'manifest', 'checksums', 'url', 'result'],
]

export function releaseWorkflow(): string {
  const inputs = callInputs('release', {
    said: {
      description: 'The purpose of the release; the text stands before the generated notes.',
      commit:
        'The commit to release, as a full SHA or the name of a branch; default: the commit of this run.',
      'working-directory': 'The folder of the patterns in `artifacts`, relative to the checkout.',
    },
  })
  const of = (output: string): string => `jobs.release.outputs.${output}`
  return reusableWorkflow({
    purpose:
      'Makes an immutable release of a commit whose checks are green: tag, manifest and GitHub Release. It deploys nothing: its outputs hand on where the release goes next.',
    shown: 'examples/one-owner/rollgate-release.yml is one to copy',
    name: 'Release',
    inputs: {
      ...inputs,
      'run-artifact': {
        description:
          'A workflow artifact of this run to download into `working-directory` first. Use it if an earlier job builds the files of the release.',
        type: 'string',
        default: '',
      },
      attest: {
        description:
          'Sign the origin of the manifest and the artifacts as a GitHub attestation. A private repository needs Enterprise Cloud for it.',
        type: 'boolean',
        default: false,
      },
      'runs-on': reachesGitHub,
    },
    outputs: {
      outcome: ['`released`, or `refused`.', of('outcome')],
      'reason-code': [reasonCode, of('reason-code')],
      release: ['The tag of the release.', of('release')],
      sha: ['The full commit SHA of the release.', of('sha')],
      'deploy-to': ['The environment to deploy the release to next; otherwise empty.', of('deploy-to')],
      manifest: ['The SHA-256 of the manifest, in hexadecimal.', of('manifest')],
      url: ['The address of the GitHub Release.', of('url')],
      result: ['The whole release as versioned JSON, described in docs/releases.md.', of('result')],
    },
    jobs: [
      '# Nothing of the commit runs here: the job that builds cannot write.',
      'release:',
      [
        `name: Release ${expr('inputs.tag')}`,
        runsOn('runs-on'),
        'timeout-minutes: 30',
        ...permissions({
          contents: 'write # makes the tag and the GitHub Release',
          checks: 'read # reads whether the checks of the commit are green',
          statuses: 'read # reads whether its statuses are',
          actions: 'read # reads whether a run that began the same release is live',
        }),
        ...jobOutputs(handedOn, 'release'),
        'steps:',
        [
          ...step(
            'name: Check out the commit',
            "if: inputs.from == ''",
            `uses: ${foreign.checkout}`,
            'with:',
            [`ref: ${expr('inputs.commit || github.sha')}`, 'fetch-depth: 1', 'persist-credentials: false'],
          ),
          ...step(
            'name: Bring what was built',
            "if: inputs.from == '' && inputs.run-artifact != ''",
            `uses: ${foreign.download}`,
            'with:',
            [`name: ${expr('inputs.run-artifact')}`, `path: ${expr('inputs.working-directory')}`],
          ),
          ...ownStep('release', inputs, {
            id: 'release',
            name: 'Release',
            values: { commit: expr("inputs.commit || inputs.from == '' && github.sha || ''") },
          }),
        ],
      ],
      '',
      'attest:',
      [
        `name: Attest ${expr('inputs.tag')}`,
        'needs: release',
        'if: inputs.attest',
        'runs-on: ubuntu-latest',
        'timeout-minutes: 10',
        ...permissions({
          'id-token': 'write # signs the attestation',
          attestations: 'write # keeps it',
        }),
        'steps:',
        [
          ...step(
            'name: Write down what was released',
            'env:',
            [`CHECKSUMS: ${expr('needs.release.outputs.checksums')}`],
            'run: printf \'%s\\n\' "$CHECKSUMS" > "$RUNNER_TEMP/checksums.txt"',
          ),
          ...step('name: Attest', `uses: ${foreign.attest}`, 'with:', [
            `subject-checksums: ${expr('runner.temp')}/checksums.txt`,
          ]),
        ],
      ],
    ],
  })
}
