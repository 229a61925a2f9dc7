import * as z from 'zod/mini'
import { freezableModes } from '../../../../domain/plan/modes.ts'
import { either } from '../../wording.ts'
import { distinct, name } from '../names.ts'
import { expected, mapping, oneOf } from '../shapes.ts'
import { timeKeys, timeRules } from '../times.ts'
import { byDefault, required, vocabulary } from '../vocabulary.ts'

const allowWords = `a list of ${either(freezableModes)}`

const allow = z
  .array(oneOf(freezableModes), {
    error: expected(allowWords),
  })
  .check(distinct)
  .register(vocabulary, { words: allowWords })

const freezesWords = 'a list of freezes'

/** Times at which nothing may begin. */
export const freezes = z
  .array(
    mapping('a mapping with `name`, `from`, `to` and `timezone`', {
      name: required(name, 'The name of the freeze; a refusal shows it.'),
      ...timeKeys('the freeze'),
      allow: byDefault(allow, ['rollback'], 'The exceptions that may still begin.'),
    }).check(...timeRules),
    { error: expected(freezesWords) },
  )
  .register(vocabulary, { words: freezesWords })

const windowsWords = 'a list of windows'

/** Times at which alone a release may be brought. */
export const windows = z
  .array(
    mapping('a mapping with `name`, `from`, `to` and `timezone`', {
      name: required(name, 'The name of the window; a refusal shows it.'),
      ...timeKeys('the window'),
    }).check(...timeRules),
    { error: expected(windowsWords) },
  )
  .check(z.minLength(1, { error: () => 'names no window: add one, or remove it so that any time will do' }))
  .register(vocabulary, { words: windowsWords })
