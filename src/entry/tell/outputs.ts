import { setOutput } from '@actions/core'
import type { OutputName } from '../../inputs/definitions.ts'
import { masked } from '../run/wire.ts'

/**
 * Hands values to the steps after this one; of two for the same name the later one counts. What was said is in `result` alone,
 * which is masked, since GitHub drops an output that holds a secret. All others are names, which are compared.
 */
export function tellOutputs(values: Partial<Record<OutputName, string>>): void {
  Object.assign(all, values)
  for (const [name, value] of Object.entries(values))
    setOutput(name, name === 'result' ? shown(value) : value)
}

const all: Partial<Record<OutputName, string>> = {}

/** Returns a value that was handed on before, or an empty text. */
export const told = (name: OutputName): string => all[name] ?? ''

const shown = (result: string): string => JSON.stringify(masked(JSON.parse(result)))
