import type * as z from 'zod/mini'
import { file } from './schema/file.ts'
import { vocabulary } from './schema/vocabulary.ts'

type Schema = z.core.$ZodType

/** A key of the config, as docs/config.md shows it. */
export interface ConfigKey {
  /** `environments.<name>.class`; inside a named shape, from there: `timeout`. */
  readonly path: string
  /** The allowed values in words: `a duration like 90s`. */
  readonly type: string
  readonly required: boolean
  /** The default as the file would write it, or null without one. */
  readonly default: unknown
  readonly description: string
}

/** The file, or a shape that stands in several places of it and is described once. */
export interface ConfigSection {
  readonly name: string
  readonly description: string
  readonly keys: readonly ConfigKey[]
}

/** Every key that a config may have: first the file, then the shapes it shares, in the order they are met. */
export function describeConfig(): ConfigSection[] {
  const sections: ConfigSection[] = []
  const shared = new Map<string, Schema>()
  const describe = (name: string, schema: Schema, description: string) => {
    sections.push({ name, description, keys: keysBelow(schema, '', shared) })
  }
  describe('file', file, '')
  // A map that grows while it is walked: a shared shape may use another.
  for (const [id, schema] of shared) describe(id, schema, vocabulary.get(schema)?.description ?? '')
  return sections.filter(({ keys }) => keys.length > 0)
}

function keysBelow(schema: Schema, path: string, shared: Map<string, Schema>): ConfigKey[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, value]) =>
        keysFrom(value, path ? `${path}.${key}` : key, shared),
      )
    case 'record':
      return below(def.valueType, path ? `${path}.<name>` : '<name>', shared)
    case 'array':
      return below(def.element, `${path}[]`, shared)
    case 'union':
      return def.options.flatMap((option) => below(option, path, shared))
    case 'pipe':
      return below(def.in, path, shared)
    case 'optional':
    case 'nonoptional':
    case 'prefault':
      return below(def.innerType, path, shared)
    default:
      return []
  }
}

function keysFrom(schema: Schema, path: string, shared: Map<string, Schema>): ConfigKey[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  const own = {
    path,
    type: wordsOf(schema),
    required: def.type === 'nonoptional',
    default: def.type === 'prefault' ? def.defaultValue : null,
    description: vocabulary.get(schema)?.description ?? '',
  }
  return [own, ...keysBelow(schema, path, shared)]
}

/** Walks on, unless the shape has a name: then it gets a section of its own. */
function below(schema: Schema, path: string, shared: Map<string, Schema>): ConfigKey[] {
  const id = vocabulary.get(schema)?.id
  if (id === undefined) return keysBelow(schema, path, shared)
  shared.set(id, schema)
  return []
}

function wordsOf(schema: Schema): string {
  const words = vocabulary.get(schema)?.words
  if (words !== undefined) return words
  const { def } = (schema as z.core.$ZodTypes)._zod
  return 'innerType' in def ? wordsOf(def.innerType) : ''
}
