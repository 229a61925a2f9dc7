import type { SetUpAnswers } from '../answers.ts'
import type { Made } from '../script/body.ts'
import type { InstanceScript } from '../script/script.ts'
import type { ScriptWord } from '../script/words.ts'

/** Everything that a config is written from. */
export interface ConfigParts {
  readonly made: Made
  readonly answers: SetUpAnswers
  readonly script: InstanceScript
  /** The path of the script in the repository. */
  readonly scriptPath: string
}

/** True for an app that is told the port at which it answers. */
export const usesPort = ({ running }: Made): boolean =>
  running.kind === 'process' || running.kind === 'container'

/** A word of the script as an instance's command: beside the checkout, or on the host. */
export const onPlace = ({ answers, made, scriptPath }: ConfigParts, word: ScriptWord): string =>
  answers.where.kind === 'runner' ? `${scriptPath} ${word}` : `"${incoming(made)}/${scriptPath}" ${word}`

/** The folder on a host into which a release is unpacked. */
export const incoming = ({ app }: Made): string => `$HOME/${app}/$ROLLGATE_ENVIRONMENT/incoming`

/** Returns the address of the health check; null where the script asks. */
export function healthAddress(made: Made, { health, where }: SetUpAnswers): string | null {
  const path = health ?? (usesPort(made) ? made.sketch.health : null)
  if (path === null || !path.startsWith('/')) return path
  if (where.kind === 'ssh') return `http://$ROLLGATE_HOST:${usesPort(made) ? '$PORT' : '80'}${path}`
  return `http://127.0.0.1:${usesPort(made) ? '$PORT' : String(made.sketch.port)}${path}`
}
