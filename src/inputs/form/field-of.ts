import { fields } from './fields.ts'
import type { WordRow } from './word-row.ts'
import { words } from './words.ts'

/** A field with its mistake. */
export interface FieldFault {
  readonly field: string
  readonly fault: string
}

/** Returns the field that gives an input, by the name of the field or of the input; null without one. */
export function fieldOf(key: string): string | null {
  if (Object.hasOwn(fields, key)) return key
  if (key.startsWith('acknowledge-')) return 'acknowledge'
  const rows: readonly WordRow[] = Object.values(words)
  const [field] = rows
    .flatMap((row) => Object.entries(row.fields))
    .filter(([, input]) => input === key)
    .map(([name]) => name)
  return field ?? null
}
