/** The longest value that stands on one line, in characters. */
const width = 400

/**
 * Returns JSON that `git diff` shows line by line, in little more than half of the bytes of an indented one: each host
 * and each event stands on a line of its own.
 */
export function linesOf(value: unknown, indent = ''): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((part) => linesOf(part, inner))
    : Object.entries(value).flatMap(([key, part]) =>
        part === undefined ? [] : [`${JSON.stringify(key)}: ${linesOf(part, inner)}`],
      )
  const length = parts.reduce((sum, part) => sum + part.length + 2, 0)
  return length <= width && !parts.some((part) => part.includes('\n'))
    ? `${open}${parts.join(', ')}${close}`
    : `${open}\n${parts.map((part) => `${inner}${part}`).join(',\n')}\n${indent}${close}`
}
