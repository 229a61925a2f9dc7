import { Problem } from '../../domain/problem.ts'
import { code } from '../config/wording.ts'
import { type CommandName, formActions } from '../definitions.ts'
import { invalidInput, takes, textOf } from '../taking.ts'
import { type FilledForm, readForm } from './read-form.ts'
import type { FirstLook, InputValues, WordRow } from './word-row.ts'

/** The place of a form in a run: the action that reads it. */
type FormPlace = 'look' | 'note' | 'act' | 'gate'

/** A form with the action that reads it. */
export interface TakenForm extends FilledForm {
  readonly at: FormPlace
  /** The inputs of the command that judges both halves after the second one; null for everything else. */
  readonly verdict: NodeJS.ProcessEnv | null
}

/** The environment of the process with ordinary inputs, and the form that they came from, or null. */
export interface Unfolded {
  readonly env: NodeJS.ProcessEnv
  readonly form: TakenForm | null
}

/**
 * Puts the inputs of a form in the place of the form, so that the ordinary reader reads them: the same checks
 * for a form as for a workflow with a step of its own. Without a form the environment is returned as it is.
 */
export function unfold(env: NodeJS.ProcessEnv): Unfolded {
  const at = placeIn(env)
  if (at === null) return { env, form: null }
  const json = textOf(env, 'form')
  if (json === '') throw invalidInput('form', 'is empty', `Give the form of the workflow: ${asJson}`)
  const form = readForm(json)
  const again = at === 'act' ? textOf(env, 'again') : ''
  const { command, inputs } = commandAt(at, form, again)
  if (needsPlan(at, form) && again === '' && textOf(env, 'plan') === '') throw withoutPlan()
  const ordinary = (values: InputValues, of: CommandName): NodeJS.ProcessEnv => ({
    ...others(env, of),
    ...asRunner({ ...form.values, ...values, command: of }),
  })
  const judge = again === '' ? undefined : form.row.again?.verdict
  const verdict = judge === undefined ? null : ordinary({ rehearsed: again }, judge)
  return { env: ordinary(inputs ?? {}, command), form: { ...form, at, verdict } }
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
const asJson = 'form: ${{ toJSON(inputs) }}.'

function placeIn(env: NodeJS.ProcessEnv): FormPlace | null {
  const command = textOf(env, 'command')
  if (command === 'gate') return textOf(env, 'form') === '' ? null : 'gate'
  return formActions.find((action) => action === command) ?? null
}

type CommandAt = FirstLook | { readonly command: 'gate'; readonly inputs: { readonly mode: string } }

function commandAt(at: FormPlace, { word, row, values }: FilledForm, again: string): CommandAt {
  switch (at) {
    case 'look':
      // A schedule is planned anew when it begins: there is no plan to look at.
      return values.schedule === undefined ? (row.look ?? row) : { command: row.command }
    case 'gate':
      if (row.gate === undefined) throw elsewhere(word, row, at)
      return { command: 'gate', inputs: { mode: row.gate } }
    case 'note':
    case 'act':
      if (row.job !== at) throw elsewhere(word, row, at)
      if (again === '') return { command: row.command }
      if (row.again === undefined)
        throw invalidInput('again', `is ${code(again)}`, `Leave it empty: ${word} has no second half.`)
      return { command: row.again.command, inputs: { release: again } }
  }
}

/** The gate and the act compare the plan that was approved; the second half of a rehearsal has none. */
const needsPlan = (at: FormPlace, { row, values }: FilledForm): boolean =>
  (at === 'gate' || at === 'act') && row.planned === true && values.schedule === undefined

/** Inputs that the workflow file gives beside the form. */
const besideForm = ['config', 'app', 'working-directory', 'token', 'plan'] as const

/** The runner fills them in by itself: a command that does not take them has no use to report. */
const filledByRunner = ['workflow-repository'] as const

function others(env: NodeJS.ProcessEnv, of: CommandName): NodeJS.ProcessEnv {
  const rest = Object.entries(env).filter(([name]) => !name.startsWith('INPUT_'))
  const names = [...besideForm, ...filledByRunner.filter((name) => takes(of, name))]
  const beside = asRunner(Object.fromEntries(names.map((name) => [name, textOf(env, name)])))
  return { ...Object.fromEntries(rest), ...beside }
}

const asRunner = (values: InputValues & { readonly command?: CommandName }): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))

const elsewhere = (word: string, { job }: WordRow, at: FormPlace): Problem =>
  new Problem('form-invalid', {
    what: `do: ${word} does not belong to this job: its step is ${at}, and the job of ${word} is ${job}.`,
    why: 'The condition of the job in the workflow file was changed.',
    next: 'Write the workflow file anew with `rollgate init --upgrade`. Nothing was changed.',
  })

const withoutPlan = (): Problem =>
  invalidInput(
    'plan',
    'is empty',
    'Give needs.look.outputs.plan. GitHub drops an output that holds the value of a secret. Nothing was changed.',
  )
