import type { GivenVariables } from '../pipeline/ports.ts'
import type { Masker } from './masking.ts'
import { environmentOf } from './shell/environment.ts'

/** The sources of variables that a job was handed. */
export interface Handed {
  /** The variables of the secret `ROLLGATE_ENV`. */
  readonly secrets: Readonly<Record<string, string>>
  /** GitHub's `vars`. */
  readonly vars: Readonly<Record<string, string>>
  readonly masker: Pick<Masker, 'mask'>
}

/** The variables of the environment that commands inherit, and those that the job was handed beside it. */
export function createGiven(env: NodeJS.ProcessEnv, { secrets, vars, masker }: Handed): GivenVariables {
  const seen = environmentOf(env, {}, {})
  return {
    secret: Object.keys(secrets).length === 0 ? 'empty' : 'given',
    variable(name) {
      const value = seen[name]
      if (value === undefined) return 'absent'
      return value.trim() === '' ? 'empty' : 'given'
    },
    inSecret: (name) => Object.hasOwn(secrets, name),
    ofTheJob: (name) => (Object.hasOwn(vars, name) ? (vars[name] ?? null) : null),
    isMasked: (text) => masker.mask(text) !== text,
  }
}
