import type { Command } from '../../domain/config/command.ts'
import type { Host, SshFleet } from '../../domain/config/fleet.ts'
import type { Variables } from '../../pipeline/ports.ts'
import { releaseDirectory } from '../release-folders.ts'
import { artifactIn, artifactPath } from './artifacts.ts'

/**
 * Returns the variables of a command on a host besides those of its login: only the listed ones of this run's
 * environment are sent.
 */
export function variablesThere(
  { sendEnv, upload, prepare }: SshFleet,
  { host, env }: Host,
  command: Command,
  variables: Variables,
  here: NodeJS.ProcessEnv,
): (home: string) => Variables {
  const artifact = artifactIn(upload, variables)
  const { ROLLGATE_CHECKOUT: _folderHere, ...others } = variables
  return (home) => ({
    ...chosen(here, sendEnv),
    ...command.env,
    ...env,
    ...others,
    ROLLGATE_HOST: host,
    ...releaseDirectory(prepare, home, variables),
    ...(artifact === null ? {} : { ROLLGATE_ARTIFACT: `${home}/${artifactPath(artifact)}` }),
  })
}

function chosen(here: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = here[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
