import * as z from 'zod/mini'
import { code } from '../wording.ts'
import { expected } from './shapes.ts'
import { vocabulary } from './vocabulary.ts'

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

function notAName(input: unknown): string {
  return `${code(String(input))} is not a name: use letters, digits, \`.\`, \`_\` and \`-\`, and begin with a letter or digit`
}

/** A name of the user's own, for a service or an instance. */
export const name = z
  .string({ error: expected('a name') })
  .check(z.regex(namePattern, { error: ({ input }) => notAName(input) }))
  .register(vocabulary, { words: 'a name' })

/** A name that becomes a part of a git ref, `refs/rollgate/<app>/<environment>`. */
export const refName = z
  .string({ error: expected('a name') })
  .check(
    z.regex(/^(?!.*\.\.)(?!.*\.(?:lock)?$)[A-Za-z0-9][A-Za-z0-9._-]*$/, {
      error: ({ input }) =>
        namePattern.test(String(input))
          ? `${code(String(input))} cannot stand in the name of a git ref: no \`..\` in it, no \`.\` or \`.lock\` at its end`
          : notAName(input),
    }),
  )
  .register(vocabulary, { words: 'a name' })

/** The characters of an environment's name at GitHub; the ledger's ref encodes each of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is kept out
const environmentPattern = /^(?! )[^\u0000-\u001f\u007f'"`,;\\]{1,255}(?<! )$/

/** A name of a GitHub environment: letters of any language, slashes and blanks as well. */
export const environmentName = z
  .string({ error: expected('a name') })
  .check(
    z.regex(environmentPattern, {
      error: ({ input }) =>
        `${code(String(input))} is not a name of an environment: GitHub takes 1 to 255 characters, none of them a quote, a backtick, a comma, a semicolon or a backslash, and no blank at either end`,
    }),
  )
  .register(vocabulary, { words: 'a name' })

/** A list without duplicates. */
export const distinct = z.check<string[]>(
  ({ value, issues }) => {
    value.forEach((item, index) => {
      if (value.indexOf(item) === index) return
      issues.push({ code: 'custom', path: [index], message: `${code(item)} is named twice`, input: item })
    })
  },
  { when: ({ value }) => Array.isArray(value) && value.every((item) => typeof item === 'string') },
)

/** Names of instances without duplicates. */
export function nameList(words: string) {
  return z
    .array(name, { error: expected(words) })
    .check(distinct)
    .register(vocabulary, { words })
}
const labelsWords = 'a list of labels'

/** GitHub takes no longer labels, and a search by label splits one at a comma. */
export const labels = z
  .array(
    z.string({ error: expected('a label') }).check(
      z.regex(/^(?!\s)[^,\n]{1,50}$/, {
        error: expected('a label of at most 50 characters, without a comma'),
      }),
    ),
    {
      error: expected(labelsWords),
    },
  )
  .check(distinct)
  .register(vocabulary, { words: labelsWords })
