import * as z from 'zod/mini'
import type { Count } from '../../../domain/config.ts'
import { durationPattern, longestDuration, parseDuration } from '../duration.ts'
import { code, found } from '../wording.ts'
import { expected, named, text, union } from './shapes.ts'
import { vocabulary } from './vocabulary.ts'

const durationWords = 'a duration like 90s'

const durationText = z
  .string({
    error: (issue) => {
      const unit = typeof issue.input === 'number' ? `: write a unit, like ${issue.input}s` : ''
      return `${expected(durationWords)(issue)}${unit}`
    },
  })
  .check(
    z.regex(durationPattern, {
      error: ({ input }) => {
        const bare = /^\d+$/.test(String(input))
        const hint = bare
          ? `write a unit, like ${input}s`
          : 'write whole numbers with d, h, m, s or ms, as in 1h30m'
        return `expected ${durationWords}, found ${found(input)}: ${hint}`
      },
    }),
  )

const milliseconds = z
  .pipe(
    durationText,
    z.transform((written: string) => parseDuration(written) ?? 0),
  )
  .check(
    z.refine((length) => length <= longestDuration, {
      error: () => 'is longer than the 24 days that a run can wait',
    }),
  )

/** Milliseconds, more than none. */
export const duration = milliseconds
  .check(z.refine((length) => length > 0, { error: () => 'must be longer than nothing' }))
  .register(vocabulary, { id: 'duration', words: durationWords, description: 'Such as 90s, 10m or 1h30m.' })

/** Milliseconds, perhaps none. */
export const durationOrNone = milliseconds.check().register(vocabulary, { words: durationWords })

export function wholeNumber(least: number) {
  const words = `a whole number, ${least} or more`
  return z
    .int({ error: expected(words) })
    .check(z.minimum(least, { error: expected(words) }))
    .register(vocabulary, { words })
}

/** `3` or `25%`. */
export function count(least: number) {
  const words = `a count like 3 or 25%${least === 0 ? ', 0 or more' : ''}`
  const percent = z
    .string({ error: expected(words) })
    .check(z.regex(/^(?:[1-9]\d?|100)%$/, { error: (issue) => percentWords(issue.input, words) }))
  return z
    .pipe(union(words, [wholeNumber(least), percent]), z.transform(toCount))
    .register(vocabulary, { words })
}

function percentWords(input: unknown, words: string): string {
  const between = /^-?\d+%$/.test(String(input))
  return between
    ? `a percentage is between 1% and 100%, found ${code(String(input))}`
    : expected(words)({ input })
}

function toCount(written: number | string): Count {
  if (typeof written === 'number') return { kind: 'number', value: written }
  return { kind: 'percent', value: Number.parseInt(written, 10) }
}

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

/** A list in which nobody stands twice. */
export const distinct = z.check<string[]>(
  ({ value, issues }) => {
    value.forEach((item, index) => {
      if (value.indexOf(item) === index) return
      issues.push({ code: 'custom', path: [index], message: `${code(item)} is named twice`, input: item })
    })
  },
  { when: ({ value }) => Array.isArray(value) && value.every((item) => typeof item === 'string') },
)

const variable = z.string({ error: expected('the name of a variable') }).check(
  z.regex(/^(?!ROLLGATE_)[A-Za-z_][A-Za-z0-9_]*$/, {
    error: ({ input }) =>
      String(input).startsWith('ROLLGATE_')
        ? `${code(String(input))} is reserved: Rollgate itself sets the variables that begin with ROLLGATE_`
        : `${code(String(input))} is not the name of a variable: use letters, digits and \`_\`, and begin with no digit`,
  }),
)

const variableWords = 'text or a number'

/** Environment variables: numbers become text, for a port is written as a number. */
export function variables(words = 'variables like `{ PORT: "4001" }`') {
  const plainText = z.string({ error: expected(variableWords) })
  const number = z.number({ error: expected(variableWords) })
  return named(words, variable, z.pipe(union(variableWords, [plainText, number]), z.transform(String)))
}

/** Neither absolute, nor from a home, nor with `..` in it. */
const inside = /^(?![/~\\]|[A-Za-z]:)(?!(?:[\s\S]*[/\\])?\.\.(?:[/\\]|$))[\s\S]*\S/

/** A path that stays in the checkout. */
export function pathInside(words: string) {
  return text(words, inside, `${words} that stays in the checkout`)
}

/** An address that an instance answers at; variables in it are filled in for each instance. */
export const probeAddress = text(
  'an address like http://127.0.0.1:$PORT/is-alive',
  /^(?:https?:\/\/|\$)\S+$/,
  'an address that begins with http:// or https://, without spaces',
)

export const webAddress = text('an address like https://shop.example.com', /^https?:\/\/[^\s/?#]+\S*$/)
