import { Problem } from '../../domain/problem.ts'
import { code, found, nearest } from '../config/wording.ts'
import { type InputName, inputs } from '../definitions.ts'
import type { FieldFault } from './field-of.ts'
import { type FieldName, fields, notChosen } from './fields.ts'
import { readOptions } from './options.ts'
import type { InputValues, WordRow } from './word-row.ts'
import { type FormWord, formWords, words } from './words.ts'

/** A filled-in form, read: the word, and the inputs of its command. */
export interface FilledForm {
  readonly word: FormWord
  readonly row: WordRow
  readonly values: InputValues
  /** The fields that were filled in and that the word does not use. */
  readonly unused: readonly UnusedField[]
}

/** A field that was filled in for nothing: it is shown, and changes nothing. */
export interface UnusedField {
  readonly name: string
  readonly words: string
}

type Filled = { readonly [Field in FieldName]?: string }

/** Reads the JSON of a form. Throws `form-invalid` with every mistake, each at its field. */
export function readForm(json: string): FilledForm {
  const faults: FieldFault[] = []
  const filled = readFields(json, faults)
  const word = readWord(filled.do ?? '', faults)
  if (word === null) throw formInvalid(faults)
  const row: WordRow = words[word]
  const unused: UnusedField[] = []
  const values = {
    ...inEnvironment(filled),
    ...ofFields(word, row, filled, unused),
    ...acknowledged(word, row, filled.acknowledge ?? '', faults, unused),
    ...readOptions(word, row, filled.options ?? '', faults),
    ...row.inputs,
  }
  if (faults.length > 0) throw formInvalid(faults)
  return { word, row, values, unused }
}

/** Fields that every word uses, or that are read on their own. */
const read: readonly string[] = ['environment', 'do', 'acknowledge', 'options']

const inEnvironment = ({ environment }: Filled): InputValues =>
  environment === undefined ? {} : { environment }

/** A choice that was left as it is counts as not filled in. */
function readFields(json: string, faults: FieldFault[]): Filled {
  const filled: Record<string, string> = {}
  for (const [field, value] of Object.entries(parsed(json))) {
    if (!Object.hasOwn(fields, field)) {
      const near = nearest(field, Object.keys(fields))
      faults.push({ field, fault: near === null ? 'is no field of the form' : `did you mean ${code(near)}?` })
    } else if (!['string', 'boolean', 'number'].includes(typeof value) && value !== null)
      faults.push({ field, fault: `is ${found(value)}, and must be a text` })
    else {
      const written = String(value ?? '')
      const text = written.trim()
      if (field === 'environment' && text !== written)
        faults.push({ field, fault: `is ${JSON.stringify(written)}, with blanks around the name` })
      if (text !== '' && !(field === 'decision' && text === notChosen)) filled[field] = text
    }
  }
  return filled
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>
  } catch {
    // Falls through to the same words: to the caller it is the same mistake.
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
  const next = 'Give form as the workflow that `rollgate init` writes does: form: ${{ toJSON(inputs) }}.'
  throw new Problem('form-invalid', {
    what: 'The input form is no JSON object.',
    why: 'The workflow file gives something else than its own inputs.',
    next: `${next} Nothing was changed.`,
  })
}

function readWord(written: string, faults: FieldFault[]): FormWord | null {
  const word = formWords.find((known) => known === written)
  if (word !== undefined) return word
  const near = nearest(written, formWords)
  const hint = near === null ? `use one of ${formWords.join(', ')}` : `did you mean ${code(near)}?`
  faults.unshift({ field: 'do', fault: `${written === '' ? 'is empty' : `is ${code(written)}`}; ${hint}` })
  return null
}

function ofFields(word: FormWord, row: WordRow, filled: Filled, unused: UnusedField[]): InputValues {
  const used: Readonly<Record<string, InputName | undefined>> = row.fields
  const given = Object.entries(filled).filter(([field]) => !read.includes(field))
  for (const [field] of given.filter(([name]) => used[name] === undefined))
    unused.push({ name: field, words: `The field ${field} is filled in, and ${word} does not use it.` })
  return Object.fromEntries(
    given.flatMap(([field, value]) => {
      const input = used[field]
      return input === undefined ? [] : [[input, value]]
    }),
  )
}

const prefix = 'acknowledge-'
const risks = Object.keys(inputs)
  .filter((name) => name.startsWith(prefix))
  .map((name) => name.slice(prefix.length))

/** A risk that another word takes is shown as unused; an unknown one is a mistake. */
function acknowledged(
  word: FormWord,
  { command }: WordRow,
  written: string,
  faults: FieldFault[],
  unused: UnusedField[],
): InputValues {
  const named = [...new Set(written.split(/[\s,;]+/).filter((one) => one !== ''))]
  const taken: Record<string, string> = {}
  for (const risk of named) {
    const input = `${prefix}${risk}` as InputName
    if (!risks.includes(risk)) {
      const near = nearest(risk, risks)
      const hint = near === null ? `use ${risks.map(code).join(' or ')}` : `did you mean ${code(near)}?`
      faults.push({ field: 'acknowledge', fault: `unknown risk ${code(risk)}; ${hint}` })
    } else if ((inputs[input].of as readonly string[]).includes(command)) taken[input] = 'true'
    else
      unused.push({ name: 'acknowledge', words: `${risk} is acknowledged, and ${word} does not ask for it.` })
  }
  return taken
}

const formInvalid = (faults: readonly FieldFault[]): Problem =>
  new Problem('form-invalid', {
    what: ['The form is wrong:', ...faults.map(({ field, fault }) => `${field}: ${fault}`)].join('\n'),
    why: 'A field was misspelt, or belongs to another word. Nothing is guessed.',
    next: 'Correct these fields and run the form again. Nothing was changed.',
  })
