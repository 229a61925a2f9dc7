import type { FolderSeen } from './repository.ts'

const examples = ['.env.example', '.env.sample', '.env.dist', '.env.template']

/** Names that a runner or a shell decides, or that the config gives to each instance. */
const notOwn =
  /^(?:PORT|PATH|HOME|NODE_ENV|RAILS_ENV|NODE_OPTIONS|BASH_ENV|(?:GITHUB|RUNNER|ACTIONS|ROLLGATE|INPUT|STATE|LD|DYLD|GIT)_.*)$/

/** Returns the names of variables that the app needs, as its example of an `.env` names them. */
export function variablesOf(folder: FolderSeen): readonly string[] {
  const file = examples.find(folder.has)
  const lines = (file === undefined ? null : folder.text(file))?.split('\n') ?? []
  const names = lines.flatMap((line) => /^(?:export )?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? [])
  return [...new Set(names.filter((name) => !notOwn.test(name)))].slice(0, 100)
}
