import type { VariableSources } from '../../domain/config/commands/variable-sources.ts'
import type { GivenVariables, Variables } from '../ports.ts'

/**
 * Returns the variables that the config, the job and the build give to every command, on the runner and on hosts. Names
 * of the secret `ROLLGATE_ENV` are left out: its values win, and reach hosts only where `send-env` names them.
 */
export function sharedVariables(given: GivenVariables, { vars, env, outputs }: VariableSources): Variables {
  const ofTheJob = vars.flatMap((name) => {
    const value = given.ofTheJob(name)
    return value === null ? [] : [[name, value]]
  })
  const all: Variables = { ...Object.fromEntries(ofTheJob), ...env, ...outputs }
  return Object.fromEntries(Object.entries(all).filter(([name]) => !given.inSecret(name)))
}
