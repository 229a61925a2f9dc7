import { parseDocument } from 'yaml'

/** A mapping out of a file of the repository, about which nothing is known. */
export type KnownMapping = Readonly<Record<string, unknown>>

/** Reads JSON. Empty for a text that is none, or no mapping. */
export function readJson(text: string | null): KnownMapping {
  try {
    return mapping(JSON.parse(text ?? ''))
  } catch {
    return {}
  }
}

/** Reads YAML. Empty for a text that is none, is no mapping, or unfolds to far more than it is. */
export function readYaml(text: string | null): KnownMapping {
  try {
    const document = parseDocument(text ?? '', { logLevel: 'silent', merge: true })
    return document.errors.length > 0 ? {} : mapping(document.toJS({ maxAliasCount: 50 }))
  } catch {
    return {}
  }
}

/** Returns a value as a mapping; empty where it is none. */
export const mapping = (value: unknown): KnownMapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as KnownMapping) : {}

/** Returns a value as a text; empty where it is none. */
export const words = (value: unknown): string => (typeof value === 'string' ? value : '')
