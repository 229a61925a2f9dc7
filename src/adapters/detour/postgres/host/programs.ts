import { sayEnding } from '../../../ending.ts'
import type { PostgresWork } from '../means.ts'
import { DatabaseTrouble } from '../trouble.ts'

const SHORT_MS = 120_000
/** The longest time for a copy: it may be terabytes. */
const COPY_MS = 24 * 60 * 60_000

/**
 * Begins a script that works on the folders of a detour. A run that was lost may have left one at work, whose programs
 * inherit the lock: it is waited for up to some seconds, and then this one fails without a change.
 */
export const alone = (seconds: number): string => `
exec 9>"$ROLLGATE_NOTES/.lock"
flock -w ${seconds} 9 || { echo 'another run still works on the folders of this detour' >&2; exit 75; }
`

export interface ProgramOptions {
  readonly input?: string
  readonly values?: Readonly<Record<string, string>>
  readonly long?: true
}

/** Runs a script of ours where the stand-in lives, and returns the lines of its stdout. Throws unless it exits with 0. */
export async function runScript(
  work: PostgresWork,
  script: string,
  doing: string,
  { input, values = {}, long }: ProgramOptions = {},
): Promise<readonly string[]> {
  const { recipe, id, signal } = work
  const lines: string[] = []
  const finished = await work.programs.run(
    {
      run: `set -eu\n${script}`,
      shell: 'sh',
      env: {},
      workingDirectory: '.',
      timeout: long === true ? COPY_MS : SHORT_MS,
    },
    {
      ...work.variables,
      ROLLGATE_DETOUR: id,
      ROLLGATE_DATA: recipe.standIn.data,
      ROLLGATE_NOTES: `${recipe.standIn.data}.rollgate`,
      ROLLGATE_PROGRAMS: recipe.programs === null ? '' : `${recipe.programs}/`,
      // A runner ends every process with its mark when a job ends; a server must stay.
      RUNNER_TRACKING_ID: '',
      ...values,
    },
    {
      signal,
      line: work.say,
      answer: (line) => void lines.push(line),
      ...(input === undefined ? {} : { input }),
    },
  )
  if (finished.kind === 'exited' && finished.code === 0) return lines
  throw new DatabaseTrouble(
    finished.kind === 'unreachable' ? finished.failure.code : 'detour-program',
    `${doing} failed: the command ${sayEnding(finished)}.`,
    { tail: finished.tail },
  )
}
