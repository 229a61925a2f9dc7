import { guardOf } from '../../domain/check/scripts.ts'

/** The function by which a script leaves a command to a person: an empty one would pass, and nothing would be done. */
export const guardFunction = [
  '# Stands for a command that only a person knows. An empty line would pass, and nothing would have been done.',
  'fill_in() {',
  '  echo "$0: fill in the command that $1" >&2',
  '  exit 64',
  '}',
]

/** Returns the line that stands for a command. `does` says what it has to do, like `starts one instance`. */
export const guard = (does: string): string => `fill_in '${does}'`

/** Returns the work of a script that is left to a person. */
export const guardsIn = (script: string): readonly string[] =>
  script.split('\n').flatMap((line) => guardOf(line) ?? [])
