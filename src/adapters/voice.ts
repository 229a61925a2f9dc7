import { randomUUID } from 'node:crypto'
import { endGroup, error, notice, setFailed, setSecret, startGroup, warning } from '@actions/core'
import type { Voice } from '../pipeline/ports.ts'
import type { Masker } from './masking.ts'

/** The log of a job, with the runner's own functions. Every line of Rollgate is written here, masked. */
export interface RunnerVoice extends Voice {
  /** Has the runner hide a value wherever it appears. */
  mask(secret: string): void
  notice(title: string, text: string): void
  /** An annotation that does not fail the step by itself. */
  error(title: string, text: string): void
  /** An annotation at a line of a file of the checkout, which does not fail the step. */
  annotate(kind: 'error' | 'warning', at: FilePlace, text: string): void
  /** Fails the step. */
  fail(text: string): void
}

/** A place in a file, from the root of the checkout; line and column begin at 1. */
export interface FilePlace {
  readonly path: string
  readonly line: number
  readonly column: number
}

/**
 * Writes to the runner, which obeys lines such as `::error::…` and `##[group]…`. During a quotation the
 * runner obeys only one random word, never the same one twice: a program that read an old word in the log
 * cannot use it.
 */
export function createVoice({ mask }: Pick<Masker, 'mask'>): RunnerVoice {
  let quotes = 0
  let token: string | null = null

  function stopCommands(): void {
    token = randomUUID()
    print(`::stop-commands::${token}`)
  }

  function resumeCommands(): void {
    if (token !== null) print(`::${token}::`)
    token = null
  }

  /** A command of our own, which the runner is to obey. */
  function command(issue: () => void): void {
    const quoting = token !== null
    resumeCommands()
    issue()
    if (quoting) stopCommands()
  }

  function line(text: string): void {
    const masked = mask(text)
    const exposed = token === null && wouldBeObeyed(masked)
    if (exposed) stopCommands()
    print(masked)
    if (exposed) resumeCommands()
  }

  return {
    line,
    group: (title) => command(() => startGroup(mask(title))),
    endGroup: () => command(endGroup),
    warning: (title, text) => command(() => warning(mask(text), { title: mask(title) })),
    notice: (title, text) => command(() => notice(mask(text), { title: mask(title) })),
    error: (title, text) => command(() => error(mask(text), { title: mask(title) })),
    annotate: (kind, { path, line, column }, text) =>
      command(() =>
        (kind === 'error' ? error : warning)(mask(text), {
          title: 'rollgate check',
          file: path,
          startLine: line,
          startColumn: column,
        }),
      ),
    fail: (text) => command(() => setFailed(mask(text))),
    mask: (secret) => command(() => setSecret(secret)),
    quote() {
      let open = true
      quotes += 1
      return {
        line(text) {
          if (open && token === null) stopCommands()
          line(text)
        },
        resume() {
          if (!open) return
          open = false
          quotes -= 1
          if (quotes === 0) resumeCommands()
        },
      }
    },
  }
}

/**
 * The runner is a .NET program: it obeys `::` at the start of a line after any .NET white space (U+0085 too),
 * and `##[` anywhere, and its comparison ignores characters without a width. All of these are therefore
 * ignored here, and `::` after any other character than a letter or a digit counts. Two more lines in a log
 * do no harm.
 */
export function wouldBeObeyed(text: string): boolean {
  return [...text.split(/[\r\n]/), ...text.split(/[\v\f\u0085\u2028\u2029]/)]
    .map((line) => line.replace(passedOver, ''))
    .some((line) => /^[^\p{L}\p{N}]*::|##\[/u.test(line))
}

const passedOver = /[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/gu

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
