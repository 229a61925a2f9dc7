import { blocks, code, fenced, link, table } from '../text/markdown.ts'
import type { Form } from './form.ts'
import { ghLines } from './gh-line.ts'

/** A field of a form on a page. `value`: typed exactly so; `choice`: one of several; `free`: in the reader's own words. */
export type Field =
  | { readonly kind: 'value'; readonly name: string; readonly value: string }
  | { readonly kind: 'choice'; readonly name: string; readonly of: readonly string[] }
  | { readonly kind: 'free'; readonly name: string; readonly hint: string }

/**
 * Shows how to fill in a form: its link, the values to type, and the same as a command. No link can fill in a form at
 * GitHub, so the values stand beside it.
 */
export const formBlock = (form: Form, fields: readonly Field[]): string =>
  blocks(
    `${link('**Open the form**', form.url)}, choose "Run workflow" and enter:`,
    table(
      ['field', 'value'],
      fields.map((field) => [code(field.name), shown(field)]),
    ),
    inATerminal(form, fields),
  )

function shown(field: Field): string {
  switch (field.kind) {
    case 'value':
      return code(field.value)
    case 'choice':
      return field.of.map(code).join(', ')
    case 'free':
      return field.hint
  }
}

function inATerminal(form: Form, fields: readonly Field[]): string | null {
  const typed = fields.flatMap((field) => {
    if (field.kind === 'free') return []
    const value = field.kind === 'value' ? field.value : chosen(field)
    return [{ name: field.name, value }]
  })
  const lines = ghLines(form, typed)
  if (lines === null) return null
  const open = fields.filter((field) => field.kind === 'choice' && field.of.length !== 1)
  const answers = open.map((field) => `your answer in place of ${placeholder(field.name)}`).join(', ')
  return blocks(
    answers === '' ? 'Or in a terminal:' : `Or in a terminal, with ${answers}:`,
    fenced(lines, 'sh'),
  )
}

function chosen({ name, of }: Extract<Field, { kind: 'choice' }>): string {
  const [only, ...others] = of
  return only !== undefined && others.length === 0 ? only : placeholder(name)
}

const placeholder = (name: string): string => name.toUpperCase()
