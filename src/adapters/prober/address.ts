import type { Variables } from '../../pipeline/ports.ts'

export type Address =
  | { readonly kind: 'filled'; readonly url: URL }
  | { readonly kind: 'unusable'; readonly why: string }

/** An HTTP address with the variables' values in place of `$NAME` and `${NAME}`. */
export function fillAddress(template: string, variables: Variables): Address {
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
  if (missing.size > 0)
    return { kind: 'unusable', why: `the address ${template} needs ${[...missing].join(', ')}` }

  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol)
    ? { kind: 'filled', url }
    : { kind: 'unusable', why: `not an HTTP address: ${text}` }
}
