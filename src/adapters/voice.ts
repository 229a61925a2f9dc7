import { randomUUID } from 'node:crypto'
import { endGroup, setSecret, startGroup, warning } from '@actions/core'
import type { Voice } from '../pipeline/ports.ts'

/** The log of a job, with what only the runner can do. */
export interface RunnerVoice extends Voice {
  /** Has the runner hide a value wherever it appears. */
  mask(secret: string): void
}

/**
 * Speaks to the runner, which obeys lines such as `::error::…` and `##[group]…`. While anything is quoted it is told
 * to obey nothing but a random word, never the same one twice: whoever reads the log cannot use an old one.
 */
export function createVoice(): RunnerVoice {
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
    const exposed = token === null && wouldBeObeyed.test(text)
    if (exposed) stopCommands()
    print(text)
    if (exposed) resumeCommands()
  }

  return {
    line,
    group: (title) => command(() => startGroup(title)),
    endGroup: () => command(endGroup),
    warning: (title, text) => command(() => warning(text, { title })),
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

/** The runner takes `::` behind blanks at the start of a line, and `##[` anywhere in it. */
const wouldBeObeyed = /^\s*::|##\[/m

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
