import { comment, entries, expr, scalar, textOfLines, type YamlLines } from './lines.ts'
import { defaultConfig, type OwnWorkflow } from './own.ts'
import { acting, lockedByTheLedger, permissions, writing } from './parts.ts'

/** A field in the form of a caller. */
export interface FormInput {
  readonly description: string
  readonly type: 'environment' | 'string' | 'boolean' | 'choice'
  readonly required?: true
  readonly default?: string | boolean
  readonly options?: readonly string[]
}

/** A workflow that calls one reusable workflow, and nothing else. */
export interface CallerForm {
  readonly workflow: keyof typeof calls
  /** The part of its file name that differs from the workflow's. */
  readonly file?: string
  readonly name: string
  readonly purpose: string
  readonly inputs: Readonly<Record<string, FormInput>>
  /** Values that the file gives itself. */
  readonly given?: Readonly<Record<string, string>>
  readonly cron?: string
  /** The pattern of pushed tags that start it, in the place of a form. */
  readonly tags?: string
}

interface ReusableCall {
  readonly permissions: Readonly<Record<string, string>>
  /** True if commands of a release run, which need the runner and the secret. */
  readonly runs: boolean
}

const commands: ReusableCall = { permissions: acting, runs: true }
const live = 'read # reads whether the run that holds a ledger is live'

/** The reusable workflows: the most that any of their jobs asks for, which the caller must grant. */
const calls = {
  deploy: commands,
  rollback: commands,
  restart: commands,
  task: commands,
  decide: commands,
  rehearse: commands,
  dispatch: commands,
  watch: commands,
  reconcile: commands,
  block: { permissions: { ...writing, actions: live }, runs: false },
  schedule: { permissions: writing, runs: false },
  releases: { permissions: { contents: 'read # reads the tags, the configs and the ledgers' }, runs: false },
  status: {
    permissions: {
      contents: 'read # reads the config and the ledgers',
      deployments: 'read # reads whether the records say what the ledger says',
      actions: live,
    },
    runs: false,
  },
} as const satisfies Record<string, ReusableCall>

/** The job that asks instances by their addresses needs the runner, and no secret. */
const asksInstances: readonly string[] = ['status']

export function callerWorkflow(own: OwnWorkflow, form: CallerForm): string {
  const { workflow, file = workflow, name, purpose, inputs, given = {} } = form
  const call: ReusableCall = calls[workflow]
  const passed = { ...given, ...(form.tags === undefined ? {} : { release: expr('github.ref_name') }) }
  return textOfLines([
    ...comment(`.github/workflows/rollgate-${file}.yml of your repository. ${purpose}`),
    `name: ${name}`,
    '',
    lockedByTheLedger,
    triggers(form),
    '',
    'permissions: {}',
    '',
    'jobs:',
    [
      `${workflow}:`,
      [
        `name: ${name}`,
        ...permissions(call.permissions),
        `uses: rollgate/rollgate/.github/workflows/${workflow}.yml@${own.version}`,
        ...withValues(own, {
          ...passed,
          ...Object.fromEntries(
            Object.entries(inputs).map(([input, { type }]) => [input, valueIn(form, input, type)]),
          ),
          ...(call.runs || asksInstances.includes(workflow) ? { 'runs-on': runner(own) } : {}),
        }),
        ...(call.runs ? byName : []),
      ],
    ],
  ])
}

/** A flag is empty in a run of the clock, which is no boolean. */
const valueIn = ({ cron }: CallerForm, input: string, type: FormInput['type']): string =>
  expr(cron !== undefined && type === 'boolean' ? `inputs.${input} || false` : `inputs.${input}`)

/** Secrets of the environment reach a called workflow only under names that the call gives. */
const byName: YamlLines = [
  'secrets:',
  [`ROLLGATE_ENV: ${expr('secrets.ROLLGATE_ENV')} # the value of the environment arrives under this name`],
]

const runner = ({ runsOn }: OwnWorkflow): string =>
  typeof runsOn === 'string' ? runsOn : JSON.stringify(runsOn)

function withValues(
  { config = defaultConfig }: OwnWorkflow,
  values: Readonly<Record<string, string>>,
): YamlLines {
  const all = { ...values, ...(config === defaultConfig ? {} : { config }) }
  const lines = Object.entries(all).map(([name, value]) =>
    /^\$\{\{/.test(value) || value === 'true' ? `${name}: ${value}` : `${name}: ${scalar(value)}`,
  )
  return lines.length === 0 ? [] : ['with:', lines]
}

function triggers({ inputs, cron, tags }: CallerForm): YamlLines {
  if (tags !== undefined) return ['push:', [`tags: [${scalar(tags, 'flow')}]`]]
  const fields = Object.entries(inputs).flatMap(
    ([name, { options, ...said }]): YamlLines => [
      `${name}:`,
      [...entries(said), ...(options === undefined ? [] : [`options: [${options.join(', ')}]`])],
    ],
  )
  return [
    ...(cron === undefined ? [] : ['schedule:', [`- cron: ${scalar(cron)}`]]),
    ...(fields.length === 0 ? ['workflow_dispatch: {}'] : ['workflow_dispatch:', ['inputs:', fields]]),
  ]
}
