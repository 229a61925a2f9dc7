import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { Finished, Shell, Watch } from '../pipeline/ports.ts'
import type { Masker } from './masking.ts'
import { CANNOT_EXECUTE, endingOf, exitedWith } from './shell/ending.ts'
import { environmentOf } from './shell/environment.ts'
import { MARK, type ProcessGroups } from './shell/leftovers.ts'
import { ANSWER_LINE_LIMIT, LINE_LIMIT } from './shell/lines.ts'
import { createOutput, type Output } from './shell/output.ts'
import { endGroup } from './shell/process-group.ts'
import { type OutputReading, readLines } from './shell/reading.ts'
import { writeScript } from './shell/script.ts'

export interface ShellOptions {
  /** The environment that commands inherit, without the action's own variables. */
  readonly env: NodeJS.ProcessEnv
  /** The folder that their working directories are relative to. */
  readonly cwd: string
  readonly masker: Masker
  readonly groups: ProcessGroups
}

/** Runs commands as GitHub runs a step, each in a process group of its own. A daemon of a command lives on. */
export function createShell({ env, cwd, masker, groups }: ShellOptions): Shell {
  return {
    async run(command, variables, watch) {
      if (watch.signal.aborted) return { kind: 'stopped', tail: [] }
      const folder = resolve(cwd, command.workingDirectory)
      if (!isFolder(folder)) return { kind: 'not-found', name: command.workingDirectory, tail: [] }

      const output = createOutput(masker, (line) => watch.line(line))
      const script = writeScript(command.run, command.shell, env.RUNNER_TEMP)
      const mark = randomUUID()
      groups.expect(mark)
      try {
        const seen = { ...environmentOf(env, command.env, variables), [MARK]: mark }
        const started = await start(script.argv, folder, seen, groups, watch.input)
        if (started instanceof Error) return unstarted(started, script.argv[0], output)
        const finished = await follow(started, command.timeout, watch, output)
        groups.remove(started.leader)
        return finished
      } finally {
        groups.forget(mark)
        script.remove()
      }
    },
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

interface StartedCommand {
  readonly child: ChildProcessByStdio<Writable | null, Readable, Readable>
  /** Pid of the child, and number of the process group that it leads. */
  readonly leader: number
}

async function start(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  env: NodeJS.ProcessEnv,
  groups: ProcessGroups,
  input: string | undefined,
): Promise<StartedCommand | NodeJS.ErrnoException> {
  try {
    const stdin = input === undefined ? 'ignore' : 'pipe'
    const child = spawn(program, args, { cwd, env, stdio: [stdin, 'pipe', 'pipe'], detached: true })
    // A command that does not read it, or has ended, is no failure.
    child.stdin?.on('error', () => {}).end(input)
    if (child.pid !== undefined) groups.add(child.pid)
    await once(child, 'spawn')
    return { child: child as StartedCommand['child'], leader: child.pid as number }
  } catch (error) {
    return error as NodeJS.ErrnoException
  }
}

function unstarted(error: NodeJS.ErrnoException, program: string, output: Output): Finished {
  if (error.code === 'ENOENT') return { kind: 'not-found', name: program, tail: output.tail() }
  output.take(`${program} could not be started: ${error.message}`, false)
  return { kind: 'exited', code: CANNOT_EXECUTE, tail: output.tail() }
}

/** Resolves when the command has ended, by itself or with its whole group, and all its output was read. */
async function follow(
  { child, leader }: StartedCommand,
  timeout: number,
  watch: Watch,
  output: Output,
): Promise<Finished> {
  const readings = [readAnswer(child.stdout, watch, output), readLines(child.stderr, output.take)]
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const ending = await endingOf(gone, timeout, watch.signal)
  if (ending !== 'by itself') await endGroup(leader)
  await Promise.all(readings.map((reading) => reading.finish()))

  const tail = output.tail()
  switch (ending) {
    case 'stopped':
      return { kind: 'stopped', tail }
    case 'timed out':
      return { kind: 'timed-out', after: timeout, tail }
    case 'by itself':
      return finishedAs(child.exitCode, child.signalCode, tail)
  }
}

/** Reads what a command prints: its answer where the caller wants one, and otherwise its lines to be shown. */
function readAnswer(stdout: Readable, { answer }: Watch, output: Output): OutputReading {
  if (answer === undefined) return readLines(stdout, output.take)
  const take = (line: string) => {
    answer(line)
    output.take(line.slice(0, LINE_LIMIT), line.length > LINE_LIMIT, false)
  }
  return readLines(stdout, take, ANSWER_LINE_LIMIT)
}

function finishedAs(code: number | null, signal: string | null, tail: string[]): Finished {
  if (signal !== null) return { kind: 'signalled', signal, tail }
  return exitedWith(code ?? CANNOT_EXECUTE, tail)
}
