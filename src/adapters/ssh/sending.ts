import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { LONGEST_TIMER } from '../clock.ts'
import { endingOf } from '../shell/ending.ts'
import { createOutput } from '../shell/output.ts'
import { endGroup } from '../shell/process-group.ts'
import { readLines } from '../shell/reading.ts'
import type { Argv } from './commands.ts'
import type { Means } from './connection.ts'

export type Sent =
  | { readonly kind: 'sent' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly lines: readonly string[] }

/** Writes a file to a command's input. */
export async function sendFile(
  file: string,
  [program, ...words]: Argv,
  { cwd, env, masker, groups }: Means,
  signal: AbortSignal,
): Promise<Sent> {
  const child = spawn(program, words, { cwd, env, stdio: ['pipe', 'ignore', 'pipe'], detached: true })
  const { pid } = child
  const code = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  if (pid === undefined) return { kind: 'failed', lines: [] }
  groups.add(pid)
  const said = createOutput(masker, () => {})
  const reading = readLines(child.stderr, said.take)
  // A command that ends early breaks the pipe; its exit code says so.
  const written = pipeline(createReadStream(file), child.stdin).catch(() => {})

  const ending = await endingOf(code, LONGEST_TIMER, signal)
  if (ending !== 'by itself') await endGroup(pid)
  groups.remove(pid)
  await Promise.all([written, reading.finish()])
  if (ending !== 'by itself') return { kind: 'stopped' }
  return (await code) === 0 ? { kind: 'sent' } : { kind: 'failed', lines: said.tail() }
}

/** Keeps a command's output as a file. False if the command failed, or was stopped. */
export async function receiveFile(
  file: string,
  [program, ...words]: Argv,
  { cwd, env, groups }: Means,
  signal: AbortSignal,
): Promise<boolean> {
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  const { pid } = child
  const code = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  if (pid === undefined) return false
  groups.add(pid)
  const written = pipeline(child.stdout, createWriteStream(file, { mode: 0o600 })).then(
    () => true,
    () => false,
  )
  const ending = await endingOf(code, LONGEST_TIMER, signal)
  if (ending !== 'by itself') await endGroup(pid)
  groups.remove(pid)
  return (await written) && ending === 'by itself' && (await code) === 0
}
