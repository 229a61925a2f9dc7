/** The words of shells, in the C locale, for a missing command. */
const notFound = [
  // bash: `script: line 3: name: command not found`; sh: `script: 3: name: not found`, or `script: 3: exec: name: not found`
  /: (?:line )?\d+: (?:exec: )?(?<name>.+?): (?:(?:command )?not found|No such file or directory|cannot execute: required file not found)$/,
  // the first line of a script: `#!/usr/bin/env name`
  /(?:^|\/)env: ['‘](?<name>.+?)['’]: No such file or directory$/,
]

/** Returns the missing command, if these last lines of a shell that ended with 127 name it. */
export function missingCommand(lines: readonly string[]): string | null {
  for (const line of lines.toReversed())
    for (const words of notFound) {
      const name = words.exec(line)?.groups?.name
      if (name !== undefined) return name
    }
  return null
}
