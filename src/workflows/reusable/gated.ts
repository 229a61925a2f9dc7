import type { CommandName } from '../../inputs/definitions.ts'
import { comment, expr, step, type YamlLines } from '../lines.ts'
import { foreign, rollgateEnvLines } from '../parts.ts'
import { type CallInputs, ownStep, type StepValues } from './call.ts'

/** The steps behind the gate: every one after the first hangs on it. */
export interface GatedSteps {
  /** The command that does the work, and the ID of its step. */
  readonly command: CommandName
  readonly id?: string
  readonly name: string
  readonly mode: string
  readonly inputs: CallInputs
  /** Values for the gate and the work alike. */
  readonly values: StepValues
  /** Values for the work alone. */
  readonly more?: StepValues
  /** The commit to check out, and its meaning. */
  readonly sha: string
  readonly checkout: string
  readonly commit: string
  /** Inputs that neither step gets. */
  readonly except?: readonly string[]
  /** The name of the step that runs where the gate stays shut, and its sentence. */
  readonly shut: readonly [name: string, sentence: string]
  /** A step that stops where an output of an earlier job is missing. */
  readonly stop?: {
    readonly name: string
    readonly missing: string
    readonly sentence: string
    readonly note?: string
  }
  readonly noteOnShut?: string
}

const go = "steps.gate.outputs.go == 'true'"

export function gatedSteps(gated: GatedSteps): YamlLines {
  const { command, name, mode, inputs, values, more = {}, sha, except = [], shut, stop, noteOnShut } = gated
  return [
    '# The gate itself, before anything of the release is here: checkout, set-up and all that follows hang on it.',
    ...ownStep('gate', inputs, { id: 'gate', name: 'Pass the gate', values: { mode, ...values }, except }),
    ...(noteOnShut === undefined ? [] : comment(noteOnShut)),
    ...step(`name: ${shut[0]}`, `if: ${go.replace('==', '!=')}`, `run: echo '${shut[1]}'`),
    ...(stop === undefined ? [] : stopStep(stop)),
    ...step(`name: ${gated.checkout}`, `if: ${go}`, `uses: ${foreign.checkout}`, 'with:', [
      `ref: ${sha}`,
      'fetch-depth: 1',
      'persist-credentials: false',
    ]),
    ...setUpStep(gated.commit, go),
    ...ownStep(command, inputs, {
      ...(gated.id === undefined ? {} : { id: gated.id }),
      name,
      condition: go,
      values: { ...values, ...more },
      except,
    }),
    rollgateEnvLines,
  ]
}

const stopStep = ({ name, missing, sentence, note }: NonNullable<GatedSteps['stop']>): YamlLines => [
  ...(note === undefined ? [] : comment(note)),
  ...step(`name: ${name}`, `if: ${go} && ${missing}`, 'run: |', [
    `echo '::error title=Rollgate::${sentence} Nothing was changed.'`,
    'exit 1',
  ]),
]

/** The caller's own set-up action, in the checkout at the commit that is described. */
export const setUpStep = (commit: string, condition: string): YamlLines => [
  `# The caller's own: log in, install a runtime. It stands in the checkout, at ${commit}.`,
  ...step(
    'name: Set up',
    `if: ${[condition, "hashFiles('.github/actions/rollgate-setup/action.y*ml') != ''"].filter((part) => part !== '').join(' && ')}`,
    "uses: ./.github/actions/rollgate-setup # zizmor: ignore[self-repository] it is the caller's, not ours",
  ),
]

export const nothingDeployed = [
  'Nothing was deployed (waits for approval, or nothing to do)',
  'Nothing of the release has run. The summary of this job says what is asked, or why nothing is to be done.',
] as const

export const behindTheGate = expr('inputs.environment')
