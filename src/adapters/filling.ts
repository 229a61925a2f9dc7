import type { Variables } from '../pipeline/ports.ts'

/** A text with the variables' values in place of `$NAME` and `${NAME}`, and the names that have none. */
export function fill(template: string, variables: Variables): { text: string; missing: readonly string[] } {
  const missing = new Set<string>()
  const text = template.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (_written, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? ''
      const value = variables[name]
      if (value === undefined) missing.add(name)
      return value ?? ''
    },
  )
  return { text, missing: [...missing] }
}
