import { environmentOf } from './environment.ts'

/**
 * What a program sees that is Rollgate's own tool and no command of the user's, like ssh: the job's environment without the
 * secrets that commands are given, and without what would lead git elsewhere.
 */
export function ownEnvironment(
  env: NodeJS.ProcessEnv,
  secrets: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const { ROLLGATE_ENV: _given, ...inherited } = environmentOf(env, {}, {})
  const isSecret = (name: string, value: string | undefined) =>
    Object.hasOwn(secrets, name) && secrets[name] === value
  return Object.fromEntries(
    Object.entries(inherited).filter(([name, value]) => !name.startsWith('GIT_') && !isSecret(name, value)),
  )
}
