import type { GivenVariables } from '../pipeline/ports.ts'
import { environmentOf } from './shell/environment.ts'

/** The variables of the environment that commands inherit, and of the secret `ROLLGATE_ENV` among them. */
export function createGiven(
  env: NodeJS.ProcessEnv,
  secrets: Readonly<Record<string, string>>,
): GivenVariables {
  const seen = environmentOf(env, {}, {})
  return {
    secret: Object.keys(secrets).length === 0 ? 'empty' : 'given',
    variable(name) {
      const value = seen[name]
      if (value === undefined) return 'absent'
      return value.trim() === '' ? 'empty' : 'given'
    },
  }
}
