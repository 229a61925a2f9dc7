import * as z from 'zod/mini'
import type { Count } from '../../../domain/config/command.ts'
import { durationPattern, longestDuration, parseDuration } from '../duration.ts'
import { code, found } from '../wording.ts'
import { expected, text, union } from './shapes.ts'
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
export function count(least: number, words = `a count like 3 or 25%${least === 0 ? ', 0 or more' : ''}`) {
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

const shareWords = 'a percentage like 10%'

/** A part of one: `0.1` for `10%`. */
export const share = z
  .pipe(
    z
      .string({ error: expected(shareWords) })
      .check(z.regex(/^\d+(?:\.\d+)?%$/, { error: expected(shareWords) })),
    z.transform((written: string) => Number(written.slice(0, -1)) / 100),
  )
  .register(vocabulary, { words: shareWords })

function toCount(written: number | string): Count {
  if (typeof written === 'number') return { kind: 'number', value: written }
  return { kind: 'percent', value: Number.parseInt(written, 10) }
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
  // A port is a number or a variable: with anything else no request could be sent.
  /^(?:https?:\/\/(?:[^\s/?#@]*@)?(?:\[[^\s/?#]*\]|[^\s/?#:[]+)(?::(?:\d{1,5}|[^\s/?#:]*\$[^\s/?#]*))?(?:[/?#]\S*)?|\$\S+)$/,
  'an address that begins with http:// or https://, with a number or a variable as its port, without spaces',
)

export const webAddress = text('an address like https://shop.example.com', /^https?:\/\/[^\s/?#]+\S*$/)
