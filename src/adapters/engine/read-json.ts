import * as z from 'zod/mini'

/** Reads JSON of a shape. A text says what does not fit; it names places, and no value. */
export function readJson<T>(shape: z.core.$ZodType<T>, text: string): { readonly value: T } | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'it is no JSON'
  }
  const read = z.safeParse(shape, json)
  if (read.success) return { value: read.data }
  const [issue] = read.error.issues
  return `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'another shape'}`
}
