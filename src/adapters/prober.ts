import { type Command, couldNotAsk } from '../domain/config/command.ts'
import type { Answer, Prober, Shell, Variables } from '../pipeline/ports.ts'
import { sayEnding } from './ending.ts'
import { fillAddress } from './prober/address.ts'
import { get } from './prober/http.ts'

/** Characters of an answer's text that are kept. */
const TEXT_LIMIT = 64 * 1024

/** Asks over HTTP, or by a command of the shell. */
export function createProber(shell: Shell): Prober {
  return {
    async ask(probe, variables, signal) {
      if (signal.aborted) return { kind: 'unknown', why: 'stopped' }
      switch (probe.kind) {
        case 'http':
          return askAddress(probe.url, probe.timeout, variables, signal)
        case 'run':
          return askByCommand(shell.run, probe.command, variables, signal)
      }
    },
  }
}

async function askAddress(
  template: string,
  timeout: number,
  variables: Variables,
  signal: AbortSignal,
): Promise<Answer> {
  const address = fillAddress(template, variables)
  return address.kind === 'filled'
    ? get(address.url, timeout, signal)
    : { kind: 'no', why: address.why, text: '' }
}

/** Asks by a command, wherever that runs: it exits with 0 for yes, with 75 if it could not find out, otherwise for no. */
export async function askByCommand(
  run: Shell['run'],
  command: Command,
  variables: Variables,
  signal: AbortSignal,
): Promise<Answer> {
  const [answer, aside] = [collector(), collector()]
  const finished = await run(command, variables, { line: aside.take, answer: answer.take, signal })
  const [text, said] = [answer.text(), aside.text()]
  switch (finished.kind) {
    case 'exited':
      if (finished.code === 0) return { kind: 'yes', text, ...(said === '' ? {} : { said }) }
      if (finished.code === couldNotAsk) return { kind: 'unknown', why: lastLine(text + said) }
      return { kind: 'no', why: sayEnding(finished), text: text + said }
    case 'signalled':
    case 'not-found':
      return { kind: 'no', why: sayEnding(finished), text: text + said }
    case 'timed-out':
      return { kind: 'timed-out', after: finished.after }
    case 'stopped':
      return { kind: 'unknown', why: 'stopped' }
    case 'unreachable':
      return { kind: 'unknown', why: finished.failure.what }
  }
}

const lastLine = (text: string): string =>
  text.trim().split('\n').at(-1) || `exited with ${couldNotAsk}: it could not find out`

function collector(): { take(line: string): void; text(): string } {
  let text = ''
  return {
    take(line) {
      if (text.length < TEXT_LIMIT) text = `${text}${line}\n`.slice(0, TEXT_LIMIT)
    },
    text: () => text,
  }
}
