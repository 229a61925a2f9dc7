import { setOutput } from '@actions/core'
import type { OutputName } from '../inputs/definitions.ts'
import { masked, masker } from './wire.ts'

/**
 * Hands values to the steps after this one; of two for the same name the later one counts. They are masked, since GitHub drops
 * an output that holds a secret. A plan is not: it is compared.
 */
export function tellOutputs(values: Partial<Record<OutputName, string>>): void {
  for (const [name, value] of Object.entries(values)) setOutput(name, name === 'plan' ? value : shown(value))
}

function shown(value: string): string {
  if (!/^[[{]/.test(value)) return masker.mask(value)
  return JSON.stringify(masked(JSON.parse(value)))
}
