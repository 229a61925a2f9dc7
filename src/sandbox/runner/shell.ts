import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InForce } from '../rules/in-force.ts'
import { ended, type ShellCall, type StepLeft } from '../workflows/site/machine.ts'
import { openFileCommands } from './file-commands.ts'
import { logCommands } from './log-commands.ts'
import { type CancelPace, paceBy, runProcess } from './step-process.ts'

/** The place in which the shell steps of a job run. */
export interface ShellPlace {
  readonly workspace: string
  readonly temp: string
  /** The variables of the runner, under those of the step. */
  readonly env: Readonly<Record<string, string>>
  readonly cancelled: AbortSignal
  readonly pace: CancelPace
  readonly hear: (line: string) => void
  readonly inForce: InForce
}

const shells: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
  sh: ['sh', '-e'],
}

/** Runs `run:` in a shell of its own, with the variables of the step and no other of this process. */
export async function runShell(call: ShellCall, place: ShellPlace): Promise<StepLeft> {
  const [command, ...args] = shells[call.shell] ?? []
  if (command === undefined) throw new Error(`the sandbox has no shell ${call.shell}`)
  const files = openFileCommands(join(place.temp, '_runner_file_commands'))
  const script = join(place.temp, `${randomUUID()}.sh`)
  writeFileSync(script, call.run)
  const { 'PATH+': added, ...env } = call.env
  const path = [added, place.env.PATH ?? process.env.PATH].filter(Boolean).join(':')
  const { code, log } = await runProcess({
    ...{ command, args: [...args, script], cwd: join(place.workspace, call.workingDirectory) },
    env: { HOME: place.temp, ...place.env, ...env, PATH: path, ...files.env },
    ...{ cancelled: place.cancelled, pace: paceBy(place.inForce, place.pace), hear: place.hear },
  })
  return ended({
    conclusion: code === 0 ? 'success' : place.cancelled.aborted ? 'cancelled' : 'failure',
    ...{
      outputs: files.outputs(),
      env: setVariables(files.variables(), place.inForce),
      path: files.path(),
      summary: files.summary(),
      log,
    },
    ...logCommands(log, place.inForce('commands-stop')),
  })
}

/** The variables that a step may set for the steps after it. */
export function setVariables(
  { NODE_OPTIONS: options, ...others }: Readonly<Record<string, string>>,
  inForce: InForce,
): Readonly<Record<string, string>> {
  return options === undefined || inForce('node-options-not-by-file')
    ? others
    : { ...others, NODE_OPTIONS: options }
}
