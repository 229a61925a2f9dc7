import type { GivenVariables } from '../../src/pipeline/ports.ts'

/** The variables of a run, by their names. */
export interface MemoryGiven extends GivenVariables {
  readonly values: Map<string, string>
}

export function createMemoryGiven(): MemoryGiven {
  const values = new Map<string, string>()
  return {
    values,
    get secret() {
      return values.size === 0 ? ('empty' as const) : ('given' as const)
    },
    variable(name) {
      const value = values.get(name)
      if (value === undefined) return 'absent'
      return value.trim() === '' ? 'empty' : 'given'
    },
  }
}
