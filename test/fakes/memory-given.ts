import type { GivenVariables } from '../../src/pipeline/ports.ts'

/** The variables of a run, by their names. */
export interface MemoryGiven extends GivenVariables {
  readonly values: Map<string, string>
  /** GitHub's `vars`. */
  readonly vars: Map<string, string>
  /** Texts that are masked. */
  readonly masked: Set<string>
}

export function createMemoryGiven(): MemoryGiven {
  const values = new Map<string, string>()
  const vars = new Map<string, string>()
  const masked = new Set<string>()
  return {
    values,
    vars,
    masked,
    inSecret: (name) => values.has(name),
    ofTheJob: (name) => vars.get(name) ?? null,
    isMasked: (text) => [...masked].some((secret) => text.includes(secret)),
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
