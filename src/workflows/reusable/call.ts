import {
  type CommandName,
  type InputDefinition,
  type InputName,
  inputs as inputDefinitions,
  inputsOf,
  isRequired,
} from '../../inputs/definitions.ts'
import { comment, entries, expr, scalar, textOfLines, type YamlLines } from '../lines.ts'

/** An input of a reusable workflow. */
export interface CallInput {
  readonly description: string
  readonly type: 'string' | 'boolean' | 'number'
  readonly required?: true
  readonly default?: string | boolean | number
}

export type CallInputs = Readonly<Record<string, CallInput>>

/** A workflow that repositories of the same owner call. */
export interface ReusableWorkflow {
  /** Its purpose, in one or two sentences. */
  readonly purpose: string
  /** The caller to copy, or the page that shows one. */
  readonly shown: string
  readonly name: string
  readonly inputs: CallInputs
  /** The description of the secret `ROLLGATE_ENV`; absent where no command runs. */
  readonly secret?: string
  /** The description and the value of each output. */
  readonly outputs: Readonly<Record<string, readonly [description: string, value: string]>>
  readonly jobs: YamlLines
}

/** The end of the reach of every reusable workflow. */
const reach =
  "Made for repositories of this repository's owner, and for hosted runners: GitHub gives a workflow of another owner neither your self-hosted runners nor the secrets of your environments. `rollgate init` writes workflows of your own."

export function reusableWorkflow(workflow: ReusableWorkflow): string {
  const { purpose, shown, name, inputs, secret, outputs, jobs } = workflow
  return textOfLines([
    ...comment(purpose),
    ...comment(`Called from a workflow of your own; ${shown}.`),
    ...comment(reach),
    '# Made by "npm run generate" from src/workflows/reusable: change it there.',
    `name: ${name}`,
    '',
    'on:',
    [
      'workflow_call:',
      [
        'inputs:',
        Object.entries(inputs).flatMap(([input, { ...said }]) => [`${input}:`, entries(said)]),
        ...(secret === undefined
          ? []
          : ['secrets:', ['ROLLGATE_ENV:', entries({ description: secret, required: false })]]),
        'outputs:',
        Object.entries(outputs).flatMap(([output, [description, value]]) => [
          `${output}:`,
          [`description: ${scalar(description)}`, `value: ${expr(value)}`],
        ]),
      ],
    ],
    '',
    'permissions: {}',
    '',
    'jobs:',
    jobs,
  ])
}

export const secretOfEnvironment =
  'Variables for the commands, one `NAME=value` a line. The environment supplies them, and each value is masked.'

/** Inputs of an action that no caller gives: GitHub fills in the token, and jobs hand on the plan. */
const notGiven: readonly InputName[] = ['token', 'plan', 'form', 'again']

/** Returns the inputs of a command as inputs of a workflow, with descriptions that fit it better. */
export function callInputs(
  command: CommandName,
  {
    without = [],
    said = {},
  }: { without?: readonly InputName[]; said?: Readonly<Record<string, string>> } = {},
): CallInputs {
  const names = inputsOf(command).filter(([name]) => ![...notGiven, ...without].includes(name))
  return Object.fromEntries(
    names.map(([name, definition]) => [
      name,
      callInput(definition, isRequired(definition, command), said[name]),
    ]),
  )
}

function callInput(definition: InputDefinition, required: boolean, said?: string): CallInput {
  const { default: value = '' } = definition
  const description = said ?? definition.description
  if (required) return { description, type: 'string', required }
  if (value === 'true' || value === 'false')
    return { description, type: 'boolean', default: value === 'true' }
  if (/^\d+$/.test(value)) return { description, type: 'number', default: Number(value) }
  return { description, type: 'string', default: value }
}

/** The runner of a job, as an input. */
export const runner = (description: string): CallInput => ({
  description,
  type: 'string',
  default: 'ubuntu-latest',
})

export const reachesInstances = runner(
  'The runner that reaches the instances, as a label or as a JSON list of labels.',
)
export const reachesGitHub = runner(
  'The runner, as a label or as a JSON list of labels. It only needs to reach GitHub.',
)

/** `runs-on` from an input that has a label or a JSON list of labels. */
export const runsOn = (input: string): string =>
  `runs-on: ${expr(`startsWith(inputs.${input}, '[') && fromJSON(inputs.${input}) || inputs.${input}`)}`

/** The values of a step's inputs, beside those that the caller gave. */
export type StepValues = Readonly<Record<string, string>>

/**
 * Returns the step of an action of this repository. It gets every input of the workflow that it takes, by the
 * same name, and the values that the job adds or replaces.
 */
export function ownStep(
  action: CommandName,
  inputs: CallInputs,
  { id, name, condition, values = {}, except = [] }: OwnStep,
): YamlLines {
  const taken = inputsOf(action).map(([input]) => input)
  const given = taken.flatMap((input) => {
    const value =
      values[input] ?? (input in inputs && !except.includes(input) ? expr(`inputs.${input}`) : null)
    return value === null ? [] : [`${input}: ${value}`]
  })
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    `name: ${name}`,
    ...(condition === undefined ? [] : [`if: ${condition}`]),
    `uses: $/actions/${action}`,
    'with:',
  ]
  const [first, ...rest] = lines
  return [`- ${first}`, [...rest, given]]
}

interface OwnStep {
  readonly id?: string
  readonly name: string
  readonly condition?: string
  readonly values?: StepValues
  /** Inputs of the workflow that this step must not get. */
  readonly except?: readonly string[]
}

/** The outputs of a job, each from the first step that has it. */
export const jobOutputs = (names: readonly string[], ...steps: readonly string[]): YamlLines => [
  'outputs:',
  names.map((name) => `${name}: ${expr(steps.map((id) => `steps.${id}.outputs.${name}`).join(' || '))}`),
]

/** The definition of an input, for a workflow that has it in a form of its own. */
export const describedAs = (name: InputName): string => inputDefinitions[name].description
