import { isOrdinary, secretLines } from '../domain/config/secrets.ts'

/** Parts of a name that mark its value as secret. */
const SECRET_NAME =
  /TOKEN|SECRET|PASSW|PASSPHRASE|PRIVATE|CREDENTIAL|API_?KEY|ACCESS_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY/i

/** Variables that the job shows anyway, so that hiding them would protect nothing. */
const SHOWN = [
  'GITHUB_REPOSITORY',
  'GITHUB_REF',
  'GITHUB_REF_NAME',
  'GITHUB_SHA',
  'GITHUB_ACTOR',
  'GITHUB_TRIGGERING_ACTOR',
  'GITHUB_WORKFLOW',
  'GITHUB_JOB',
  'GITHUB_RUN_ID',
  'GITHUB_SERVER_URL',
  'GITHUB_API_URL',
  'INPUT_ENVIRONMENT',
  'INPUT_APP',
  'INPUT_RELEASE',
] as const

/**
 * Returns the secrets of a run: the token, the values of `ROLLGATE_ENV`, and the values of the job's
 * variables with secret names, apart from ordinary ones. The runner, the log and the pages mask these and no
 * others.
 */
export function secretsOf(
  token: string,
  given: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): string[] {
  const names = SHOWN.map((name) => env[name] ?? '').filter((name) => name !== '')
  const named = Object.entries(env).flatMap(([name, value = '']) => (SECRET_NAME.test(name) ? [value] : []))
  const secrets = [...Object.values(given), ...named].filter((value) => !isOrdinary(value, names))
  return [...new Set([token, ...secrets])].filter((secret) => secret !== '')
}

/**
 * Returns the texts that the runner must mask: every line of every secret by itself, since the runner masks
 * no text of several lines.
 */
export const masksOf = (secrets: readonly string[]): string[] => [...new Set(secrets.flatMap(secretLines))]
