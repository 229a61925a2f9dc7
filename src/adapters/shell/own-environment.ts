import { environmentOf } from './environment.ts'

/**
 * Returns the environment of Rollgate's own tools, like ssh, which are no commands of the user: that of the
 * job without the secrets of commands, and without variables that would redirect git.
 */
export function ownEnvironment(
  env: NodeJS.ProcessEnv,
  secrets: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const { ROLLGATE_ENV: _given, ROLLGATE_VARS: _vars, ...inherited } = environmentOf(env, {}, {})
  const isSecret = (name: string, value: string | undefined) =>
    Object.hasOwn(secrets, name) && secrets[name] === value
  return Object.fromEntries(
    Object.entries(inherited).filter(([name, value]) => !name.startsWith('GIT_') && !isSecret(name, value)),
  )
}
