import * as z from 'zod/mini'
import { code, either, found, unknownKey } from '../wording.ts'
import { meaning, vocabulary } from './vocabulary.ts'

type Expectation = (issue: { readonly input?: unknown }) => string

/** Reports the expected and the actual value; a missing one only gets the expected. */
export function expected(words: string): Expectation {
  return ({ input }) =>
    input === undefined ? `expected ${words}` : `expected ${words}, found ${found(input)}`
}

/** A mapping that knows its keys. */
export function mapping<const S extends z.core.$ZodShape>(words: string, shape: S) {
  const other = expected(words)
  return z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => unknownKey(key, Object.keys(shape))).join('\n')
          : other(issue),
    })
    .register(vocabulary, { words })
}

/** A mapping whose keys the user chooses. */
export function named<K extends z.ZodMiniString<string>, V extends z.ZodMiniType>(
  words: string,
  key: K,
  value: V,
) {
  return z.record(key, value, { error: expected(words) }).register(vocabulary, { words })
}

/** One of some words; `why` tells a person what depends on the choice. */
export function oneOf<const V extends readonly string[]>(values: V, why = '') {
  const words = either(values)
  const reason = why === '' ? '' : `: ${why}`
  return z
    .enum(values, { error: (issue) => `${expected(words)(issue)}${reason}` })
    .register(vocabulary, { words })
}

export function union<const S extends readonly z.ZodMiniType[]>(words: string, schemas: S) {
  return meaning(z.union(schemas, { error: expected(words) }), { words })
}

export function flag() {
  const words = 'true or false'
  return z.boolean({ error: expected(words) }).register(vocabulary, { words })
}

/**
 * A non-empty text in the form of `pattern`. One pattern for all of it: zod skips the rules about several
 * keys once a check was told to abort, so no check may need to.
 */
export function text(words: string, pattern = /\S/, wanted = words) {
  return z
    .string({ error: (issue) => `${expected(words)(issue)}${quotes(issue.input)}` })
    .check(z.regex(pattern, { error: expected(wanted) }))
    .register(vocabulary, { words })
}

/** A number is the one thing that turns up by accident where text is meant. */
function quotes(input: unknown): string {
  return typeof input === 'number' ? `: put it in quotes, ${code(`"${input}"`)}` : ''
}
