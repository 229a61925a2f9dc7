import { setOutput } from '@actions/core'
import type { OutputName } from '../inputs/definitions.ts'

/** Hands values to the steps after this one; of two for the same name the later one counts. */
export function tellOutputs(values: Partial<Record<OutputName, string>>): void {
  for (const [name, value] of Object.entries(values)) setOutput(name, value)
}
