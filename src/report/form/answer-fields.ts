import { instancesOf, type Pause } from '../../domain/question/pause.ts'
import type { FormKind } from './form.ts'
import type { Field } from './form-block.ts'

/** The fields that an answer to a question fills in. The two forms name some of them differently. */
export function answerFields(kind: FormKind, environment: string, pause: Pause): Field[] {
  const fields: Field[] = [
    ...leading[kind],
    { kind: 'value', name: 'environment', value: environment },
    { kind: 'value', name: questionField[kind], value: pause.id },
    { kind: 'choice', name: 'decision', of: pause.options },
  ]
  if (instancesOf(pause).length > 1)
    fields.push({
      kind: 'free',
      name: 'instances',
      hint: 'some of those above, or nothing for all of them',
    })
  return [...fields, { kind: 'free', name: 'reason', hint: 'why, in your own words; it may stay empty' }]
}

const leading: { readonly [K in FormKind]: readonly Field[] } = {
  whole: [{ kind: 'value', name: 'do', value: 'decide' }],
  decide: [],
}

const questionField: { readonly [K in FormKind]: string } = { whole: 'question', decide: 'pause' }
