import type { Variables } from '../../pipeline/ports.ts'
import { fill } from '../filling.ts'

export type Address =
  | { readonly kind: 'filled'; readonly url: URL }
  | { readonly kind: 'unusable'; readonly why: string }

/** An HTTP address with the variables' values in place of `$NAME` and `${NAME}`. */
export function fillAddress(template: string, variables: Variables): Address {
  const { text, missing } = fill(template, variables)
  if (missing.length > 0)
    return { kind: 'unusable', why: `the address ${template} needs ${missing.join(', ')}` }

  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol)
    ? { kind: 'filled', url }
    : { kind: 'unusable', why: `not an HTTP address: ${text}` }
}
