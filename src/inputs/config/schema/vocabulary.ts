import * as z from 'zod/mini'

export interface Meaning {
  /** Names a shape that stands in several places: it is described once, under this name. */
  readonly id?: string
  /** The purpose of the key; editors and docs/config.md show it. */
  readonly description?: string
  /** The allowed values: `a duration like 90s`. */
  readonly words?: string
}

/** The meaning of every schema. The JSON Schema, the documentation and the findings take their words from here. */
export const vocabulary = z.registry<Meaning>()

/** Gives a schema its meaning, and gives it back. */
export function meaning<S extends z.ZodMiniType>(schema: S, words: Meaning): S {
  const any: z.ZodMiniType = schema
  vocabulary.add(any, words)
  return schema
}

export function key<S extends z.ZodMiniType>(schema: S, description: string) {
  return meaning(z.optional(schema), { description })
}

export function required<S extends z.ZodMiniType>(schema: S, description: string) {
  return meaning(z.nonoptional(schema), { description })
}

/** A key that is read as `value` when it is left out. */
export function byDefault<S extends z.ZodMiniType>(schema: S, value: z.input<S>, description: string) {
  return meaning(z.prefault(schema, value as never), { description })
}
