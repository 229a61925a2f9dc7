import * as z from 'zod/mini'
import { mapping } from './shapes.ts'
import { meaning, vocabulary } from './vocabulary.ts'

type KeyInPart<Schema> = Schema extends z.ZodMiniNonOptional<infer Inner> ? z.ZodMiniOptional<Inner> : Schema
type InPart<Shape extends z.core.$ZodShape> = { [Key in keyof Shape]: KeyInPart<Shape[Key]> }

/**
 * A mapping of which a recipe and an environment may each write a part. A required key may be left out of either: it is
 * asked for once one was laid over the other.
 */
export const inPart = <const Shape extends z.core.$ZodShape>(words: string, shape: Shape) =>
  mapping(words, partsOf(shape))

function partsOf<Shape extends z.core.$ZodShape>(shape: Shape): InPart<Shape> {
  const parts = Object.entries(shape).map(([key, schema]) => [key, partOf(schema as z.ZodMiniType)] as const)
  return Object.fromEntries(parts) as InPart<Shape>
}

function partOf(schema: z.ZodMiniType): z.ZodMiniType {
  if (!(schema instanceof z.ZodMiniNonOptional)) return schema
  const { description = '' } = vocabulary.get(schema) ?? {}
  const inner = schema._zod.def.innerType as z.ZodMiniType
  return meaning(z.optional(inner), { description: `${description} Required.` })
}
