import { type FieldDefinition, type FieldName, fields } from '../inputs/form/fields.ts'
import type { WordRow } from '../inputs/form/word-row.ts'
import { type FormWord, formWords, words } from '../inputs/form/words.ts'
import { expr, inline, scalar, step, textOfLines, type YamlLines } from './lines.ts'
import { action, labels, type OwnWorkflow, place } from './own.ts'
import {
  checkout,
  environment,
  lockedByTheLedger,
  permissions,
  reading,
  rollgateEnv,
  setUp,
  startingNext,
  writing,
} from './parts.ts'

/** One form of an own workflow: all words, or those of a button. */
export interface FormWorkflow extends OwnWorkflow {
  readonly name: string
  readonly words: readonly FormWord[]
}

/** The form for everything, `.github/workflows/rollgate.yml`. */
export const wholeForm = (own: OwnWorkflow): string =>
  formWorkflow({ ...own, name: 'Rollgate', words: formWords })

/** Returns the workflow of a form: a job that looks, and the jobs that its words need. */
export function formWorkflow(form: FormWorkflow): string {
  const rows: readonly WordRow[] = form.words.map((word) => words[word])
  const needs = (job: WordRow['job']): boolean => rows.some((row) => row.job === job)
  return textOfLines([
    `# Written by \`rollgate init\` for ${form.version}; \`rollgate init --upgrade\` brings it up to date.`,
    `name: ${scalar(form.name)}`,
    runName(fieldsOf(form, rows).map(([name]) => name)),
    '',
    lockedByTheLedger,
    ['workflow_dispatch:', ['inputs:', fieldsOf(form, rows).flatMap(fieldLines)]],
    '',
    'permissions: {}',
    '',
    'jobs:',
    lookJob(form, rows),
    ...(needs('note') ? [[''], noteJob(form)] : []),
    ...(needs('act') ? [[''], actJob(form, rows)] : []),
  ])
}

/** Names a run by the fields of its own form: GitHub refuses an expression about a field that is not there. */
function runName(given: readonly FieldName[]): string {
  const release = given.includes('release') ? ` ${expr('inputs.release')}` : ''
  return `run-name: ${expr('inputs.do')}${release} (${expr('inputs.environment')})`
}

const always: readonly FieldName[] = ['environment', 'do', 'options']

/** Returns the fields that the words use, in the order of the form. */
function fieldsOf(form: FormWorkflow, rows: readonly WordRow[]): [FieldName, FieldDefinition][] {
  const used = new Set<string>([...always, ...rows.flatMap((row) => Object.keys(row.fields))])
  if (rows.some(({ command }) => command === 'deploy' || command === 'rollback')) used.add('acknowledge')
  const all = Object.entries(fields) as [FieldName, FieldDefinition][]
  return all
    .filter(([name]) => used.has(name))
    .map(([name, field]) => [name, name === 'do' ? { ...field, options: form.words } : field])
}

const fieldLines = ([name, { description, type, required, options }]: [
  FieldName,
  FieldDefinition,
]): YamlLines =>
  options === undefined
    ? [`${name}: ${inline({ description, type, ...(required ? { required } : {}) })}`]
    : [
        `${name}:`,
        [
          `description: ${scalar(description)}`,
          `type: ${type}`,
          ...(required ? ['required: true'] : []),
          `options: [${options.join(', ')}]`,
        ],
      ]

const asForm = `form: ${expr('toJSON(inputs)')}`

const lookJob = (form: FormWorkflow, rows: readonly WordRow[]): YamlLines => [
  '# Reads the form, shows the plan, the question or the list, and names the job that does it.',
  'look:',
  [
    'name: Look',
    `runs-on: ${labels(form)}`,
    'timeout-minutes: 10',
    ...permissions(reading),
    'outputs:',
    lookOutputs(rows).map((name) => `${name}: ${expr(`steps.look.outputs.${name}`)}`),
    'steps:',
    [...step('id: look', action(form, 'look'), 'with:', [asForm, ...place(form)])],
  ],
]

const lookOutputs = (rows: readonly WordRow[]): string[] => [
  'job',
  ...(rows.some(({ job }) => job === 'act') ? ['plan', 'approval', 'release', 'sha'] : []),
  ...(rows.some(({ again }) => again !== undefined) ? ['again'] : []),
]

const noteJob = (form: FormWorkflow): YamlLines => [
  '# Writes the ledger and runs no command of a release, so that it needs no approval and no secret.',
  'note:',
  [
    `name: ${expr('inputs.do')} (${expr('inputs.environment')})`,
    'needs: look',
    "if: needs.look.outputs.job == 'note'",
    `runs-on: ${labels(form)}`,
    'timeout-minutes: 10',
    ...permissions(writing),
    'steps:',
    [...step(action(form, 'note'), 'with:', [asForm, ...place(form)])],
  ],
]

const go = "steps.gate.outputs.go == 'true'"
const planned = `plan: ${expr('needs.look.outputs.plan')}`

const actJob = (form: FormWorkflow, rows: readonly WordRow[]): YamlLines => [
  '# Everything behind the gate is this one job: the approval and the secrets belong to a job.',
  'act:',
  [
    `name: ${expr("format('{0} {1} ({2}){3}', inputs.do, needs.look.outputs.release, inputs.environment, needs.look.outputs.approval == 'named' && ' asks for approval; nothing is deployed yet' || '')")}`,
    'needs: look',
    "if: needs.look.outputs.job == 'act'",
    `runs-on: ${labels(form)}`,
    ...environment(expr('inputs.environment')),
    ...permissions(startingNext),
    'steps:',
    [
      '# The gate comes before anything of the release is here: all later steps hang on it.',
      ...step('id: gate', action(form, 'gate'), 'with:', [asForm, planned, ...place(form)]),
      ...step(
        'name: Nothing was deployed (waits for approval, or nothing to do)',
        `if: ${go.replace('==', '!=')}`,
        "run: echo 'Nothing of the release has run. The summary of this job says why.'",
      ),
      ...(rows.some(needsFiles) ? releaseFiles(rows) : []),
      ...step(
        'id: act',
        `if: ${go}`,
        action(form, 'act'),
        'with:',
        [asForm, planned, ...place(form)],
        rollgateEnv,
      ),
      ...(rows.some(({ again }) => again !== undefined) ? forwardAgain(form) : []),
    ],
  ],
]

const needsFiles = ({ job, withoutFiles }: WordRow): boolean => job === 'act' && withoutFiles !== true

/** The files of the release, for the words that run its commands. */
function releaseFiles(rows: readonly WordRow[]): YamlLines {
  const others = Object.entries<WordRow>(words).filter(
    ([, row]) => rows.includes(row) && row.job === 'act' && !needsFiles(row),
  )
  const when = [go, ...others.map(([word]) => `inputs.do != '${word}'`)].join(' && ')
  return [...checkout(expr("needs.look.outputs.sha || 'the-commit-did-not-arrive'"), when), ...setUp(when)]
}

/** The second half of a rehearsal: the release that served comes again, in its own files. */
function forwardAgain(form: FormWorkflow): YamlLines {
  const back = `${go} && inputs.do == 'rehearse' && steps.act.outputs.outcome == 'succeeded'`
  return [
    '# A rehearsal went back: the release that served comes again, in its own files.',
    ...checkout(expr("needs.look.outputs.again || 'the-commit-did-not-arrive'"), back),
    ...setUp(back),
    ...step(
      `if: ${back}`,
      action(form, 'act'),
      'with:',
      [asForm, `again: ${expr('needs.look.outputs.release')}`, ...place(form)],
      rollgateEnv,
    ),
  ]
}
