import * as z from 'zod/mini'
import { distinct, labels } from '../names.ts'
import { expected, mapping, oneOf } from '../shapes.ts'
import { byDefault, required, vocabulary } from '../vocabulary.ts'

const onWords = 'a list of `failed` or `waiting`'

const on = z
  .array(oneOf(['failed', 'waiting']), { error: expected(onWords) })
  .check(
    z.minLength(1, { error: () => 'names nothing: add `failed` or `waiting`, or remove `issues`' }),
    distinct,
  )
  .register(vocabulary, { words: onWords })

const assigneesWords = 'a list of logins'

const assignees = z
  .array(
    z.string({ error: expected('a login') }).check(
      z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, {
        error: expected('a login, without `@`; a team cannot be assigned'),
      }),
    ),
    { error: expected(assigneesWords) },
  )
  .check(z.maxLength(10, { error: () => 'names too many: GitHub takes 10' }), distinct)
  .register(vocabulary, { words: assigneesWords })

/** The settings of an issue that notifies people. */
export const issues = mapping('a mapping with `on`', {
  on: required(
    on,
    'The events that open it. `failed`: a deployment failed, or a scheduled one was missed or refused. `waiting`: a deployment waits for a decision after a failure.',
  ),
  labels: byDefault(labels, [], 'Labels of the issue, besides `rollgate`.'),
  assignees: byDefault(assignees, [], 'Logins to assign the issue to.'),
})
