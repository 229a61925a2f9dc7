import * as z from 'zod/mini'
import { Problem } from '../domain/problem.ts'

const values = z.record(z.string(), z.string())

/**
 * Reads GitHub's `vars` out of `ROLLGATE_VARS`, which a workflow fills with `toJSON(vars)`. Empty without it. Throws
 * `input-invalid` for any other text: a command would run without a variable that its config names.
 */
export function readVars(text: string): Readonly<Record<string, string>> {
  if (text.trim() === '') return {}
  const read = values.safeParse(parsed(text))
  if (read.success) return read.data
  throw new Problem('input-invalid', {
    what: 'ROLLGATE_VARS is no JSON object of texts.',
    why: 'It hands the variables of the repository and the environment to commands, and a workflow fills it with toJSON(vars).',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of this file
    next: 'Write ROLLGATE_VARS: ${{ toJSON(vars) }} in the env of the step, or leave it out. Nothing was changed.',
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
