import { runnerCommands } from '../config/runner-commands.ts'
import { scriptOf } from '../plan/files-there.ts'
import type { Step } from '../step/step.ts'
import type { CheckoutSeen } from './checkout.ts'
import { type CheckFinding, foundIn } from './finding.ts'

/** Returns the scripts of a checkout that commands run, by their paths in the repository. */
export const scriptsOf = (steps: readonly Step[], { tree }: Pick<CheckoutSeen, 'tree'>): string[] => {
  const wanted = steps.flatMap(runnerCommands).flatMap(({ command }) => scriptOf(command) ?? [])
  return [...tree.entries.keys()].filter((path) =>
    wanted.some((script) => path === script || path.endsWith(`/${script}`)),
  )
}

/** Finds scripts that cannot run as they are: line ends of Windows, and commands that `rollgate init` left open. */
export const scriptFindings = (paths: readonly string[], { texts }: CheckoutSeen): CheckFinding[] =>
  paths.flatMap((path) => {
    const seen = texts.get(path)
    if (seen === undefined) return []
    return [...lineEnds(path, seen.text, seen.carriageReturns), ...leftOpen(path, seen.text)]
  })

function lineEnds(path: string, text: string, carriageReturns: boolean): CheckFinding[] {
  const [shebang] = /^#![^\r\n]*/.exec(text) ?? []
  if (shebang === undefined || !carriageReturns) return []
  return [
    foundIn('problem', path, 1, {
      what: `${path} begins with ${shebang}, and its lines end with CR LF: the system would look for a program whose name ends with a carriage return.`,
      next: `Add the line "${path} text eol=lf" to .gitattributes, run git add --renormalize ${path}, and commit.`,
    }),
  ]
}

/** A command that `rollgate init` could not know: its script calls a guard that fails. */
const leftOpen = (path: string, text: string): CheckFinding[] =>
  text.split('\n').flatMap((line, at) => {
    const does = guardOf(line)
    if (does === null) return []
    return [
      foundIn('problem', path, at + 1, {
        what: `${path} still has the guard of rollgate init: nothing is there yet that ${does}.`,
        next: 'Replace the line with your command.',
      }),
    ]
  })

/** Returns the work that a line of a script leaves to a person; null for every other line. */
export const guardOf = (line: string): string | null =>
  /^\s*(?:[\w-]+\)\s*)?fill_in '([^'\n]+)'/.exec(line)?.[1] ?? null
