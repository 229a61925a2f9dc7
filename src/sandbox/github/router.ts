import { describedOperations, type Operation } from './description.ts'

export interface Route {
  readonly operation: Operation
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
}

/**
 * The operation behind a request line; `pathname` is still percent-encoded, as Octokit sends refs and names.
 * With `bareSlashes` the name of an environment may have them as they are.
 */
export function route(method: string, pathname: string, bareSlashes = false): Route | undefined {
  for (const { operation, pattern, loose } of patterns) {
    if (operation.method !== method) continue
    const match = (bareSlashes ? loose : pattern).exec(pathname)
    if (match !== null) return { operation, params: decoded(match.groups ?? {}) }
  }
  return undefined
}

/** GitHub takes these with their slashes, encoded or not. */
const withSlashes = new Set(['ref', 'path', 'basehead', 'tag'])

/** Longer templates first: `commits/{ref}/status` before `commits/{ref}`, whose `ref` may have slashes. */
const patterns = describedOperations
  .map((operation) => ({
    operation,
    pattern: patternOf(operation.template, withSlashes),
    loose: patternOf(operation.template, new Set([...withSlashes, 'environment_name'])),
  }))
  .sort((one, other) => other.operation.template.length - one.operation.template.length)

function patternOf(template: string, slashed: ReadonlySet<string>): RegExp {
  const source = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    slashed.has(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  )
  return new RegExp(`^${source}/?$`)
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodedText(value)]))
}

/** Kept as it is if the encoding is broken: a bad request must not end the server. */
export function decodedText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
