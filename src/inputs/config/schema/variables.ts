import * as z from 'zod/mini'
import { code } from '../wording.ts'
import { distinct } from './names.ts'
import { expected, named, union } from './shapes.ts'
import { vocabulary } from './vocabulary.ts'

const variable = z.string({ error: expected('the name of a variable') }).check(
  z.regex(/^(?!ROLLGATE_)[A-Za-z_][A-Za-z0-9_]*$/, {
    error: ({ input }) =>
      String(input).startsWith('ROLLGATE_')
        ? `${code(String(input))} is reserved: Rollgate itself sets the variables that begin with ROLLGATE_`
        : `${code(String(input))} is not the name of a variable: use letters, digits and \`_\`, and begin with no digit`,
  }),
)

/** Names of variables without which no run changes anything. */
export const requiredVariables = variableNames('a list of names of variables, like `[DATABASE_URL]`')

const variableWords = 'text or a number'

/** Names of variables without duplicates. */
export function variableNames(words: string) {
  return z
    .array(variable, { error: expected(words) })
    .check(distinct)
    .register(vocabulary, { words })
}

/** Environment variables: numbers become text, for a port is written as a number. */
export function variables(words = 'variables like `{ PORT: "4001" }`') {
  const plainText = z.string({ error: expected(variableWords) })
  const number = z.number({ error: expected(variableWords) })
  return named(words, variable, z.pipe(union(variableWords, [plainText, number]), z.transform(String)))
}
