import { code, nearest } from '../config/wording.ts'
import type { InputName } from '../definitions.ts'
import { type FieldFault, fieldOf } from './field-of.ts'
import type { InputValues, WordRow } from './word-row.ts'
import type { FormWord } from './words.ts'

/** The option that leaves the environment out, for words that may. */
const everywhere = 'all-environments'

/** Inputs that the workflow file sets for every run. */
const inTheFile: readonly string[] = [
  'config',
  'app',
  'working-directory',
  'token',
  'plan',
  'form',
  'command',
  'workflow-repository',
]

/**
 * Reads `key=value` pairs, one a line. In GitHub's form a field is one line, so that `;` divides them as
 * well, if a key and `=` follow it.
 */
export function readOptions(word: FormWord, row: WordRow, text: string, faults: FieldFault[]): InputValues {
  const known = [...Object.keys(row.options), ...(row.everywhere === true ? [everywhere] : [])]
  const fault = (words: string): void => void faults.push({ field: 'options', fault: words })
  const seen = new Set<string>()
  const values: Record<string, string> = {}
  for (const pair of pairsIn(text)) {
    const [, key, value = ''] = /^([\w-]+)\s*=\s*(.*)$/s.exec(pair) ?? []
    if (key === undefined) fault(`${code(pair)} is not key=value`)
    else if (seen.has(key)) fault(`${code(key)} is given twice`)
    else if (!known.includes(key)) fault(unknown(word, key, known))
    else if (value === '') fault(`${code(key)} has no value`)
    else if (key === everywhere) {
      if (value === 'true') values.environment = ''
      else if (value !== 'false') fault(`${code(key)} is ${code(value)}; use true or false`)
    } else values[row.options[key] as InputName] = value
    if (key !== undefined) seen.add(key)
  }
  return values
}

const pairsIn = (text: string): string[] =>
  text
    .split(/\r?\n|;(?=\s*(?:[\w-]+\s*=|$))/)
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')

function unknown(word: FormWord, key: string, known: readonly string[]): string {
  const field = fieldOf(key)
  if (field !== null) return `${code(key)} has a field of its own: fill in ${code(field)}`
  if (inTheFile.includes(key)) return `${code(key)} is set in the workflow file, for every run`
  const near = nearest(key, known)
  const hint =
    near === null ? `${word} takes ${known.map(code).join(', ') || 'none'}` : `did you mean ${code(near)}?`
  return `unknown key ${code(key)}; ${hint}`
}
